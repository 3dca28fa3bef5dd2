"""What only a browser can say: focus, double clicks, the widths of phones, the page's policy."""

import re

import pytest
from playwright.sync_api import Page, expect

from models import User
from tests.browser.conftest import (
    DESKTOP,
    PHONE,
    SMALLEST,
    arrive,
    card,
    hears_of_nothing,
    settled,
    sign_in,
)
from tests.cast import event, fresh, take, user


def test_a_decision_that_came_too_late_shows_in_place_how_it_stands(visit, scene, complaints):
    complaints.expect("status of 409")
    annas, jans = visit(), visit()
    hears_of_nothing(jans)
    sign_in(annas, scene.anna)
    sign_in(jans, scene.jan)
    entry = scene.held[0]
    card(annas, entry).get_by_role("button", name="Przepuść", exact=True).click()
    expect(card(annas, entry)).to_contain_text("Przepuszczono")

    jans.evaluate("window.before = 'the same page'")
    card(jans, entry).get_by_role("button", name="★ Hejt – atak na osobę").click()
    late = card(jans, entry)
    expect(late.get_by_role("alert")).to_contain_text("Ktoś był szybszy")
    expect(late).to_contain_text(f"Przepuszczono – {scene.anna.name}")
    expect(late.locator(".state")).to_have_text("opublikowany")
    expect(late).to_be_focused()
    assert jans.evaluate("window.before") == "the same page"
    assert scene.decided(entry) == [("release", "held", "published", scene.anna.name)]

    # From the card as it now is, jan can decide anew.
    late.get_by_role("button", name="Zatrzymaj").click()
    expect(card(jans, entry)).to_contain_text(f"Zatrzymano – {scene.jan.name}")
    assert fresh(entry).is_held


def test_too_late_without_javascript_is_a_page_that_says_so(visit, scene, complaints):
    complaints.expect("status of 409")
    annas, jans = visit(), visit(PHONE, javascript=False)
    sign_in(annas, scene.anna)
    sign_in(jans, scene.jan)
    entry = scene.held[0]
    card(annas, entry).get_by_role("button", name="Przepuść", exact=True).click()
    expect(card(annas, entry)).to_contain_text("Przepuszczono")
    card(jans, entry).get_by_role("button", name="★ Hejt – atak na osobę").click()
    expect(jans.get_by_role("heading", level=1)).to_have_text("Nie wykonano")
    expect(card(jans, entry).get_by_role("alert")).to_contain_text("Ktoś był szybszy")
    expect(card(jans, entry)).to_contain_text(f"Przepuszczono – {scene.anna.name}")
    assert len(scene.decided(entry)) == 1


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
@pytest.mark.parametrize("verb", ["Przepuść", "★ Hejt – atak na osobę"])
def test_a_double_click_decides_once(visit, scene, verb, javascript):
    page = visit(javascript=javascript)
    sign_in(page, scene.anna)
    entry = scene.held[0]
    card(page, entry).get_by_role("button", name=verb, exact=True).dblclick()
    expect(card(page, entry).locator(".outcome")).to_be_visible()
    page.wait_for_load_state()
    assert [verb for verb, *_rest in scene.decided(entry)] in (["release"], ["remove"])


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("verb", ["Przepuść", "★ Hejt – atak na osobę"])
def test_a_slow_double_click_does_not_hit_what_stands_there_afterwards(
    visit, scene, verb, viewport
):
    page = visit(viewport)
    sign_in(page, scene.anna)
    entry = scene.held[0]
    button = card(page, entry).get_by_role("button", name=re.compile(f"{verb}$"))
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    at = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    settled(page)
    page.mouse.click(*at)
    expect(card(page, entry).locator(".outcome")).to_be_visible()
    settled(page)
    page.mouse.click(*at)  # the second half of a slow double click, after the answer came
    page.wait_for_timeout(300)
    assert len(scene.decided(entry)) == 1, scene.decided(entry)


def test_after_a_decision_the_keyboard_stands_on_the_next_card(visit, scene):
    page = visit()
    page.goto("/")
    expect(page.get_by_label("Nazwa użytkownika")).to_be_focused()  # from the start
    page.keyboard.type(scene.anna.name)
    page.keyboard.press("Tab")
    page.keyboard.type("correct horse battery")
    page.keyboard.press("Enter")
    arrive(page)
    first, second, third = scene.held
    card(page, first).get_by_role("button", name="Przepuść", exact=True).focus()
    page.keyboard.press("Enter")
    expect(card(page, second)).to_be_focused()
    expect(page.locator("#announcements")).to_contain_text(f"Przepuszczono – {scene.anna.name}")

    _tab_to(page, "release")
    page.keyboard.press("Enter")
    expect(card(page, third)).to_be_focused()
    _tab_to(page, "release")
    page.keyboard.press("Space")
    expect(card(page, third)).to_be_focused()  # the last one: the focus stays, and is not lost
    assert [fresh(entry).state for entry in scene.held] == ["published"] * 3


def test_the_focus_skips_cards_that_are_decided_already(visit, scene):
    page = visit()
    sign_in(page, scene.anna)
    first, second, third = scene.held
    card(page, second).get_by_role("button", name="Przepuść", exact=True).click()
    expect(card(page, third)).to_be_focused()
    card(page, first).get_by_role("button", name="Przepuść", exact=True).click()
    expect(card(page, third)).to_be_focused()


@pytest.mark.parametrize("viewport", [PHONE, SMALLEST], ids=["360 px", "320 px"])
def test_no_page_is_wider_than_the_phone(visit, scene, viewport, complaints):
    complaints.expect("status of 404")
    long = "Konstantynopolitańczykowianeczka" * 12
    entry = take(
        scene.group,
        id="long",
        text=f"Idiota {long}",
        author=event()["data"]["author"] | {"id": "long", "name": long[:200]},
        links=[f"https://example.org/{long}"],
        media=[{"type": "photo", "url": f"https://example.org/{long}.jpg", "alt": long}],
        held={"by": "platform", "reason": long},
    )
    take(scene.group, "report.created", id="long", entry_id="long", reason=long[:300], note=long)
    comment = take(scene.group, id="answer", kind="comment", parent_id="long", text=long)
    chief = user(f"chief-{'a' * 40}-{scene.group.id}", User.ADMINISTRATOR)

    page = visit(viewport)
    page.goto("/people/sign-in")
    _assert_fits(page)
    sign_in(page, chief)
    of = f"?group={scene.group.slug}"
    for path in (
        *(f"/queue/{name}{of}" for name in ("incoming", "held", "reported")),
        f"/queue/held{of}&decided={entry.id}",
        f"/entries/{entry.id}",
        f"/entries/{comment.id}",
        "/intake/capture",
        "/insight/decisions",
        "/insight/audit",
        "/people/users",
        "/people/account",
        "/nowhere",
    ):
        page.goto(path)
        _assert_fits(page)


def test_a_script_in_the_page_itself_is_refused(visit, scene, complaints):
    page = visit()
    sign_in(page, scene.anna)
    assert complaints == []
    page.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "window.intruder = true";
            document.body.append(script);
        }"""
    )
    assert page.evaluate("window.intruder") is None
    assert any("Content Security Policy" in said for said in complaints), complaints
    complaints.clear()


def _tab_to(page: Page, cls: str) -> None:
    for _step in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.className") == cls:
            return
    raise AssertionError(f"no tab stop is {cls}")


def _assert_fits(page: Page) -> None:
    wide, there = page.evaluate(
        "[document.scrollingElement.scrollWidth, document.scrollingElement.clientWidth]"
    )
    widest = page.evaluate(
        """() => [...document.querySelectorAll("body *")]
            .filter(e => e.getBoundingClientRect().right > innerWidth + 1)
            .map(e => `${e.tagName}.${e.className}`).slice(0, 5)"""
    )
    assert wide <= there, f"{page.url} is {wide} px wide on {there} px: {widest}"
