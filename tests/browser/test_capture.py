"""A Facebook link pasted into the form, on a phone and a desktop, with and without JavaScript."""

import pytest
from playwright.sync_api import expect

from console.groups import groups
from models import Delivery, Entry, Group, Seat
from tests.browser.conftest import DESKTOP, PHONE, card, sign_in
from tests.cast import fresh, on_facebook

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


PASTED = "Jan Kowalski\n2 godz.\nSąsiad to złodziej!\nLubię to!\nSkomentuj\nUdostępnij\n"
POST = "https://www.facebook.com/groups/1234/posts/78/"


class Finger:
    """Counts the taps."""

    def __init__(self):
        self.taps = 0

    def tap(self, target):
        self.taps += 1
        target.click()


@pytest.fixture
def desk(scene):
    on_facebook(scene.group)
    groups.add_alias(scene.group, "1234")
    return scene


def paste(page, text: str, into: str = "body") -> None:
    """As the browser does it: into a field it puts the text there, too."""
    page.evaluate(
        """([text, into]) => {
            const target = document.querySelector(into);
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/plain", text);
            if ("value" in target) target.value = text;
            const options = {clipboardData, bubbles: true, cancelable: true};
            target.dispatchEvent(new ClipboardEvent("paste", options));
        }""",
        [text, into],
    )


def test_from_a_pasted_link_to_a_confirmed_removal_in_at_most_six_taps(visit, desk, complaints):
    complaints.expect(POST)  # it is no address here
    page, finger = visit(PHONE), Finger()
    sign_in(page, desk.anna)
    page.goto("/queue/held")
    paste(page, POST)
    expect(page.get_by_label("Link")).to_have_value(POST)
    finger.tap(page.get_by_label("Zgłoszone przez członka"))
    expect(page.get_by_label("Kto zgłosił")).to_be_visible()
    finger.tap(page.get_by_role("button", name="Dodaj i usuń za…"))
    finger.tap(page.locator("#remove-captured button").first)
    page.wait_for_url("**/entries/*")
    entry = Entry.get(Entry.url == POST)
    assert entry.is_removed
    assert entry.stands == "reported"
    assert page.evaluate(SIDEWAYS) == 0
    mine = card(page, entry)
    asked = page.context.expect_event("request", lambda each: each.url.startswith(POST))
    with asked, page.context.expect_page() as there:
        finger.tap(mine.get_by_role("button", name="Otwórz na Facebooku"))
    there.value.close()
    finger.tap(mine.get_by_role("button", name="Zrobione"))
    expect(mine.locator(".delivery")).to_contain_text("zrobione na Facebooku – anna")
    assert Delivery.get(Delivery.entry == entry).state == Delivery.DONE
    assert finger.taps <= 6


def test_a_whole_post_is_understood_as_it_is_pasted(visit, desk):
    page = visit(PHONE)
    sign_in(page, desk.anna)
    page.goto("/intake/capture")
    paste(page, PASTED + POST, "#link")
    expect(page.get_by_label("Treść")).to_have_value("Sąsiad to złodziej!")
    expect(page.get_by_label("Autor")).to_have_value("Jan Kowalski")
    expect(page.get_by_label("Link")).to_have_value(POST)
    assert "78" not in page.url


def test_what_is_pasted_into_another_field_stays_there(visit, desk):
    page = visit()
    sign_in(page, desk.anna)
    page.goto("/queue/held")
    paste(page, POST, "#search")
    expect(page.locator("#search")).to_have_value(POST)
    assert page.url.endswith("/queue/held")


def test_where_it_stands_is_chosen_by_keys(visit, desk):
    page = visit()
    sign_in(page, desk.anna)
    page.goto("/intake/capture")
    page.get_by_label("Opublikowane").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_label("Zgłoszone przez członka")).to_be_checked()
    expect(page.get_by_role("button", name="Dodaj i zostaw")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("button", name="Dodaj i przepuść")).to_be_visible()
    expect(page.get_by_label("Kto zgłosił")).to_be_hidden()


def test_without_javascript_it_is_added_and_removed_too(visit, desk):
    page = visit(PHONE, javascript=False)
    sign_in(page, desk.anna)
    page.goto("/intake/capture")
    page.get_by_label("Link").fill(PASTED + POST)
    page.get_by_role("button", name="Dodaj i usuń za…").click()
    page.locator("#remove-captured button").first.click()
    page.wait_for_url("**/entries/*")
    assert Entry.get(Entry.text == "Sąsiad to złodziej!").is_removed


def test_what_is_typed_while_the_form_is_looked_at_stays(visit, scene):
    """On a slow network the answer to a chosen group comes while somebody types already."""
    groups.create(f"other-{scene.group.slug}", "Inna grupa", scene.group.municipality)
    Seat.create(user=scene.anna, group=Group.get(Group.name == "Inna grupa"))
    page = visit(PHONE)
    sign_in(page, scene.anna)
    page.goto("/intake/capture")
    answers = []

    def late(route):
        answers.append(route)

    page.route("**/intake/capture", late)
    page.get_by_label("Grupa").select_option(scene.group.slug)
    text = page.get_by_label("Treść", exact=True)
    text.focus()
    page.keyboard.type("Sprzedam ")
    with page.expect_response("**/intake/capture"):
        answers[0].continue_()
    page.wait_for_timeout(200)
    expect(text).to_be_focused()
    page.keyboard.type("rower.")
    expect(text).to_have_value("Sprzedam rower.")
    expect(page.get_by_label("Grupa")).to_have_value(scene.group.slug)
