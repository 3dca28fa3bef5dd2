"""A topic is changed by one tap: in a list, with the keyboard, and without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from console.groups import contracts, units
from console.storage import now
from models import Entry
from tests.browser.conftest import DESKTOP, PHONE, card, sign_in
from tests.cast import DAY, author, fresh, take


@pytest.fixture
def notice(scene) -> Entry:
    """A post of the town hall that the platform holds."""
    contracts.sign(scene.group, now().date() - DAY, None, 385_000)
    unit = units.name_unit(scene.group, "authority", "urząd gminy", "Urząd Gminy Leoncin")
    hall = units.designate(unit, "hall", "Urząd Gminy Leoncin", "https://www.facebook.com/ug")
    text = "Sesja rady gminy odbędzie się we wtorek o 10:00."
    return take(scene.group, id="n", author=author(hall), text=text, held={"by": "platform"})


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE])
def test_one_tap_on_the_chip_and_one_on_the_topic(visit, scene, notice, viewport):
    page = visit(viewport)
    sign_in(page, scene.anna)
    chip = card(page, notice).locator("a.topic")
    expect(chip).to_contain_text("komunikaty urzędowe")
    chip.click()
    expect(page.get_by_role("button", name="komunikaty urzędowe", pressed=True)).to_be_focused()
    page.get_by_role("button", name="bezpieczeństwo").click()
    expect(chip).to_contain_text("bezpieczeństwo")
    expect(card(page, notice)).to_be_focused()
    expect(page.locator("#announcements")).to_contain_text("Temat: bezpieczeństwo")
    expect(page.locator("#topics")).to_be_hidden()
    assert page.url.endswith("/queue/held")
    assert (fresh(notice).topic, fresh(notice).urgency) == ("safety", 2)


def test_what_somebody_else_set_shows_by_itself(visit, scene, notice):
    pages = []
    for who in (scene.anna, scene.jan):
        page = visit()
        sign_in(page, who)
        pages.append(page)
    card(pages[0], notice).locator("a.topic").press("Enter")
    pages[0].get_by_role("button", name="sport", exact=True).press("Enter")
    expect(card(pages[1], notice).locator("a.topic")).to_contain_text("sport")


@pytest.mark.parametrize("javascript", [True, False])
def test_on_the_entrys_page_and_without_javascript(visit, scene, notice, javascript):
    page = visit(PHONE, javascript=javascript)
    sign_in(page, scene.anna)
    if javascript:
        page.goto(f"/entries/{notice.id}")
    else:
        card(page, notice).locator("a.topic").click()
    page.get_by_role("button", name="Zmień temat…").click()
    page.get_by_role("button", name="edukacja").click()
    expect(page.locator("#topic")).to_contain_text("edukacja (ustawiono: anna")
    assert fresh(notice).topic == "education"


def test_a_decided_card_keeps_its_undo_and_leads_to_the_entrys_page(visit, scene, notice):
    page = visit()
    sign_in(page, scene.anna)
    card(page, notice).get_by_role("button", name="Przepuść").click()
    expect(card(page, notice).get_by_role("button", name="Cofnij")).to_be_visible()
    card(page, notice).locator("a.topic").click()
    expect(page).to_have_url(re.compile(f"/entries/{notice.id}#topic$"))
