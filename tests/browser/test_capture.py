"""A Facebook link pasted into the form, on a phone and a desktop, with and without JavaScript."""

import pytest
from playwright.sync_api import expect

from console.groups import groups
from models import Entry
from tests.browser.conftest import DESKTOP, PHONE, sign_in
from tests.cast import fresh

LINK = "Zobacz: https://m.facebook.com/groups/1234?view=permalink&id=77"
SIDEWAYS = "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE])
@pytest.mark.parametrize("javascript", [True, False])
def test_from_a_shared_link_to_the_address_from_the_bar(visit, scene, viewport, javascript):
    groups.add_alias(scene.group, "1234")
    page = visit(viewport, javascript=javascript)
    sign_in(page, scene.anna)
    page.goto("/intake/capture")
    page.get_by_label("Link").fill(LINK)
    page.get_by_role("button", name="Tylko sprawdź link").click()
    expect(page.get_by_text("Tego tu jeszcze nie ma.")).to_be_visible()
    page.get_by_label("Link").fill("https://www.facebook.com/share/p/1AbCdEf/")
    page.get_by_label("Treść").fill("Sprzedam rower.")
    page.get_by_label("Autor").fill("Jan Nowak")
    page.get_by_role("button", name="Dodaj", exact=True).click()
    expect(page.get_by_text("otwórz i wklej adres z paska")).to_be_visible()
    assert page.evaluate(SIDEWAYS) == 0
    page.get_by_label("Adres z paska").fill(LINK)
    page.get_by_role("button", name="Zapisz adres").click()
    expect(page.get_by_label("Adres z paska")).to_have_count(0)
    entry = Entry.get(Entry.text == "Sprzedam rower.")
    assert fresh(entry).url == "https://www.facebook.com/groups/1234/posts/77/"
    page.goto("/intake/capture")
    page.get_by_label("Link").fill(LINK)
    page.get_by_role("button", name="Tylko sprawdź link").click()
    page.wait_for_url(f"**/entries/{entry.id}")
