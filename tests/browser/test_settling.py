"""What has come under a finger by itself takes no tap for 400 ms; then it does."""

import pytest
from playwright.sync_api import Page, expect

from console.entries import decisions
from models import Entry
from tests.browser.conftest import DESKTOP, PHONE, card, hears_of_nothing, sign_in
from tests.cast import fresh, submission, take

BOTH_WIDTHS = pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])

# Whether a tap there would reach an element: asked in the browser, at once after the change.
TAKES_TAPS = "(each) => getComputedStyle(each).pointerEvents !== 'none'"


@pytest.fixture
def desk(visit, scene, request):
    page = visit(getattr(request, "param", DESKTOP))
    sign_in(page, scene.anna)
    page.wait_for_timeout(450)
    return page


def asks_at_once(page: Page, change: str, of: str) -> None:
    """In the browser, right after htmx has put in an answer: do these elements take a tap?"""
    page.evaluate(
        """([event, of]) => document.addEventListener(event, () => {
            window.tookTaps = [...document.querySelectorAll(of)]
                .map((each) => getComputedStyle(each).pointerEvents !== "none");
        }, {once: true})""",
        [change, of],
    )


def takes_taps(page: Page, of: str) -> list[bool]:
    return page.locator(of).evaluate_all(
        "all => all.map((each) => getComputedStyle(each).pointerEvents !== 'none')"
    )


@pytest.mark.parametrize("desk", [DESKTOP, PHONE], ids=["desktop", "phone"], indirect=True)
def test_a_second_tap_where_undo_has_come_to_stand_does_nothing(desk, scene):
    entry = scene.held[0]
    there = card(desk, entry)
    asks_at_once(desk, "htmx:after:swap", f"#entry-{entry.id} .undo, #entry-{scene.held[2].id} a")
    there.locator(".release").click()
    undo = there.locator(".undo")
    undo.wait_for()
    undo.click(force=True)
    desk.wait_for_timeout(300)
    assert desk.evaluate("tookTaps[0]") is False
    assert desk.evaluate("tookTaps.at(-1)") is True  # what did not move takes taps
    assert [verb for verb, *_rest in scene.decided(entry)] == ["release"]
    desk.wait_for_timeout(200)
    undo.click(force=True)
    expect(there.locator(".state")).to_have_text("zatrzymany")


def test_a_card_that_a_refusal_above_has_moved_takes_no_tap(desk, scene, complaints):
    complaints.expect("409")
    hears_of_nothing(desk)
    desk.reload()
    desk.wait_for_timeout(450)
    first, second, _third = scene.held
    decisions.release(first, scene.jan, submission(first))
    take(scene.group, "report.created", id="more", entry_id="held-1", reason="hejt " * 150)
    asks_at_once(desk, "htmx:after:swap", f"#entry-{second.id} .release")
    before = card(desk, second).bounding_box()["y"]
    card(desk, first).locator(".release").click()
    expect(card(desk, first)).to_contain_text("Ktoś był szybszy")
    assert card(desk, second).bounding_box()["y"] > before
    assert desk.evaluate("tookTaps") == [False]
    desk.wait_for_timeout(450)
    assert takes_taps(desk, f"#entry-{second.id} .release") == [True]


def test_what_a_banner_has_moved_takes_no_tap(desk, scene, complaints):
    complaints.expect("net::ERR_", "Failed to fetch")
    first, second, _third = scene.held
    desk.context.set_offline(True)
    asks_at_once(desk, "htmx:finally:request", f"#entry-{second.id} .release, .unsent button")
    card(desk, first).locator(".release").click()
    expect(card(desk, first).locator(".unsent")).to_be_visible()
    assert desk.evaluate("tookTaps") == [False, False]
    desk.context.set_offline(False)


@pytest.mark.parametrize("desk", [PHONE], ids=["phone"], indirect=True)
def test_the_bar_for_several_takes_no_second_tap_and_lets_none_through(desk, scene):
    box = card(desk, scene.held[0]).locator(".pick")
    box.click()
    bar = desk.locator("#several")
    assert takes_taps(desk, "#several .release") == [False]
    assert takes_taps(desk, "#several") == [True]
    expect(bar).to_be_visible()
    desk.wait_for_timeout(450)
    assert takes_taps(desk, "#several .release") == [True]
    asks_at_once(desk, "htmx:after:swap", ".card:not(.decided) .release")
    bar.locator(".release").click()
    expect(desk.locator("#result p")).to_have_text("Załatwiono 1 wpis.")
    assert desk.evaluate("tookTaps") == [False, False]  # the bar has gone from above them


@pytest.mark.parametrize("desk", [PHONE], ids=["phone"], indirect=True)
def test_a_double_tap_on_remove_takes_no_rule_of_the_sheet(desk, scene):
    entry: Entry = scene.held[2]
    there = card(desk, entry)
    button = there.get_by_role("button", name="Usuń…")
    there.locator(".actions").scroll_into_view_if_needed()
    button.scroll_into_view_if_needed()
    desk.wait_for_timeout(100)
    button.dblclick()
    desk.wait_for_timeout(300)
    assert scene.decided(entry) == []


@BOTH_WIDTHS
def test_on_an_entrys_page_that_is_shown_anew_a_second_tap_holds_nothing(visit, scene, viewport):
    page = visit(viewport)
    sign_in(page, scene.anna)
    entry = scene.held[0]
    page.goto(f"/entries/{entry.id}")
    page.wait_for_timeout(450)
    box = page.locator(".actions .release").bounding_box()
    page.locator(".actions .release").click()
    page.wait_for_selector(".card.published")
    page.mouse.click(box["x"] + 20, box["y"] + 20)
    page.wait_for_timeout(300)
    assert [verb for verb, *_rest in scene.decided(entry)] == ["release"]
    assert fresh(entry).is_published
