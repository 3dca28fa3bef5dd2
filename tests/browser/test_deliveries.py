"""Whoever decided sees on the card what became of it outside, and in the menu what could not be sent."""

import re
import threading
from dataclasses import replace
from datetime import timedelta
from http.server import ThreadingHTTPServer

import pytest
from playwright.sync_api import Page, expect

from console import config
from console.entries import decisions
from console.platforms import connections, outbox
from console.storage import now
from models import Delivery
from tests.browser.conftest import DESKTOP, PHONE, card, sign_in
from tests.cast import fresh, submission, user
from tests.platforms.test_outbox import Receiver


@pytest.fixture
def receiver(scene):
    """A real server to which the group's decisions are sent; `answers` are its next statuses."""
    before = config.settings()
    config.use(replace(before, allow_private_addresses=True))
    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    server.got, server.answers = [], []
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    connections.set_address(scene.group, f"http://127.0.0.1:{server.server_port}/hook")
    yield server
    server.shutdown()
    server.server_close()
    config.use(before)


def attempt() -> None:
    """The worker's next attempt, without the wait before it."""
    Delivery.update(due=now()).where(Delivery.pending()).execute()
    delivery = outbox.claim(now())
    assert delivery
    outbox.attempt(delivery)


def give_up(receiver) -> None:
    """The worker tries once more, in vain, after all those that it may."""
    receiver.answers = [500]
    Delivery.update(attempts=len(outbox.DELAYS)).where(Delivery.pending()).execute()
    attempt()
    assert Delivery.get().state == Delivery.FAILED


def released(page: Page, scene):
    entry = scene.held[0]
    card(page, entry).get_by_role("button", name="Przepuść").click()
    words = card(page, entry).locator(".delivery")
    expect(words).to_have_text("czeka na wysłanie na platformę")
    return words


@pytest.fixture
def listening(visit, scene, receiver):
    def open_page(viewport=DESKTOP) -> Page:
        page = visit(viewport)
        with page.expect_response("**/queue/live*"):
            sign_in(page, scene.anna)
        return page

    return open_page


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_card_follows_its_delivery_until_it_is_sent(listening, scene, receiver, viewport):
    page = listening(viewport)
    words = released(page, scene)
    receiver.answers = [503]
    attempt()
    expect(words).to_have_text(
        re.compile(r"ponawiamy: odbiorca nie przyjął decyzji: HTTP 503; następna próba .*\d\d:\d\d")
    )
    attempt()
    expect(words).to_have_text("wysłano na platformę")
    expect(page.locator("#lists .failed")).to_be_hidden()
    expect(page.locator("#pill")).to_be_empty()


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_what_is_given_up_shows_on_the_card_and_in_the_menu_and_can_be_sent_again(
    listening, scene, receiver, viewport
):
    page = listening(viewport)
    words = released(page, scene)
    give_up(receiver)
    expect(words).to_have_text("NIE WYSŁANO: odbiorca nie przyjął decyzji: HTTP 500")
    expect(page.locator("#announcements")).to_contain_text("NIE WYSŁANO")
    item = page.locator("#lists .failed")
    expect(item).to_be_visible()
    expect(item).to_have_text(re.compile(r"Nie wysłano\s+1"))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    item.click()
    expect(page.locator("#lists [aria-current]")).to_have_text(re.compile("Nie wysłano"))
    page.get_by_role("button", name="Wyślij ponownie").click()
    expect(page.get_by_role("status").first).to_contain_text("Ponowiono wysyłanie 1 decyzji.")
    expect(item).to_be_hidden()
    attempt()
    assert Delivery.get().state == Delivery.DELIVERED


def test_a_colleague_sees_the_card_change_and_an_administrator_the_menu(
    visit, listening, scene, receiver
):
    boss = user(f"boss-{scene.group.slug}", "administrator")
    page, others = listening(), {}
    for who in (scene.jan, boss):
        others[who] = visit()
        with others[who].expect_response("**/queue/live*"):
            sign_in(others[who], who)
    released(page, scene)
    for other in others.values():
        expect(card(other, scene.held[0]).locator(".delivery")).to_be_visible()
    give_up(receiver)
    for other in others.values():
        expect(card(other, scene.held[0]).locator(".delivery.failed")).to_be_visible()
    expect(others[boss].locator("#lists .failed")).to_be_visible()
    expect(others[scene.jan].locator("#lists .failed")).to_be_hidden()


def test_a_card_that_shows_no_delivery_is_not_fetched_for_one(listening, scene, receiver):
    entry = scene.reported
    decisions.hold(entry, scene.anna, submission(entry))
    page = listening()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    attempt()
    released(page, scene)  # the feed has told of what was before
    give_up_at = len(asked)
    attempt()
    expect(card(page, scene.held[0]).locator(".delivery")).to_have_text("wysłano na platformę")
    fetched = [url for url in asked if "/queue/cards" in url]
    assert all(f"id={entry.id}&" not in url for url in fetched)
    assert len([url for url in asked[give_up_at:] if "/queue/cards" in url]) == 1


def test_an_entrys_own_page_renews_the_words_and_nothing_else(listening, scene, receiver):
    entry = scene.held[0]
    decisions.release(entry, scene.anna, submission(entry))
    page = listening()
    with page.expect_response("**/queue/live*"):
        page.goto(f"/entries/{entry.id}")
    words = card(page, entry).locator(".delivery")
    expect(words).to_have_text("czeka na wysłanie na platformę")
    key = card(page, entry).locator("input[name=key]").get_attribute("value")
    attempt()
    expect(words).to_have_text("wysłano na platformę")
    expect(page.locator("#pill")).to_be_empty()
    assert card(page, entry).locator("input[name=key]").get_attribute("value") == key


def test_without_javascript_the_page_sends_again(visit, scene, receiver):
    decisions.release(scene.held[0], scene.anna, submission(scene.held[0]))
    give_up(receiver)
    page = visit(javascript=False)
    sign_in(page, scene.anna)
    page.locator("#lists .failed").click()
    page.get_by_role("button", name="Wyślij ponownie").click()
    expect(page.get_by_text("Nic tu nie ma: nie zaniechano")).to_be_visible()
    assert fresh(Delivery.get()).due <= now() + timedelta(seconds=1)
