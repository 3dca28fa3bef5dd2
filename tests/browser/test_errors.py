"""Every refusal shows on the card that it is about, with what to do; and the card can be decided.

There is no 403 among them: what a user may not decide on, they may not see.
"""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from console.entries import decisions
from console.people import users
from models import User
from tests.browser.conftest import PHONE, card, hears_of_nothing, sign_in
from tests.cast import PASSWORD, fresh, submission, user

DECIDED = re.compile(r"\bdecided\b")
PROXY = "<!doctype html><html><body><h1>Bad Gateway</h1></body></html>"


@pytest.fixture
def page(visit, scene) -> Page:
    """Anna's held list, while she hears of nothing."""
    page = visit()
    hears_of_nothing(page)
    sign_in(page, scene.anna)
    return page


def test_404_when_the_seat_was_withdrawn_meanwhile(page, scene, complaints):
    complaints.expect("status of 404")
    there = card(page, scene.held[0])
    users.seat(scene.anna, [])
    _release(there)
    _says(there, "Błąd 404")
    assert scene.decided(scene.held[0]) == []
    users.seat(scene.anna, [scene.group])
    _can_be_decided(there, scene)


def test_409_when_somebody_was_faster(page, scene, complaints):
    complaints.expect("status of 409")
    entry = scene.held[0]
    there = card(page, entry)
    decisions.release(entry, scene.jan, submission(entry))
    there.focus()
    page.keyboard.type("x1")
    _says(there, "Ktoś był szybszy")
    expect(there).to_contain_text(f"Przepuszczono – {scene.jan.name}")
    expect(there).to_be_focused()
    there.get_by_role("button", name="Zatrzymaj", exact=True).click()
    expect(there.locator(".state")).to_have_text("zatrzymany")
    assert [verb for verb, *_rest in scene.decided(entry)] == ["release", "hold"]


def test_419_when_the_form_has_run_out(page, scene, complaints):
    complaints.expect("status of 419")
    page.evaluate("document.querySelectorAll('[name=csrf_token]').forEach(f => f.value = 'x')")
    there = card(page, scene.held[0])
    _release(there)
    _says(there, "Błąd 419")
    assert scene.decided(scene.held[0]) == []
    there.get_by_role("alert").get_by_role("link").click()
    page.wait_for_load_state("load")
    expect(page).to_have_url(re.compile("/queue/held$"))
    _can_be_decided(there, scene)


def test_an_error_that_comes_again_stands_there_once(page, scene, complaints):
    complaints.expect("status of 419")
    page.evaluate("document.querySelectorAll('[name=csrf_token]').forEach(f => f.value = 'x')")
    there = card(page, scene.held[0])
    for _time in range(3):
        with page.expect_response("**/decisions"):
            _release(there)
        _says(there, "Błąd 419")
    expect(there.get_by_role("alert")).to_have_count(1)


def test_an_error_on_the_rules_page_is_seen(visit, scene, complaints):
    complaints.expect("status of 419")
    page = visit()
    sign_in(page, user(f"chief-{scene.group.slug}", User.ADMINISTRATOR))
    page.goto(f"/groups/{scene.group.slug}/rules")
    page.wait_for_load_state("load")
    page.evaluate("document.querySelectorAll('[name=csrf_token]').forEach(f => f.value = 'x')")
    page.get_by_role("button", name="W dół: Groźby").click()
    _says(page.locator("#rules"), "Błąd 419")


def test_a_note_that_no_server_answers_stays_in_its_field(visit, scene, complaints):
    complaints.expect("net::ERR_", "Failed to fetch")
    page = visit()
    sign_in(page, scene.anna)
    page.goto(f"/queue/authors/{scene.held[0].profile_id}")
    page.wait_for_load_state("load")
    page.context.set_offline(True)
    field = page.locator("textarea[name=text]")
    field.fill("Dzwonił i przeprosił.")
    send = page.get_by_role("button", name="Dodaj notatkę")
    for _time in range(2):
        send.click()
        expect(page.get_by_role("alert")).to_have_count(1)
    expect(page.get_by_role("alert")).to_contain_text("Serwer nie odpowiedział.")
    expect(field).to_have_value("Dzwonił i przeprosił.")
    page.context.set_offline(False)
    send.click()
    expect(page.locator(".notes")).to_contain_text("Dzwonił i przeprosił.")
    expect(page.get_by_role("alert")).to_have_count(0)


@pytest.mark.parametrize("chosen", ["one", "several"])
def test_a_refusal_is_not_hidden_behind_the_sheet_that_it_was_asked_from(
    visit, scene, complaints, chosen
):
    complaints.expect("status of 419")
    page = visit(PHONE)
    sign_in(page, scene.anna)
    place = card(page, scene.held[0])
    if chosen == "several":
        place.get_by_role("checkbox").check()
        place = page.locator("#several")
    page.evaluate("document.querySelectorAll('[name=csrf_token]').forEach(f => f.value = 'x')")
    place.get_by_role("button", name="Usuń…").click()
    page.locator(".rules:popover-open").get_by_role("button", name="Groźby").click()
    _says(place, "Błąd 419")
    expect(page.locator(":popover-open")).to_have_count(0)


@pytest.mark.parametrize("end", [users.change_password, users.deactivate])
def test_401_when_the_session_was_ended(page, scene, complaints, end):
    complaints.expect("status of 401")
    there = card(page, scene.held[0])
    with_password = (PASSWORD,) if end is users.change_password else ()
    end(scene.anna, *with_password)
    _release(there)
    _says(there, "Błąd 401")
    expect(page).to_have_url(re.compile("/queue/held$"))
    assert scene.decided(scene.held[0]) == []
    users.reactivate(fresh(scene.anna))
    there.get_by_role("alert").get_by_role("link").click()
    sign_in_here(page, scene.anna)
    expect(page).to_have_url(re.compile("/queue/held$"))
    _can_be_decided(there, scene)


def test_500_of_our_own_stands_on_the_card(page, scene, complaints):
    complaints.expect("status of 500")

    def fails(route):
        """As the console answers with errors; one of its own cannot be had without a fault."""
        error = route.fetch(url=page.url.replace("/queue/held", "/nowhere"), method="GET")
        route.fulfill(status=500, headers=error.headers, body=error.body())

    page.route("**/decisions", fails, times=1)
    there = card(page, scene.held[0])
    _release(there)
    _says(there, "Nic się nie zmieniło.")
    _can_be_decided(there, scene)


@pytest.mark.parametrize("status", [200, 429, 500, 502, 503, 504])
def test_the_page_of_a_proxy_does_not_replace_the_card_and_the_decision_is_sent_again(
    page, scene, complaints, status
):
    complaints.expect(f"status of {status}")
    _answer_once(page, status=status, content_type="text/html", body=PROXY)
    there = card(page, scene.held[0])
    _release(there)
    expect(there.get_by_role("button", name="Nie wysłano – ponów")).to_be_visible()
    expect(page.get_by_text("Bad Gateway")).to_have_count(0)
    expect(there).to_have_class(DECIDED)  # two seconds later, by itself
    assert [verb for verb, *_rest in scene.decided(scene.held[0])] == ["release"]


def sign_in_here(page: Page, who: User) -> None:
    page.get_by_label("Nazwa użytkownika").fill(who.name)
    page.get_by_label("Hasło").fill(PASSWORD)
    page.get_by_role("button", name="Zaloguj się").click()
    page.wait_for_load_state("load")


def _answer_once(page: Page, **answer) -> None:
    page.route("**/decisions", lambda route: route.fulfill(**answer), times=1)


def _release(there: Locator) -> None:
    there.get_by_role("button", name="Przepuść", exact=True).click()


def _says(there: Locator, words: str) -> None:
    expect(there.get_by_role("alert")).to_contain_text(words)
    expect(there.get_by_role("button").first).to_be_visible()


def _can_be_decided(there: Locator, scene) -> None:
    _release(there)
    expect(there).to_have_class(DECIDED)
    expect(there.get_by_role("alert")).to_have_count(0)
    assert [verb for verb, *_rest in scene.decided(scene.held[0])] == ["release"]
