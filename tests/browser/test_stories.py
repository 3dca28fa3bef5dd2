"""An entry's page on a phone and on paper; an author's page and its notes."""

import pytest
from playwright.sync_api import expect

from models import Note
from tests.browser.conftest import DESKTOP, PHONE, SMALLEST, sign_in
from tests.cast import take


@pytest.fixture
def comment(scene):
    """A comment that was edited and reported, in a conversation."""
    take(scene.group, id="post", text="Remont drogi na Leśnej")
    take(scene.group, id="comment", kind="comment", parent_id="post", text="Wójt to idiota")
    said = take(
        scene.group,
        "entry.updated",
        id="comment",
        kind="comment",
        parent_id="post",
        text="Wójt to anioł " + "x" * 200,
    )
    take(scene.group, "report.created", id="c", entry_id="comment", reason="hejt")
    for number in range(15):
        take(scene.group, id=f"c{number}", kind="comment", parent_id="comment", text="Głos")
    return said


@pytest.mark.parametrize("viewport", [SMALLEST, PHONE, DESKTOP], ids=["320", "phone", "desktop"])
def test_an_entrys_story_fits_and_leads_around_the_conversation(visit, scene, comment, viewport):
    page = visit(viewport)
    sign_in(page, scene.anna)
    page.goto(f"/entries/{comment.id}")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(page.locator(".change ins").first).to_be_visible()
    page.locator(".jump").click()
    expect(page.locator("#here")).to_be_in_viewport()
    page.locator(".turns a").first.click()
    expect(page.locator(".card .text")).to_have_text("Remont drogi na Leśnej")


def test_on_paper_there_are_facts_and_no_buttons(visit, scene, comment):
    page = visit(DESKTOP)
    sign_in(page, scene.anna)
    page.goto(f"/entries/{comment.id}")
    expect(page.locator(".printed")).to_be_hidden()
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.locator(".printed")).to_contain_text(f"/entries/{comment.id}")
    expect(page.locator(".card .text")).to_be_visible()
    for shown in ("thread", "reports", "changes", "trail"):
        expect(page.locator(f"#{shown}")).to_be_visible()
    expect(page.locator("button:visible, input:visible, nav:visible")).to_have_count(0)
    colours = "getComputedStyle(document.body).{}".format
    assert page.evaluate(colours("color")) == "rgb(0, 0, 0)"
    assert page.evaluate(colours("backgroundColor")) == "rgb(255, 255, 255)"


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
@pytest.mark.parametrize("viewport", [SMALLEST, DESKTOP], ids=["320", "desktop"])
def test_a_note_is_written_and_struck(visit, scene, complaints, viewport, javascript):
    complaints.expect("400")
    page = visit(viewport, javascript=javascript)
    sign_in(page, scene.anna)
    author = scene.held[0].profile
    page.goto(f"/queue/authors/{author.id}")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    notes, field = page.locator("#notes"), page.locator("#notes textarea")
    field.fill("Rozmawiałam z nim.\nObiecał poprawę.")
    notes.locator("form button").first.click()
    expect(notes.locator("li")).to_contain_text(scene.anna.name)
    expect(field).to_have_value("")
    field.fill(" ")
    notes.locator("form button").first.click()
    expect(notes.locator(".refusal")).to_be_visible()
    expect(notes.locator("li")).to_have_count(1)
    notes.locator("li summary").click()
    assert Note.select().where(Note.profile == author).exists()  # it asks first
    notes.locator("li button").click()
    expect(notes.locator("li")).to_have_count(0)
    assert not Note.select().where(Note.profile == author).exists()
