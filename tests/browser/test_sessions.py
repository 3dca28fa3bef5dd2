"""Signing in on one's own device, ending sessions, and the question whether it is really oneself."""

import re

import pytest
from playwright.sync_api import expect

from console.entries.events import tell_user
from console.storage import now
from models import Session, User
from tests.browser.conftest import DESKTOP, PHONE, SMALLEST, arrive, sign_in
from tests.cast import DAY, PASSWORD, fresh, take, user

ENDED = re.compile("/people/sign-in")


@pytest.fixture
def chief(scene) -> User:
    return user(f"chief-{scene.group.slug}", User.ADMINISTRATOR)


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_a_phone_of_ones_own_stays_signed_in_until_it_is_signed_out_elsewhere(
    visit, scene, javascript
):
    phone, desk = visit(PHONE, javascript=javascript), visit(DESKTOP, javascript=javascript)
    phone.goto("/")
    phone.get_by_label("Nazwa użytkownika").fill(scene.anna.name)
    phone.get_by_label("Hasło").fill(PASSWORD)
    phone.get_by_label("To urządzenie jest moje").check()
    phone.get_by_role("button", name="Zaloguj się").click()
    arrive(phone)
    kept = Session.get()
    assert kept.ends - kept.created == 14 * DAY

    sign_in(desk, scene.anna)
    desk.goto("/people/account")
    desk.get_by_role("link", name="Moje sesje").click()
    rows = desk.get_by_role("main").get_by_role("listitem")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("ta sesja")
    expect(rows.first).to_contain_text("Chrome, Linux")
    rows.last.get_by_role("button", name="Zakończ").click()
    expect(rows).to_have_count(1)
    phone.reload()
    expect(phone).to_have_url(ENDED)


@pytest.mark.parametrize("viewport", [SMALLEST, PHONE, DESKTOP], ids=["320", "phone", "desktop"])
def test_many_sessions_fit_and_are_ended_at_once(visit, scene, viewport):
    others = [visit() for _number in range(3)]
    for other in others:
        sign_in(other, scene.anna)
    page = visit(viewport)
    sign_in(page, scene.anna)
    page.goto("/people/sessions")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Zakończ wszystkie inne (3)").click()
    expect(page.get_by_role("main").get_by_role("listitem")).to_have_count(1)
    for other in others:
        other.goto("/queue/held")
        expect(other).to_have_url(ENDED)


def test_after_a_confirmation_other_tabs_go_on_hearing(visit, scene):
    """Their feeds began under the key of before, which is of no use any more."""
    page = visit()
    sign_in(page, scene.anna)
    other = page.context.new_page()
    with other.expect_request("**/queue/live?*"):
        other.goto("/queue/held")
    page.goto("/people/sessions")
    begun = Session.get()
    Session.update(confirmed=now() - DAY).execute()
    sign_in(visit(), scene.anna)
    page.reload()
    page.get_by_role("button", name="Zakończ wszystkie inne (1)").click()
    page.get_by_label("Twoje hasło").fill(PASSWORD)
    page.get_by_role("button", name="Potwierdź").click()
    expect(page.get_by_role("main").get_by_role("listitem")).to_have_count(1)
    assert Session.get().key_hash != begun.key_hash

    with other.expect_request("**/queue/live?*"):
        tell_user(scene.anna)  # so that feeds look again at once whose they are
    take(scene.group, id="new", text="Ten sąsiad to idiota.")
    expect(other.locator("#pill a")).to_have_text("Zatrzymane: 1 nowy")


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_form_waits_until_its_sender_has_confirmed_and_then_goes_on(
    visit, scene, chief, complaints, viewport, javascript
):
    complaints.expect("status of 400")
    page = visit(viewport, javascript=javascript)
    sign_in(page, chief)
    page.goto("/people/users")
    Session.update(confirmed=now() - DAY).execute()
    panel = page.locator(".panel").filter(has=page.get_by_role("heading", name=scene.jan.name))
    panel.get_by_role("checkbox").first.uncheck()
    panel.get_by_role("button", name="Zapisz grupy").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Potwierdź, że to Ty")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert scene.jan.seats.count() == 1

    field, go_on = page.get_by_label("Twoje hasło"), page.get_by_role("button", name="Potwierdź")
    expect(field).to_be_focused()
    field.fill("wrong password")
    go_on.click()
    expect(page.get_by_role("alert")).to_have_text("To nie jest Twoje obecne hasło.")
    field.fill(PASSWORD)
    go_on.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Użytkownicy")
    assert scene.jan.seats.count() == 0

    panel.get_by_role("checkbox").first.check()  # now it asks no more
    panel.get_by_role("button", name="Zapisz grupy").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Użytkownicy")
    assert scene.jan.seats.count() == 1
    assert fresh(scene.jan).active
