"""Several entries at once: each is decided singly, and the answer says which were overtaken."""

import re

import pytest
from playwright.sync_api import Page, expect

from console.entries import decisions
from models import Entry
from tests.browser.conftest import DESKTOP, PHONE, card, hears_of_nothing, sign_in
from tests.cast import fresh, submission, take

BOTH_WIDTHS = pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])


@pytest.mark.parametrize(
    ("keys", "verb", "state", "said"),
    [
        ("r", "release", "published", "Przepuszczono"),
        ("x2", "remove", "removed", "Usunięto"),
        ("t3", "tag", "held", "Oznaczono"),
    ],
)
def test_entries_are_selected_with_s_and_one_key_decides_them_all(
    visit, scene, keys, verb, state, said
):
    page = visit()
    sign_in(page, scene.anna)
    first, second, third = scene.held
    page.keyboard.type("jsjjsks")  # the second too, and not after all
    page.keyboard.press("s")
    expect(page.locator("#several .chosen")).to_have_text("Zaznaczono: 2")
    page.keyboard.type(keys)
    expect(page.locator("#result p")).to_have_text("Załatwiono 2 wpisy.")
    for entry in (first, third):
        expect(card(page, entry)).to_contain_text(said)
        assert [verb for verb, *_rest in scene.decided(entry)] == [verb]
        assert fresh(entry).state == state
    assert scene.decided(second) == []
    expect(page.locator("#several")).to_be_hidden()
    expect(page.locator("#several .rules:popover-open")).to_have_count(0)
    expect(page.locator("#lists .held .count")).to_have_text("3" if verb == "tag" else "1")


def test_one_undo_beside_the_answer_takes_all_of_it_back(visit, scene):
    page = visit()
    sign_in(page, scene.anna)
    first, second, third = scene.held
    page.keyboard.type("jsjsr")
    page.locator("#result").get_by_role("button", name="Cofnij wszystkie (2)").click()
    expect(page.locator("#result p")).to_have_text("Cofnięto 2 decyzje.")
    for entry in (first, second):
        expect(card(page, entry).locator(".state")).to_have_text("zatrzymany")
        assert [verb for verb, *_rest in scene.decided(entry)] == ["release", "undo"]
    expect(page.locator("#result button")).to_have_count(0)
    card(page, third).get_by_role("checkbox").check()  # the form for several has a new key
    page.keyboard.press("r")
    expect(page.locator("#result p")).to_have_text("Załatwiono 1 wpis.")


def test_z_takes_back_several_as_one(visit, scene):
    page = visit()
    sign_in(page, scene.anna)
    page.keyboard.type("jsjsr")
    expect(page.locator("#result p")).to_have_text("Załatwiono 2 wpisy.")
    page.keyboard.press("z")
    expect(page.locator("#taken-back")).to_contain_text("Cofnięto: Przepuszczono 2 wpisy")
    for entry in scene.held[:2]:
        expect(card(page, entry).locator(".state")).to_have_text("zatrzymany")
        expect(card(page, entry).locator(".undo")).to_have_count(0)


def test_several_reported_entries_are_kept_with_e(visit, scene):
    page = visit()
    sign_in(page, scene.anna)
    other = take(scene.group, id="other", text="Sprzedam rower.")
    take(scene.group, "report.created", id="r-other", entry_id="other", reason="spam")
    page.goto("/queue/reported")
    page.wait_for_load_state("load")
    page.keyboard.type("jsjse")
    expect(page.locator("#result p")).to_have_text("Załatwiono 2 wpisy.")
    for entry in (scene.reported, other):
        assert [verb for verb, *_rest in scene.decided(entry)] == ["keep"]


@BOTH_WIDTHS
def test_what_a_colleague_decided_meanwhile_is_named_and_the_others_are_done(
    visit, scene, viewport
):
    page = visit(viewport)
    hears_of_nothing(page)
    sign_in(page, scene.anna)
    first, second, third = scene.held
    _select(page, scene.held)
    decisions.release(second, scene.jan, submission(second))
    page.locator("#several").get_by_role("button", name="Usuń…").click()
    page.locator("#remove-several").get_by_role("button", name="Groźby").click()
    result = page.locator("#result")
    expect(result).to_contain_text("Załatwiono 2 wpisy. Nie wykonano: 1.")
    expect(result.get_by_role("listitem")).to_have_text([re.compile("Autor 2: Ktoś był szybszy")])
    expect(card(page, second)).to_contain_text(f"Przepuszczono – {scene.jan.name}")
    expect(page.locator("#lists .held .count")).to_have_text("0")
    for entry in (first, third):
        expect(card(page, entry)).to_contain_text(f"Usunięto – {scene.anna.name}")
        assert scene.decided(entry) == [("remove", "held", "removed", scene.anna.name)]
    assert scene.decided(second) == [("release", "held", "published", scene.jan.name)]

    card(page, third).get_by_role("button", name="Cofnij").click()
    expect(card(page, third).locator(".state")).to_have_text("zatrzymany")
    assert [fresh(entry).state for entry in scene.held] == ["removed", "published", "held"]


def test_what_is_ticked_while_a_decision_waits_to_be_sent_is_not_decided(visit, scene, complaints):
    complaints.expect("net::ERR_", "Failed to fetch")
    page = visit()
    sign_in(page, scene.anna)
    page.evaluate("wait = 60_000")  # the next try is far away
    first, second, third = scene.held
    _select(page, [first])
    page.context.set_offline(True)
    page.locator("#several").get_by_role("button", name="Przepuść").click()
    expect(page.locator("#several .unsent")).to_be_visible()
    _select(page, [second])
    page.context.set_offline(False)
    expect(card(page, first)).to_contain_text("Przepuszczono")
    expect(page.locator("#several .chosen")).to_have_text("Zaznaczono: 1")
    expect(card(page, second).get_by_role("checkbox")).to_be_checked()
    assert [fresh(entry).state for entry in scene.held] == ["published", "held", "held"]


def test_an_entry_that_was_refused_and_still_waits_can_still_be_decided(visit, scene):
    entry = scene.held[0]
    decisions.release(entry, scene.jan, submission(entry))
    take(scene.group, "report.created", id="r2", entry_id=entry.external_id, reason="hejt")
    page = visit()
    sign_in(page, scene.anna)
    page.goto("/queue/reported")
    page.wait_for_load_state("load")
    _select(page, [entry])
    page.locator("#several").get_by_role("button", name="Przepuść").click()
    expect(page.locator("#result")).to_contain_text("Nie wykonano: 1.")
    card(page, entry).get_by_role("button", name="Zostaw").click()
    expect(card(page, entry)).to_contain_text("Zostawiono")


@BOTH_WIDTHS
def test_without_javascript_a_page_tells_what_was_done(visit, scene, viewport):
    page = visit(viewport, javascript=False)
    sign_in(page, scene.anna)
    first, second, third = scene.held
    expect(page.locator("#several")).to_be_hidden()
    _select(page, [first, second])
    decisions.remove(second, scene.jan, submission(second), list(scene.group.rules)[:1])
    page.locator("#several").get_by_role("button", name="Przepuść").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Wszystkie zaznaczone")
    expect(page.locator("#result")).to_contain_text("Załatwiono 1 wpis. Nie wykonano: 1.")
    expect(page.locator("#result")).to_contain_text("Autor 2: Ktoś był szybszy")
    assert [fresh(entry).state for entry in scene.held] == ["published", "removed", "held"]

    card(page, first).get_by_role("button", name="Cofnij").click()
    expect(page).to_have_url(re.compile("/queue/held"))
    assert fresh(first).is_held
    assert scene.decided(third) == []


def _select(page: Page, entries: list[Entry]) -> None:
    for entry in entries:
        card(page, entry).get_by_role("checkbox").check()
