"""What was decided here is done on Facebook by hand: by few taps, and told as done only then."""

import re

import pytest
from playwright.sync_api import Page, expect

from console.entries import decisions
from console.platforms import tasks
from models import Delivery, Entry
from tests.browser.conftest import DESKTOP, PHONE, card, sign_in
from tests.cast import fresh, on_facebook, rule, submission, take

BOTH = pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
LIST = "/platforms/tasks"
THERE = "https://www.facebook.com/groups/leoncin/posts/1/"


@pytest.fixture
def pending(scene) -> Entry:
    """A post that Facebook holds, as staff saw it there."""
    on_facebook(scene.group)
    held = {"by": "platform", "reason": "spam"}
    entry = take(scene.group, id="pending", text="Zebranie OSP w sobotę o 18.", held=held)
    Entry.update(stands=Entry.PENDING).where(Entry.id == entry.id).execute()
    return fresh(entry)


@pytest.fixture
def at_work(visit, scene, pending, complaints):
    complaints.expect(THERE)

    def open_page(viewport=DESKTOP, who=None, **how) -> Page:
        page = visit(viewport, **how)
        if how:
            sign_in(page, who or scene.anna)
        else:
            with page.expect_response("**/queue/live*"):
                sign_in(page, who or scene.anna)
        return page

    return open_page


def remove(scene) -> Entry:
    entry = scene.reported
    decisions.remove(fresh(entry), scene.anna, submission(entry), [rule(scene.group)])
    return entry


def task() -> Delivery:
    return Delivery.get()


def opens_facebook(page: Page) -> None:
    """In a tab of its own. That is no address here; the browser asking for it is what counts."""
    button = page.get_by_role("button", name="Otwórz na Facebooku")
    asked = page.context.expect_event("request", lambda each: each.url.startswith(THERE))
    with asked, page.context.expect_page() as opened:
        button.click()
    opened.value.close()


def fits(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@BOTH
def test_the_nights_job_takes_three_taps_from_the_entrys_page(at_work, pending, viewport):
    page = at_work(viewport)
    page.goto(f"/entries/{pending.id}")
    mine = card(page, pending)
    mine.get_by_role("button", name="Przepuść", exact=True).click()
    expect(mine.locator(".delivery")).to_have_text("zapisane – do wykonania na Facebooku")
    assert fits(page)
    opens_facebook(page)
    mine.get_by_role("button", name="Zrobione").click()
    expect(mine.locator(".delivery")).to_contain_text("zrobione na Facebooku – anna")
    expect(mine.get_by_role("button", name="Zrobione")).to_be_hidden()
    assert (task().state, fresh(pending).platform_state) == (Delivery.DONE, Entry.PUBLISHED)


@BOTH
def test_a_removal_is_a_task_and_once_done_leaves_the_list(at_work, scene, viewport):
    page = at_work(viewport)
    count = page.locator("#lists .tasks .count")
    expect(count).to_have_text("0")
    remove(scene)
    expect(count).to_have_text("1")  # by the live feed
    page.locator("#lists .tasks").click()
    row = page.locator(".task")
    expect(row.get_by_role("heading")).to_have_text("Usuń post")
    assert fits(page)
    row.get_by_role("button", name="Zrobione").click()
    expect(row.locator(".done")).to_contain_text("Zrobione na Facebooku – anna")
    expect(count).to_have_text("0")
    page.reload()
    expect(page.locator(".task")).to_have_count(0)


@BOTH
def test_what_cannot_be_done_is_said_with_a_reason_and_stands_on_the_card(at_work, scene, viewport):
    entry = remove(scene)
    page = at_work(viewport)
    page.goto(LIST)
    row = page.locator(".task")
    row.locator("summary").click()
    row.get_by_label("Dlaczego się nie da").fill("Nie ma przycisku")
    assert fits(page)
    row.get_by_role("button", name="Nie da się").click()
    expect(row.locator(".done")).to_contain_text("Nie da się: Nie ma przycisku – anna")
    page.goto(f"/entries/{entry.id}")
    expect(card(page, entry).locator(".delivery")).to_contain_text("na Facebooku nadal widoczny")


def test_g_d_goes_to_the_list(at_work):
    page = at_work()
    page.keyboard.press("g")
    page.keyboard.press("d")
    expect(page).to_have_url(re.compile(f"{LIST}$"))
    expect(page.locator("#lists [aria-current]")).to_have_text(re.compile("Do wykonania"))


def test_two_people_see_who_has_opened_a_task_and_what_became_of_it(at_work, scene):
    remove(scene)
    page, other = at_work(), at_work(who=scene.jan)
    for each in (page, other):
        with each.expect_response("**/queue/live*"):
            each.goto(LIST)
    opens_facebook(page)
    expect(other.locator(".task")).to_contain_text(re.compile(r"anna-\d+ otworzył\(a\)"))
    tasks.done(task(), scene.anna)
    expect(other.locator(".task .done")).to_contain_text("Zrobione na Facebooku – anna")
    expect(other.locator("#lists .tasks .count")).to_have_text("0")


def test_the_message_to_the_author_is_copied(at_work, scene):
    remove(scene)
    page = at_work()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(LIST)
    page.locator(".task summary").click()
    page.get_by_role("button", name="Kopiuj wiadomość").click()
    expect(page.get_by_role("button", name="Skopiowano")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("Dzień dobry. Usunęliśmy post w grupie")


def test_without_javascript_the_list_works(at_work, scene):
    remove(scene)
    page = at_work(javascript=False)
    page.goto(LIST)
    opens_facebook(page)
    page.get_by_role("button", name="Zrobione").click()
    expect(page.locator(".task .done")).to_contain_text("Zrobione na Facebooku – anna")
    assert task().state == Delivery.DONE
