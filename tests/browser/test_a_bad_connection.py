"""A weak network: what could not be sent says so on its card, waits there, and is sent once."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import card, sign_in

NOT_SENT = "Nie wysłano – ponów"
DECIDED = re.compile(r"\bdecided\b")


def test_a_decision_under_a_network_that_is_gone_for_five_seconds_is_applied_once(
    visit, wire, scene, complaints
):
    page = _at_the_end_of(wire, visit, scene, complaints)
    there = card(page, scene.held[0])
    wire.cut()
    _release(there)
    expect(there.get_by_role("alert")).to_contain_text("Decyzja czeka tutaj")
    expect(there.get_by_role("button", name=NOT_SENT)).to_be_visible()
    expect(there).to_be_focused()
    page.wait_for_timeout(5_000)
    expect(there.get_by_role("button", name=NOT_SENT)).to_have_count(1)
    assert scene.decided(scene.held[0]) == []
    wire.mend()
    expect(there).to_have_class(DECIDED)
    expect(there).not_to_contain_text("Nie wysłano")
    assert [verb for verb, *_rest in scene.decided(scene.held[0])] == ["release"]


def test_a_decision_whose_answer_was_lost_is_not_made_twice(visit, wire, scene, complaints):
    page = _at_the_end_of(wire, visit, scene, complaints)
    there = card(page, scene.held[0])
    wire.loses_answers = True
    _release(there)
    expect(there.get_by_role("button", name=NOT_SENT)).to_be_visible()
    assert [verb for verb, *_rest in scene.decided(scene.held[0])] == ["release"]
    wire.loses_answers = False
    there.get_by_role("button", name=NOT_SENT).click()
    expect(there).to_have_class(DECIDED)
    expect(there).to_contain_text(f"Przepuszczono – {scene.anna.name}")
    assert [verb for verb, *_rest in scene.decided(scene.held[0])] == ["release"]


def test_several_decisions_wait_and_are_all_sent_when_the_browser_is_online_again(
    visit, scene, complaints
):
    complaints.expect("net::ERR_", "Failed to fetch")
    page = visit()
    sign_in(page, scene.anna)
    page.evaluate("wait = 60_000")  # the next try is far away
    page.context.set_offline(True)
    first, second, third = (card(page, entry) for entry in scene.held)
    for there, key in ((first, "r"), (second, "x3")):
        there.focus()
        page.keyboard.type(key)
        expect(there.get_by_role("button", name=NOT_SENT)).to_be_visible()
    page.context.set_offline(False)
    for there in (first, second):
        expect(there).to_have_class(DECIDED)
    expect(third).not_to_have_class(DECIDED)
    verbs = [[verb for verb, *_rest in scene.decided(entry)] for entry in scene.held]
    assert verbs == [["release"], ["remove"], []]


def test_leaving_the_page_asks_while_a_decision_is_unsent_and_not_afterwards(
    visit, scene, complaints
):
    complaints.expect("net::ERR_", "Failed to fetch")
    page = visit()
    sign_in(page, scene.anna)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.context.set_offline(True)
    there = card(page, scene.held[0])
    _release(there)
    expect(there.get_by_role("button", name=NOT_SENT)).to_be_visible()
    page.locator("#lists .reported").click(no_wait_after=True)
    expect(there.get_by_role("button", name=NOT_SENT)).to_be_visible()
    assert asked == ["beforeunload"]
    page.context.set_offline(False)
    expect(there).to_have_class(DECIDED)
    page.locator("#lists .reported").click()
    expect(page).to_have_url(re.compile("/queue/reported"))
    assert asked == ["beforeunload"]


def _at_the_end_of(wire, visit, scene, complaints) -> Page:
    complaints.expect("net::ERR_", "Failed to fetch")
    page = visit(wire=wire)
    sign_in(page, scene.anna)
    return page


def _release(there) -> None:
    there.get_by_role("button", name="Przepuść", exact=True).click()
