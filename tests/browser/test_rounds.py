"""A round through the queues of Facebook groups on a phone, by thumb and by keyboard."""

import pytest
from playwright.sync_api import Page, expect

from console.groups import groups
from console.people import users
from models import Entry, Group, Round, RoundCheck
from tests.browser.conftest import DESKTOP, PHONE, sign_in
from tests.cast import on_facebook

LINK = "https://www.facebook.com/groups/{}/posts/77/"
SIDEWAYS = "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"


class Thumb:
    """Taps, and counts them."""

    def __init__(self):
        self.taps = 0

    def tap(self, target) -> None:
        self.taps += 1
        target.click()


@pytest.fixture
def three(scene) -> list[Group]:
    """Three groups on Facebook in which Anna has a seat, with all queues to be looked at."""
    more = [
        groups.create(f"{scene.group.slug}-{n}", f"Grupa {n}", scene.group.municipality)
        for n in (2, 3)
    ]
    every = [scene.group, *more]
    users.seat(scene.anna, every)
    for group in every:
        groups.add_alias(on_facebook(group), group.slug)
    return every


def stop(page: Page, group: Group):
    return page.get_by_role("form", name=group.name)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_round_of_three_groups_with_one_find_takes_twelve_taps(visit, scene, three, javascript):
    page, thumb = visit(PHONE, javascript=javascript), Thumb()
    sign_in(page, scene.anna)
    page.goto("/platforms/rounds")
    assert page.evaluate(SIDEWAYS) == 0
    for group in three:
        with page.context.expect_page() as opened:
            thumb.tap(stop(page, group).get_by_role("link", name="otwiera Facebooka").first)
        assert group.slug in opened.value.url
        opened.value.close()  # back in the console's own tab
        if group == three[-1]:
            number = stop(page, group).get_by_label("Oczekujące: ile znaleziono")
            thumb.tap(number)
            number.fill("1")
        thumb.tap(stop(page, group).get_by_role("button", name="Wszystkie sprawdzone"))
        expect(page.get_by_role("status").first).to_contain_text("6 kolejek")
    thumb.tap(page.get_by_role("link", name="Dodaj, co znaleziono: Grupa 3, Oczekujące"))
    for label, text in (
        ("Link albo cały post", LINK.format(three[-1].slug)),
        ("Treść", "Kupię"),
        ("Autor", "Jan"),
    ):
        page.get_by_label(label, exact=True).fill(text)
    thumb.taps += 3  # a tap into each field
    thumb.tap(page.get_by_role("button", name="Dodaj", exact=True))
    page.wait_for_url("**/entries/*")
    assert Entry.get(Entry.text == "Kupię").group == three[-1]
    assert sorted(check.found for check in RoundCheck.select()) == [0] * 17 + [1]
    assert thumb.taps <= 12


def test_a_round_by_keyboard_presses_only_what_is_meant(visit, scene, three):
    page = visit(DESKTOP)
    sign_in(page, scene.anna)
    page.goto("/platforms/rounds")
    number = stop(page, three[0]).get_by_label("Potencjalny spam: ile znaleziono")
    number.focus()
    page.keyboard.press("ArrowUp")
    expect(number).to_have_value("1")
    page.keyboard.press("Enter")
    expect(number).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("1 kolejka")
    (check,) = RoundCheck.select()
    assert (check.round.queue, check.found, check.round.group) == ("spam", 1, three[0])


def test_what_is_overdue_leads_from_the_first_page_to_the_round(visit, scene, three):
    page = visit(PHONE)
    sign_in(page, scene.anna)
    page.goto("/")
    page.get_by_role("link", name="Obchód: 18 kolejek").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Obchód")
    Round.update(due=Round.due.python_value("9000-01-01 00:00:00.000000+00:00")).execute()
    page.goto("/")
    expect(page.get_by_text("Obchód:")).to_have_count(0)
