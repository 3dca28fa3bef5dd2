"""Setting up screeners and rules, as an administrator does it."""

import re
from itertools import count

import pytest
from playwright.sync_api import expect

from console.screening import replay
from models import Replay, Rule, Screener, User
from tests.browser.conftest import DESKTOP, PHONE, SMALLEST, sign_in
from tests.cast import user

_numbers = count(1)


@pytest.fixture
def administrator(scene) -> User:
    return user(f"administrator-{next(_numbers)}", User.ADMINISTRATOR)


@pytest.fixture
def words(scene) -> Screener:
    """The screener of the cast, made after the built-in ones."""
    return Screener.select().where(Screener.name == "Wyzwiska").order_by(Screener.id.desc()).get()


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_what_is_typed_is_marked_at_once(visit, administrator, viewport):
    page = visit(viewport)
    sign_in(page, administrator)
    page.goto("/screening/")
    page.wait_for_load_state("load")
    page.locator("textarea[name=text]").press_sequentially("To jest idiota!")
    expect(page.locator("#tried mark")).to_have_text("idiota")
    expect(page.locator("textarea[name=text]")).to_be_focused()


def test_why_words_cannot_be_inflected_is_said_where_it_was_asked(
    visit, administrator, words, complaints
):
    complaints.expect("status of 400")
    page = visit()
    sign_in(page, administrator)
    page.goto(f"/screening/{words.id}")
    page.wait_for_load_state("load")
    many = "\n".join(f"słowo{n}" for n in range(2001))
    page.locator("textarea[name=alone]").evaluate("(field, text) => (field.value = text)", many)
    page.get_by_role("button", name="Odmień").click()
    expect(page.locator("#settings").get_by_role("alert")).to_contain_text("2000")


def test_the_form_is_tried_before_it_is_saved(visit, administrator, words):
    page = visit()
    sign_in(page, administrator)
    page.goto(f"/screening/{words.id}")
    page.wait_for_load_state("load")
    page.locator("textarea[name=alone]").fill("kanapa")
    page.locator("textarea[name=text]").press_sequentially("Oddam: kanapa.")
    expect(page.locator("#tried mark")).to_have_text("kanapa")
    assert Screener.get_by_id(words.id).version == words.version


def test_a_replay_shows_its_progress_and_then_its_outcome(visit, administrator, words, scene):
    page = visit()
    sign_in(page, administrator)
    page.goto(f"/screening/{words.id}")
    page.locator("select[name=group]").select_option(str(scene.group.id))
    page.locator("button[value=replay]").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(page.locator(".verdict")).to_have_count(0)
    row = Replay.select().order_by(Replay.id.desc()).get()
    replay.run_soon.call_local(row.id)
    expect(page.locator("[aria-live] .verdict")).to_contain_text(re.compile(r"\b3\b.*\b4\b"))
    expect(page.locator("#replayed mark")).to_have_count(3)


def test_a_replay_works_without_scripts(visit, administrator, words):
    page = visit(javascript=False)
    sign_in(page, administrator)
    page.goto(f"/screening/{words.id}")
    page.locator("button[value=replay]").click()
    replay.run_soon.call_local(Replay.select().order_by(Replay.id.desc()).get().id)
    page.locator("#progress a").click()
    expect(page.locator(".verdict")).to_be_visible()


def test_words_are_inflected_in_place(visit, administrator, words):
    page = visit()
    sign_in(page, administrator)
    page.goto(f"/screening/{words.id}")
    page.wait_for_load_state("load")
    page.locator("input[name=name]").fill("Nowa nazwa")
    page.locator("textarea[name=alone]").fill("idiota\nkanapa")
    page.locator("button[value=inflect]").click()
    expect(page.locator(".field:has(#alone) .forms details")).to_have_count(2)
    expect(page.locator("input[name=name]")).to_have_value("Nowa nazwa")


def test_rules_are_reordered_from_the_keyboard(visit, administrator, scene):
    page = visit()
    sign_in(page, administrator)
    page.goto(f"/groups/{scene.group.slug}/rules")
    page.wait_for_load_state("load")
    spam = Rule.get((Rule.group == scene.group) & (Rule.code == "spam"))
    up = page.locator(f"#up-{spam.id}")
    up.focus()
    place = spam.position
    for _press in range(2):
        place -= 1
        page.keyboard.press("Enter")
        row = page.locator(".rulebook li").nth(place - 1)
        expect(row).to_have_id(f"rule-{spam.id}")
        expect(up).to_be_focused()
    assert Rule.get_by_id(spam.id).position == place


@pytest.mark.parametrize(
    "path", ["/screening/", "/screening/{}", "/screening/new/pattern", "rules"]
)
def test_nothing_scrolls_sideways_on_the_smallest_phone(visit, administrator, words, scene, path):
    page = visit(SMALLEST)
    sign_in(page, administrator)
    page.goto(f"/groups/{scene.group.slug}/rules" if path == "rules" else path.format(words.id))
    assert page.evaluate("document.documentElement.scrollWidth") <= SMALLEST["width"]
