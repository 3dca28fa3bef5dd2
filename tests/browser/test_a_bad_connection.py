"""A dead network and a dead session: the card says what happened, and nothing is lost."""

from playwright.sync_api import expect

from console.people import users
from tests.browser.conftest import card, sign_in


def test_a_decision_under_a_cut_network_says_so_and_is_applied_once_when_sent_again(
    visit, scene, complaints
):
    complaints.expect("net::ERR_INTERNET_DISCONNECTED", "Failed to fetch")
    page = visit()
    sign_in(page, scene.anna)
    entry = scene.held[0]
    page.context.set_offline(True)
    card(page, entry).get_by_role("button", name="Zwolnij", exact=True).click()
    expect(card(page, entry)).to_contain_text("Nie wysłano: brak połączenia")
    assert scene.decided(entry) == []

    page.context.set_offline(False)
    card(page, entry).get_by_role("button", name="Zwolnij", exact=True).click()
    expect(card(page, entry)).to_contain_text("Zwolniono – ")
    expect(card(page, entry)).not_to_contain_text("Nie wysłano")
    assert [verb for verb, *_rest in scene.decided(entry)] == ["release"]


def test_a_decision_whose_answer_was_lost_is_not_made_twice(visit, scene, complaints):
    complaints.expect("net::ERR_FAILED", "Failed to fetch")
    page = visit()
    sign_in(page, scene.anna)
    entry = scene.held[0]

    def lose_the_answer(route):
        route.fetch()
        route.abort()

    page.route("**/decisions", lose_the_answer, times=1)
    card(page, entry).get_by_role("button", name="Zwolnij", exact=True).click()
    expect(card(page, entry)).to_contain_text("Nie wysłano")
    card(page, entry).get_by_role("button", name="Zwolnij", exact=True).click()
    expect(card(page, entry)).to_contain_text("Zwolniono – ")
    assert [verb for verb, *_rest in scene.decided(entry)] == ["release"]


def test_an_expired_form_leaves_the_card_where_it_is(visit, scene, complaints):
    complaints.expect("status of 400")
    page = visit()
    sign_in(page, scene.anna)
    entry = scene.held[0]
    page.evaluate("document.querySelectorAll('[name=csrf_token]').forEach(f => f.value = 'x')")
    card(page, entry).get_by_role("button", name="Zwolnij", exact=True).click()
    expect(card(page, entry).get_by_role("alert")).to_contain_text("Odśwież stronę")
    expect(card(page, entry).get_by_role("button", name="Zwolnij", exact=True)).to_be_visible()
    assert scene.decided(entry) == []


def test_a_user_whose_session_was_ended_is_led_to_sign_in(visit, scene, complaints):
    complaints.expect("status of 401")
    page = visit()
    sign_in(page, scene.anna)
    users.change_password(scene.anna, "another long password")
    card(page, scene.held[0]).get_by_role("button", name="Zwolnij", exact=True).click()
    expect(page.get_by_role("button", name="Zaloguj się")).to_be_visible()
    assert scene.decided(scene.held[0]) == []
