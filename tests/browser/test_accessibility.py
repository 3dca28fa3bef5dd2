"""WCAG 2.2 AA: what axe-core finds, what a screen reader hears, and the lists at 400 % zoom.

axe-core comes inside axe-playwright-python. Its scripts run past the page's policy, as all of
Playwright's do, so the policy stays as it is.
"""

from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect

from console import config
from console.demo import accounts
from console.entries import decisions
from console.groups import contracts, groups, units
from console.intake import pictures
from console.intake.capture import capture
from console.people import users
from console.platforms import connections, rounds, tasks
from console.queue import notes
from console.screening import replay
from console.storage import now
from models import (
    Delivery,
    Entry,
    Group,
    MailSignal,
    Profile,
    Replay,
    Report,
    Round,
    Screener,
    User,
)
from tests.browser.conftest import DESKTOP, PHONE, card, settled, sign_in
from tests.cast import (
    DAY,
    event,
    idiot_screener,
    link_in,
    on_facebook,
    rule,
    submission,
    take,
    user,
)
from tests.intake.test_pictures import file

AXE = "options => axe.run(options).then(result => result.violations)"
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EVERYTHING = {"runOnly": {"type": "tag", "values": STANDARDS}, "resultTypes": ["violations"]}
# The one thing that a scheme changes.
COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"], "resultTypes": ["violations"]}

# 1280 × 1024 px at 400 %, as WCAG's criterion of reflow has it.
ZOOMED = {"width": 320, "height": 256}

# Links within a sentence or a card's head are as tall as their line; WCAG excepts them.
TARGETS = (
    "button, .button, summary, select, input:not([type=hidden]), textarea, nav a, [role=status] a"
)
SMALL = """(targets) => [...document.querySelectorAll(targets)]
    .map(each => each.closest("label") ?? each)
    .filter(each => each.checkVisibility({visibilityProperty: true, opacityProperty: true}))
    .map(each => [each, each.getBoundingClientRect()])
    .filter(([_each, {width, height}]) => width && (width < 43.5 || height < 43.5))
    .map(([each, {width, height}]) =>
        `${each.tagName} "${each.textContent.trim() || each.name}" is ${width} × ${height}`)"""
SIDEWAYS = "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"

NOTHING_PASTED = (
    "Wklej link albo treść posta, albo dodaj jego zrzut ekranu. Wklej to, co skopiowano na "
    "Facebooku. Link wskazuje grupę i to, czy post już tu jest."
)

# Whether what has the focus can be seen: nothing covers it, and it has an outline.
FOCUSED = """() => {
    const focused = document.activeElement;
    if (focused === document.body) return null;
    const box = focused.getClientRects()[0];
    const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    const {outlineStyle, outlineWidth} = getComputedStyle(focused);
    return {
        what: focused.outerHTML.slice(0, 120),
        covered: focused.contains(top) ? "" : top?.outerHTML.slice(0, 120) ?? "the window's edge",
        outlined: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2,
    };
}"""


@dataclass(frozen=True)
class Desk:
    """A group with an entry of every kind, an empty group, and who sees both."""

    chief: User
    group: Group
    empty: Group
    urgent: Entry
    held: Entry
    removed: Entry
    comment: Entry
    opaque: Entry  # its link does not say what it leads to
    bare: Entry  # nobody knows more of it than its link
    task: Entry  # a person must carry out what was decided on it
    gone: Entry  # somebody did
    report: Report
    screener: Screener
    replay: Replay


# Every page that a user who has signed in can come to.
PAGES = {
    "lists": (
        "/queue/incoming?group={0.group.slug}",
        "/queue/held?group={0.group.slug}",
        "/queue/reported?group={0.group.slug}",
        "/queue/all?group={0.group.slug}",
        "/queue/held?group={0.empty.slug}",
    ),
    "searches": (
        "/queue/all?group={0.group.slug}&q=idiot",
        "/queue/all?group={0.group.slug}&q=nic",
        "/queue/held?group={0.group.slug}&decided={0.removed.id}",
    ),
    "decisions": ("/queue/mine",),
    "entries and authors": (
        "/entries/{0.removed.id}",
        "/entries/{0.comment.id}",
        "/queue/authors/{0.urgent.profile_id}",
        "/queue/authors/{0.comment.profile_id}",
        "/queue/reports/{0.report.id}/reporter",
    ),
    "rules and screeners": (
        "/groups/",
        "/groups/invoices",
        "/groups/{0.group.slug}",
        "/groups/{0.group.slug}/rules",
        "/screening/",
        "/screening/{0.screener.id}",
        "/screening/new/words",
        "/screening/replays/{0.replay.id}",
    ),
    "all else": (
        "/intake/capture",
        "/intake/capture?group={0.group.slug}&stands=reported",
        "/intake/ways",
        "/intake/capture?share=gone",
        "/intake/entries/{0.opaque.id}/address",
        "/intake/entries/{0.bare.id}/text",
        "/intake/entries/{0.bare.id}/author",
        "/entries/{0.bare.id}",
        "/insight/decisions",
        "/insight/audit",
        "/insight/memory",
        "/platforms/failed",
        "/platforms/tasks",
        "/entries/{0.task.id}",
        "/entries/{0.gone.id}",
        "/platforms/rounds",
        "/platforms/groups/{0.empty.slug}",
        "/platforms/preapprovals?group={0.empty.slug}",
        "/people/users",
        "/people/account",
        "/people/sessions",
        "/people/passkeys",
    ),
}


@pytest.fixture
def desk(scene) -> Desk:
    group = scene.group
    contracts.sign(group, now().date() - DAY, None, 385_000)
    chief = user(f"chief-{group.slug}", User.ADMINISTRATOR)
    held, _second, removed = scene.held
    connections.set_address(group, "https://platform.example/")
    decisions.remove(removed, scene.anna, submission(removed), [rule(group)])
    Delivery.update(state=Delivery.FAILED, last_error="no answer in time").execute()
    take(group, "entry.updated", id="held-1", text="Sąsiad to prawdziwy idiota.")
    comment = _comment(group, removed.profile)
    notes.write(comment.profile, scene.anna, "Dzwonił i przeprosił.")
    tried = replay.begin(idiot_screener(), group, 500, chief)
    replay.run(tried)
    share = "https://www.facebook.com/share/p/1AbCdEfGhI/"
    opaque = capture(group, chief, "Oddam szafę.", "Maria", share).entry
    bare = capture(group, chief, "", "", share + "2/").entry
    empty = groups.create(f"empty-{group.slug}", "Pusta", group.municipality)
    on_facebook(empty)
    contracts.sign(empty, now().date() - DAY, None, 385_000)
    unit = units.name_unit(empty, "safety", "OSP", "OSP Pusta")
    units.designate(unit, "osp", "OSP Pusta", "")
    MailSignal.create(mail="1", sender="facebookmail.com", subject="2 posty", queue="spam")
    rounds.check(Round.get(Round.queue == "privacy"), chief, 1, ".")
    screener = Screener.select().first()
    report, urgent = comment.reports.first(), _urgent(group)
    _stop(group, chief)
    pictures.keep(urgent, chief, file())
    entries = urgent, held, removed, comment, opaque, bare, *_on_facebook(group, chief)
    return Desk(chief, group, empty, *entries, report, screener, tried)


def _on_facebook(group: Group, by: User) -> tuple[Entry, Entry]:
    """Of a group of its own: what somebody opened and must still do, for too long; what was done."""
    there = on_facebook(groups.create(f"there-{group.slug}", "Na Facebooku", group.municipality))
    task, gone = take(there, id="task", text="Kup lek bez recepty"), take(there, id="gone")
    for entry in (gone, task):
        decisions.remove(entry, by, submission(entry), [rule(there)])
    tasks.done(Delivery.get(Delivery.entry == gone), by)
    tasks.open_task(Delivery.get(Delivery.entry == task), by)
    Delivery.update(due=now() - DAY).where(Delivery.to_do()).execute()
    return task, gone


def _urgent(group: Group) -> Entry:
    """A unit's post that the platform stopped."""
    unit = units.name_unit(group, "safety", "OSP", "OSP Leoncin")
    author = {"id": "osp", "name": "OSP Leoncin", "url": "https://www.facebook.com/osp"}
    units.designate(unit, *author.values())
    return take(
        group,
        id="urgent",
        text="Uwaga, pożar lasu. Prosimy nie wjeżdżać.",
        author=author,
        links=["https://example.org/ostrzezenie"],
        media=[{"type": "photo", "url": "https://example.org/las.jpg", "alt": "Dym nad lasem"}],
        held={"by": "platform", "reason": "spam"},
    )


def _stop(group: Group, by: User) -> None:
    """Three posts of a unit that the platform stopped and staff let out: enough to be remembered."""
    author = {"id": "osp", "name": "OSP Leoncin", "url": "https://www.facebook.com/osp"}
    for number in range(3):
        hold = {"by": "platform", "reason": "spam"}
        text = f"Zapisy {number}: bit.ly/zapisy"
        stopped = take(group, id=f"stopped-{number}", text=text, author=author, held=hold)
        decisions.release(stopped, by, submission(stopped))


def _comment(group: Group, profile: Profile) -> Entry:
    """A held answer with two reports, by somebody whose other entry was removed."""
    author = event()["data"]["author"] | {"id": profile.external_id, "name": profile.name}
    text = "Co za idiota to wystawił."
    entry = take(
        group, id="comment", kind="comment", parent_id="reported", text=text, author=author
    )
    for reason in ("hejt", "spam"):
        take(group, "report.created", id=reason, entry_id="comment", reason=reason)
    return entry


@pytest.mark.parametrize("pages", PAGES.values(), ids=PAGES)
def test_no_page_has_a_fault_in_any_size_and_scheme(visit, desk, pages):
    page = visit()
    sign_in(page, desk.chief)
    found = []
    for path in pages:
        page.set_viewport_size(DESKTOP)
        page.goto(path.format(desk))
        found += _faults(page)
    assert not found, _told(found)


def test_the_page_that_signs_in_to_the_demonstration_has_no_fault(visit, console, monkeypatch):
    monkeypatch.setattr(config, "INSTANCE", Path(console.database.database).parent)
    users.add("demo", "demo", demo=True)
    page = visit(PHONE)
    page.goto(f"/demo/sign-in/{next(accounts.sign_ins()).token}")
    found = _faults(page)
    assert not found, _told(found)
    page.get_by_role("button", name="Zaloguj się jako demo").click()
    expect(page.get_by_role("button", name="Wyloguj")).to_be_attached()


def test_the_page_to_sign_in_has_no_fault(visit):
    page = visit()
    page.goto("/people/sign-in")
    found = _faults(page)
    assert not found, _told(found)


def test_the_pages_of_a_one_time_link_have_no_fault(visit, desk):
    page = visit()
    sign_in(page, desk.chief)
    page.goto("/people/users")
    page.get_by_role("button", name="Nowy link").first.click()
    found = _faults(page)
    page.goto(link_in(page.get_by_label("Link jednorazowy").input_value()))
    found += _faults(page)
    assert not found, _told(found)


def test_the_page_of_an_error_has_no_fault(visit, scene, complaints):
    complaints.expect("status of 404")
    page = visit()
    sign_in(page, scene.anna)
    page.goto("/nowhere")
    found = _faults(page)
    assert not found, _told(found)


def test_what_is_wrong_with_a_form_is_read_with_its_field_which_has_the_focus(
    visit, desk, complaints
):
    complaints.expect("status of 400")
    page = visit()
    sign_in(page, desk.chief)
    found = []
    for path, field, described in (
        (f"/intake/capture?group={desk.group.slug}", "Link albo cały post", NOTHING_PASTED),
        ("/screening/new/words", "Nazwa", "To pole jest wymagane."),
    ):
        page.set_viewport_size(DESKTOP)
        page.goto(path)
        page.evaluate("document.querySelectorAll('form').forEach(f => f.noValidate = true)")
        page.locator("main button.main").click()
        wrong = page.locator("[aria-invalid]").first
        expect(wrong).to_have_accessible_name(field)
        expect(wrong).to_have_accessible_description(described)
        expect(wrong).to_be_focused()
        found += _faults(page)
    assert not found, _told(found)


def test_nothing_that_opens_on_a_list_has_a_fault(visit, desk):
    page = visit(PHONE)
    sign_in(page, desk.chief)
    page.goto(f"/queue/held?group={desk.group.slug}")
    there = card(page, desk.held)
    found = []
    for role, opens in (("button", "Usuń…"), ("link", "Oznacz…")):
        there.get_by_role(role, name=opens, exact=True).click()
        expect(page.locator(".rules:popover-open")).to_be_visible()
        found += _faults(page)
        page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    found += _faults(page)
    page.keyboard.press("Escape")
    there.get_by_role("checkbox").check()
    expect(page.locator("#several")).to_be_visible()
    found += _faults(page)
    there.get_by_role("checkbox").uncheck()
    there.get_by_role("button", name="Przepuść", exact=True).click()
    expect(there).to_contain_text("Przepuszczono")
    found += _faults(page)
    assert not found, _told(found)


@pytest.mark.parametrize("chosen", [False, True], ids=["nothing chosen", "an entry chosen"])
def test_at_400_percent_zoom_every_stop_of_a_list_is_seen(visit, desk, chosen):
    page = visit(ZOOMED)
    sign_in(page, desk.chief)
    page.goto(f"/queue/held?group={desk.group.slug}")
    if chosen:
        card(page, desk.held).get_by_role("checkbox").check()
        page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    for key in ("Tab", "Shift+Tab"):
        stops = list(_stops(page, key))
        assert len(stops) > 30
        assert [stop for stop in stops if stop["covered"]] == []
        assert [stop for stop in stops if not stop["outlined"]] == []


def test_a_screen_reader_hears_whose_card_it_is_and_what_its_buttons_do(visit, desk, scene):
    page = visit()
    sign_in(page, scene.anna)
    expect(page.get_by_role("heading", level=1)).to_have_text("Zatrzymane")
    there = page.get_by_role("article", name="OSP Leoncin")
    expect(there.get_by_role("heading", level=2)).to_have_text("OSP Leoncin")
    expect(there).to_match_aria_snapshot(
        """
        - 'checkbox "Zaznacz: OSP Leoncin"'
        - heading "OSP Leoncin" [level=2]:
          - link "OSP Leoncin"
        - text: /na białej liście/
        - paragraph: Uwaga, pożar lasu. Prosimy nie wjeżdżać.
        - list
        - button "Przepuść"
        - link "Usunąć lub zatrzymać można tylko na stronie wpisu"
        """
    )
    expect(card(page, desk.held)).to_match_aria_snapshot(
        """
        - 'group "Usuń za:"':
          - button "★ Hejt – atak na osobę"
        """
    )


def test_a_screen_reader_hears_the_lists_with_their_counts(visit, desk, scene):
    page = visit()
    sign_in(page, scene.anna)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Przejdź do treści")).to_be_focused()
    lists = page.get_by_role("navigation", name="Listy")
    for name in ("Nowe 4", "Zatrzymane 4", "Zgłoszone 2"):
        expect(lists.get_by_role("link", name=name, exact=True)).to_be_visible()
    here = lists.get_by_role("link", name="Zatrzymane")
    expect(here).to_have_attribute("aria-current", "page")
    expect(page.get_by_role("main")).to_have_count(1)
    expect(page.get_by_role("navigation", name="Więcej")).to_have_count(1)


def test_a_screen_reader_is_told_the_outcome_of_a_decision(visit, scene):
    page = visit()
    sign_in(page, scene.anna)
    announced = page.locator("#announcements")
    expect(announced).to_have_role("status")
    expect(announced).to_be_empty()  # what stands there from the start is not read out
    card(page, scene.held[0]).get_by_role("button", name="Przepuść", exact=True).click()
    expect(announced).to_contain_text(f"Przepuszczono – {scene.anna.name}")


def test_a_screen_reader_is_told_what_came_in_meanwhile(visit, scene):
    page = visit()
    sign_in(page, scene.anna)
    pill = page.locator("#pill")
    expect(pill).to_have_role("status")
    expect(pill).to_be_empty()
    with page.expect_request("**/queue/live*"):  # after it the page listens
        page.reload()
    take(scene.group, id="new", text="Ten idiota znowu pali liście.")
    expect(pill.get_by_role("link")).to_have_text("Zatrzymane: 1 nowy")
    assert _faults(page) == []
    expect(page.locator("#lists .held")).to_have_accessible_name("Zatrzymane 4")


def _faults(page: Page) -> list[str]:
    """Of the page as it stands, one line each."""
    page.evaluate(AXE_SCRIPT)
    found = []
    for size in (DESKTOP, PHONE):
        page.set_viewport_size(size)
        found += _axe(page, EVERYTHING)
        page.emulate_media(color_scheme="dark")
        found += [f"dark: {each}" for each in _axe(page, COLOURS)]
        page.emulate_media(color_scheme="light")
    found += page.evaluate(SMALL, TARGETS)
    page.set_viewport_size(ZOOMED)
    if over := page.evaluate(SIDEWAYS):
        found.append(f"{over} px wider than a page at 400 %")
    page.set_viewport_size(PHONE)
    return [f"{page.url}: {each}" for each in found]


def _axe(page: Page, options: dict) -> list[str]:
    return [
        f"{broken['id']}: {node['target'][0]} {node['html'][:80]} {_why(node)}"
        for broken in page.evaluate(AXE, options)
        for node in broken["nodes"]
    ]


def _why(node: dict) -> str:
    return " ".join(check["message"] for kind in ("any", "all", "none") for check in node[kind])


def _told(found: list[str]) -> str:
    return "\n".join(dict.fromkeys(found))


def _stops(page: Page, key: str):
    """Everything that the key comes to, until the focus leaves the page."""
    for _step in range(200):
        page.keyboard.press(key)
        settled(page)
        stop = page.evaluate(FOCUSED)
        if stop is None:
            return
        yield stop
