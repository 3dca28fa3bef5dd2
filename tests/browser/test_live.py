"""What others do shows on every open console, where it happened, and nothing else is disturbed."""

import json
import re
import time
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import HTTPConnection, HTTPResponse

import pytest
from playwright.sync_api import Page, expect

from console.entries import decisions
from console.groups import contracts, groups, units
from console.people import users
from console.storage import now
from models import Entry, User
from tests.browser.conftest import DESKTOP, PHONE, card, sign_in
from tests.cast import DAY, rule, submission, take, user

STREAM = "**/queue/live*"
WHEN_TOLD = """() => new MutationObserver(() => (window.toldAt ??= Date.now()))
    .observe(document.getElementById("pill"), {childList: true})"""


@pytest.fixture
def stream():
    """stream(page) is the live feed as the session of that page gets it.

    A silent feed says so every 15 s, and looks then whether it may go on; ours waits for less.
    """
    with ExitStack() as opened:

        def of(page: Page) -> HTTPResponse:
            cookies = (f"{each['name']}={each['value']}" for each in page.context.cookies())
            connection = HTTPConnection(page.url.split("/")[2], timeout=10)
            opened.callback(connection.close)
            headers = {"Cookie": "; ".join(cookies), "Accept": "text/event-stream"}
            address = page.locator("body").get_attribute("data-live")
            connection.request("GET", address, headers=headers)
            return opened.enter_context(connection.getresponse())

        yield of


def test_a_new_held_entry_shows_on_every_open_console_within_a_second(visit, scene):
    pages = visit(), visit(PHONE)
    for page, who in zip(pages, (scene.anna, scene.jan), strict=True):
        _listen(page, who)
        page.evaluate(WHEN_TOLD)
    take(scene.group, id="new", text="Ten idiota znowu pali liście.")
    committed = time.time() * 1000
    for page in pages:
        expect(page.locator("#pill a")).to_have_text("Zatrzymane: 1 nowy")
        expect(page.locator("#lists .held .count")).to_have_text("4")
        assert page.evaluate("toldAt") - committed < 1000
        expect(page.locator(".card")).to_have_count(3)
    take(scene.group, id="newer", text="I ten idiota też.")
    expect(pages[0].locator("#pill a")).to_have_text("Zatrzymane: 2 nowe")
    pages[0].locator("#pill a").click()
    expect(pages[0].locator(".card")).to_have_count(5)


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_colleagues_decision_greys_the_card_where_it_stands(visit, scene, viewport):
    page = visit(viewport)
    _listen(page, scene.anna)
    first, second, third = scene.held
    page.keyboard.type("jt")  # a sheet of the first card stands open
    asked = page.evaluate("document.activeElement.outerHTML")
    places = _places(page, [first, third])
    decisions.remove(second, scene.jan, submission(second), [rule(scene.group)])
    expect(card(page, second)).to_have_class(re.compile(r"\bdecided\b"))
    expect(card(page, second)).to_contain_text(f"Usunięto – {scene.jan.name}")
    expect(card(page, second).locator(".state")).to_have_text("usunięty")
    expect(page.locator("#lists .held .count")).to_have_text("2")
    assert _places(page, [first, third]) == pytest.approx(places, abs=0.5)
    expect(card(page, first).locator(".tagging.asked")).to_be_visible()
    assert page.evaluate("document.activeElement.outerHTML") == asked
    page.keyboard.press("2")  # and goes on as if nothing had been
    expect(card(page, first).locator(".tags")).to_be_visible()
    assert [verb for verb, *_rest in scene.decided(first)] == ["tag"]


def test_a_report_about_what_was_decided_leaves_its_card_to_be_decided(visit, scene):
    entry = scene.reported
    decisions.keep(entry, scene.jan, submission(entry))
    take(scene.group, "report.created", id="again", entry_id=entry.external_id, reason="hejt")
    page = visit()
    _listen(page, scene.anna)
    page.goto("/queue/reported")
    page.wait_for_load_state("load")
    take(scene.group, "report.created", id="more", entry_id=entry.external_id, reason="groźby")
    expect(card(page, entry)).to_contain_text("2 zgłoszenia")
    expect(page.locator("#lists [aria-current]")).to_have_text(re.compile("Zgłoszone"))
    card(page, entry).get_by_role("button", name="Zostaw").click()
    expect(card(page, entry)).to_contain_text(f"Zostawiono – {scene.anna.name}")
    expect(page.locator("#lists [aria-current]")).to_have_text(re.compile("Zgłoszone"))


def test_a_report_that_comes_disturbs_nobody(visit, scene):
    page = visit(PHONE)
    _listen(page, scene.anna)
    first, second, third = (card(page, entry) for entry in scene.held)

    def report(number: int) -> None:
        entry = scene.held[number]
        take(scene.group, "report.created", id=f"r{number}", entry_id=entry.external_id)

    first.get_by_role("checkbox").check()
    second.get_by_role("link", name="Autor 2").focus()
    third.get_by_role("button", name="Usuń…").click()
    report(0)
    expect(first).to_contain_text("1 zgłoszenie")
    expect(first.get_by_role("checkbox")).to_be_checked()
    expect(page.locator("#several .chosen")).to_have_text("Zaznaczono: 1")

    report(2)
    expect(page.locator("#lists .reported .count")).to_have_text("3")
    page.wait_for_timeout(300)
    expect(third.locator(".rules:popover-open")).to_be_visible()
    page.keyboard.press("Escape")
    expect(third).to_contain_text("1 zgłoszenie")

    second.get_by_role("link", name="Autor 2").focus()
    report(1)
    expect(second).to_contain_text("1 zgłoszenie")
    expect(second).to_be_focused()


def test_the_pill_leads_to_what_is_new_from_wherever_it_stands(visit, scene):
    page = visit(PHONE)
    _listen(page, scene.anna)
    page.goto(f"/queue/held?group={scene.group.slug}&kind=comment")
    page.wait_for_load_state("load")
    page.get_by_role("link", name="Menu").click()
    entry = take(scene.group, id="new", text="Ten idiota znowu pali liście.")
    page.locator("#pill a").click()
    expect(card(page, entry)).to_be_attached()
    expect(page.locator("#pill")).to_be_empty()


def test_what_is_reported_once_more_is_still_new(visit, scene):
    page = visit()
    _listen(page, scene.anna)
    page.goto("/queue/reported")
    page.wait_for_load_state("load")
    take(scene.group, id="new", text="Sprzedam rower.")
    take(scene.group, "report.created", id="n1", entry_id="new", reason="spam")
    expect(page.locator("#pill a")).to_have_text("Zgłoszone: 1 nowy")
    take(scene.group, "report.created", id="n2", entry_id="new", reason="spam")
    take(scene.group, "report.created", id="r2", entry_id=scene.reported.external_id)
    expect(card(page, scene.reported)).to_contain_text("2 zgłoszenia")  # told with it, or after it
    expect(page.locator("#pill a")).to_have_text("Zgłoszone: 1 nowy")


def test_z_undoes_nothing_that_a_colleague_decided(visit, scene):
    page = visit()
    _listen(page, scene.anna)
    page.keyboard.press("j")
    decisions.release(scene.held[1], scene.jan, submission(scene.held[1]))
    expect(card(page, scene.held[1])).to_contain_text("Przepuszczono")
    expect(card(page, scene.held[0])).to_be_focused()
    page.keyboard.press("z")
    page.wait_for_timeout(200)
    assert [verb for verb, *_rest in scene.decided(scene.held[1])] == ["release"]


def test_what_happened_while_the_network_was_gone_arrives_afterwards(
    visit, wire, scene, complaints
):
    complaints.expect("net::ERR_")
    page = visit(wire=wire)
    _listen(page, scene.anna)
    wire.cut()
    take(scene.group, id="new", text="Ten idiota znowu pali liście.")
    decisions.release(scene.held[0], scene.jan, submission(scene.held[0]))
    take(scene.group, id="other", text="Sprzedam rower.")
    take(scene.group, "report.created", id="r-other", entry_id="other", reason="spam")
    page.wait_for_timeout(3_500)  # the browser has tried once more, in vain
    expect(page.locator("#pill")).to_be_empty()
    wire.heard = b""
    wire.mend()
    expect(page.locator("#pill a")).to_have_text("Zatrzymane: 1 nowy")
    expect(card(page, scene.held[0])).to_contain_text(f"Przepuszczono – {scene.jan.name}")
    for name, number in (("held", "3"), ("reported", "2")):
        expect(page.locator(f"#lists .{name} .count")).to_have_text(number)
    assert re.search(rb"Last-Event-ID: \d+", wire.heard, re.IGNORECASE)


@pytest.mark.parametrize("how", ["refused", "broken off"])
def test_where_no_stream_comes_through_the_page_asks_now_and_then(visit, scene, how, complaints):
    complaints.expect("status of 503", "net::ERR_")
    page = visit()
    page.clock.install()

    def no_stream(route):
        if route.request.headers["accept"] != "text/event-stream":
            route.continue_()
        elif how == "refused":
            route.fulfill(status=503)
        else:
            route.abort()

    page.route(STREAM, no_stream)
    sign_in(page, scene.anna)
    page.clock.fast_forward(10_000)
    take(scene.group, id="new", text="Ten idiota znowu pali liście.")
    page.clock.fast_forward(10_000)
    expect(page.locator("#pill a")).to_have_text("Zatrzymane: 1 nowy")


def test_whose_session_ends_hears_no_more_and_is_told_so(visit, scene, stream):
    eva = user(f"eva-{scene.group.slug}", User.MODERATOR, scene.group)
    pages = []
    for who in (scene.anna, scene.jan, eva):
        pages.append(page := visit())
        _listen(page, who)
    streams = [stream(page) for page in pages]
    annas_phone = visit(PHONE)
    _listen(annas_phone, scene.anna)

    tab = pages[0].context.new_page()
    tab.goto("/queue/held")
    tab.get_by_role("button", name="Wyloguj się").click()
    expect(tab.get_by_label("Hasło")).to_be_visible()
    users.deactivate(scene.jan)
    users.change_password(eva, "quiet lantern seldom swims")
    for each in streams:
        each.read()  # to its end: a stream that goes on would time out
    for page in pages:
        expect(page.locator("#pill")).to_have_text(
            "Sesja się skończyła. Zaloguj się ponownie.", timeout=10_000
        )
    take(scene.group, id="new", text="Ten idiota znowu pali liście.")
    expect(annas_phone.locator("#pill a")).to_have_text("Zatrzymane: 1 nowy")


def test_nothing_is_heard_of_groups_without_a_seat(visit, scene, stream):
    other = groups.create(f"other-{scene.group.slug}", "Inna", scene.group.municipality)
    elsewhere = groups.create(f"third-{scene.group.slug}", "Trzecia", scene.group.municipality)
    users.seat(scene.anna, [scene.group, other])
    page = visit()
    sign_in(page, scene.anna)
    heard = _heard(stream(page))
    next(heard)  # how things stand
    take(elsewhere, id="unheard", text="Ten idiota.")
    there = take(other, id="there", text="Ten idiota.")
    assert [each["id"] for each in next(heard)["entries"]] == [there.id]
    users.seat(scene.anna, [scene.group])
    take(other, id="no-more", text="Ten idiota.")
    here = take(scene.group, id="here", text="Ten idiota.")
    told = next(heard)
    assert [each["id"] for each in told["entries"]] == [here.id]
    assert told["counts"]["held"] == 4


def test_what_the_platform_stopped_of_a_unit_colours_the_pill(visit, scene):
    page = visit(PHONE)
    _listen(page, scene.anna)
    contracts.sign(scene.group, now().date() - DAY, None, 385_000)
    unit = units.name_unit(scene.group, "safety", "OSP", "OSP Leoncin")
    author = {"id": "osp", "name": "OSP Leoncin", "url": "https://www.facebook.com/osp"}
    units.designate(unit, *author.values())
    take(scene.group, id="calm", text="Ten idiota znowu pali liście.")
    pill = page.locator("#pill")
    expect(pill.get_by_role("link")).to_have_text("Zatrzymane: 1 nowy")
    calm = pill.evaluate("each => getComputedStyle(each).backgroundColor")
    take(
        scene.group,
        id="urgent",
        text="Pożar lasu.",
        author=author,
        held={"by": "platform", "reason": "spam"},
    )
    expect(pill.get_by_role("link")).to_have_text(re.compile("2 nowe"))
    expect(pill).to_contain_text("pilne")
    assert pill.evaluate("each => getComputedStyle(each).backgroundColor") != calm
    urgent = Entry.get(Entry.external_id == "urgent")
    decisions.release(urgent, scene.jan, submission(urgent))
    expect(pill.get_by_role("link")).to_have_text("Zatrzymane: 1 nowy")


def _listen(page: Page, who: User) -> None:
    """Signed in, with the stream open."""
    with page.expect_response(STREAM):
        sign_in(page, who)


def _places(page: Page, entries: list[Entry]) -> list[float]:
    return [side for each in entries for side in card(page, each).bounding_box().values()]


def _heard(stream: HTTPResponse) -> Iterator[dict]:
    while line := stream.readline():
        if line.startswith(b"data: "):
            yield json.loads(line[6:])
