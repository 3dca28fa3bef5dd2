"""Signing in on one's own device, and ending sessions."""

import re

import pytest
from playwright.sync_api import expect

from models import Session
from tests.browser.conftest import DESKTOP, PHONE, SMALLEST, arrive, sign_in
from tests.cast import DAY, PASSWORD

ENDED = re.compile("/people/sign-in")


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
