"""A real console under gunicorn, and Debian's chromium looking at it.

Each test gets a scene of its own: a group, its people and a few entries. The console and the
browser are started once; what the browser complains of anywhere fails the test.
"""

import contextlib
import re
import shutil
import socket
from dataclasses import dataclass
from itertools import count
from threading import Thread

import pytest
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from console import db as database_of
from console.entries import events
from console.groups import groups
from console.health import beats
from console.screening import verbs as screening
from console.storage import db
from models import TABLES, Beat, Decision, Entry, Event, Group, Municipality, Screener, User
from tests.cast import PASSWORD, event, idiot_screener, take, user
from tests.crash.processes import environment, free_port, gunicorn, run, wait_for

DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 800}
SMALLEST = {"width": 320, "height": 640}

ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


PATIENCE = 15_000  # milliseconds: a machine may have other things to do
CONTEXTS = pytest.StashKey[list[BrowserContext]]()
ELSEWHERE = re.compile(r"^(?!http://(127\.0\.0\.1|localhost):)")


def pytest_collection_modifyitems(items):
    for item in items:
        if "/tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@dataclass(frozen=True)
class Console:
    address: str
    database: object


@pytest.fixture(scope="session")
def _console(tmp_path_factory):
    instance = tmp_path_factory.mktemp("console")
    port = free_port()
    env = environment(instance, PORT=str(port))
    run(["flask", "--app", "wsgi", "migrate"], env)
    database = database_of.open_database(f"sqlite:///{instance / 'furtka.db'}")
    with database.connection_context():
        screening.save(idiot_screener())
    web = gunicorn(env, instance / "web.log")
    try:
        wait_for(web, port)
        yield Console(f"http://127.0.0.1:{port}", database)
    finally:
        web.end()
        database.close_all()
    said = web.words()
    assert "Traceback" not in said, said


@pytest.fixture
def console(_console):
    """The console, with this test's models on its database."""
    db.initialize(_console.database)
    with _console.database.connection_context():
        _sweep(_console.database)
        beats.beat(Beat.WORKER)  # none runs here, and its silence would stand on every page
        yield _console


def _sweep(database) -> None:
    """What the tests before left. The newest event stays: the feed's numbers go on from it."""
    newest = events.newest()
    database.execute_sql("PRAGMA foreign_keys = 0")
    with database.atomic():
        for table in set(TABLES) - {Screener, Event}:
            table.delete().execute()
        Event.delete().where(Event.id < newest).execute()
    database.execute_sql("PRAGMA foreign_keys = 1")


@pytest.fixture(scope="session")
def chromium():
    program = shutil.which("chromium-headless-shell")
    assert program, "the browser tests need: sudo apt install chromium-headless-shell"
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE)
        browser = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        yield browser
        browser.close()


class Complaints(list):
    """Everything the browser complained of: errors, refused scripts, missing files."""

    def __init__(self):
        self.expected: list[str] = []

    def expect(self, *words: str) -> None:
        """The test brings these about itself: the browser logs every answer that is an error."""
        self.expected += words

    def add(self, words: str) -> None:
        if not any(each in words for each in self.expected):
            self.append(words)


@pytest.fixture
def complaints():
    return Complaints()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Of a test that fails, also where its pages stood and what they said."""
    report = yield
    if report.failed and call.when == "call":
        for context in item.stash.get(CONTEXTS, []):
            for page in context.pages:
                with contextlib.suppress(PlaywrightError):
                    report.sections.append((page.url, page.inner_text("body", timeout=1000)))
    return report


@pytest.fixture
def visit(console, chromium, complaints, request):
    """Opens a browser of one's own: visit(PHONE, javascript=False) is its only page."""
    contexts: list[BrowserContext] = []
    request.node.stash[CONTEXTS] = contexts

    def open_browser(viewport=DESKTOP, *, javascript=True, wire: "Wire | None" = None) -> Page:
        context = chromium.new_context(
            base_url=wire.address if wire else console.address,
            viewport=viewport,
            java_script_enabled=javascript,
            locale="pl-PL",
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        context.route(ELSEWHERE, lambda route: route.fulfill(body=""))
        context.on("console", lambda said: _listen(said, complaints))
        context.on("weberror", lambda error: complaints.add(str(error.error)))
        context.on("requestfailed", lambda request: _unless_left(request, complaints))
        return context.new_page()

    yield open_browser
    for context in contexts:
        context.close()
    assert complaints == []


def _listen(said, complaints) -> None:
    if said.type in ("error", "warning"):
        complaints.add(f"{said.type}: {said.text}")


def _unless_left(request, complaints) -> None:
    """A page that is left ends its requests; that is no fault."""
    if request.failure != "net::ERR_ABORTED":
        complaints.add(f"{request.url}: {request.failure}")


class Wire:
    """Between a browser and the console, to be cut and mended: open streams really break."""

    def __init__(self, console: Console):
        self._behind = int(console.address.rpartition(":")[2])
        self._port = free_port()
        self._open: list[socket.socket] = []
        self.address = f"http://127.0.0.1:{self._port}"
        self.heard = b""  # all that the browser said
        self.loses_answers = False
        self.mend()

    def mend(self) -> None:
        self.loses_answers = False
        self._listener = socket.create_server(("127.0.0.1", self._port))
        self._thread = Thread(target=self._accept)
        self._thread.start()

    def cut(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()
        for each in self._open:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self._open.clear()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                browser, _address = self._listener.accept()
                behind = socket.create_connection(("127.0.0.1", self._behind))
                self._open += (browser, behind)
                Thread(target=self._ask, args=(browser, behind)).start()

    def _ask(self, browser: socket.socket, behind: socket.socket) -> None:
        answers = Thread(target=self._answer, args=(browser, behind))
        answers.start()
        with browser, behind, contextlib.suppress(OSError):
            while said := browser.recv(65536):
                self.heard += said
                behind.sendall(said)
            behind.shutdown(socket.SHUT_RDWR)
            answers.join()

    def _answer(self, browser: socket.socket, behind: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while said := behind.recv(65536):
                if self.loses_answers:
                    break
                browser.sendall(said)
            browser.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def wire(console):
    made = Wire(console)
    yield made
    made.cut()


_scenes = count(1)


@dataclass(frozen=True)
class Scene:
    """A group of this test only, two people with a seat in it, and what waits there."""

    group: Group
    anna: User
    jan: User
    held: list[Entry]
    reported: Entry

    def decided(self, entry: Entry) -> list[tuple[str, str, str, str]]:
        """What people decided on the entry: (verb, from, to, who)."""
        rows = entry.decisions.where(Decision.actor == Decision.STAFF).order_by(Decision.id)
        return [(row.verb, row.from_state, row.to_state, row.by.name) for row in rows]


@pytest.fixture
def scene(console) -> Scene:
    """Three posts held by screening, oldest first, and a published one with a report."""
    number = next(_scenes)
    municipality, _made = Municipality.get_or_create(teryt="1414032", name="Leoncin")
    group = groups.create(f"leoncin-{number}", f"Leoncin {number}", municipality)
    held = [
        take(group, id=f"held-{n}", text=f"Sąsiad numer {n} to idiota.", author=_author(n))
        for n in (1, 2, 3)
    ]
    reported = take(group, id="reported", text="Oddam kanapę, odbiór w Leoncinie.")
    take(group, "report.created", id="r", entry_id="reported", reason="spam")
    anna, jan = (user(f"{name}-{number}", User.MODERATOR, group) for name in ("anna", "jan"))
    return Scene(group, anna, jan, held, reported)


def _author(number: int) -> dict:
    return event()["data"]["author"] | {"id": f"author-{number}", "name": f"Autor {number}"}


def sign_in(page: Page, who: User) -> None:
    """Without the form, which has tests of its own: it takes a second."""
    form = page.request.get("/people/sign-in").text()
    token = form.split('name="csrf_token" value="')[1].split('"')[0]
    fields = {"csrf_token": token, "name": who.name, "password": PASSWORD}
    assert page.request.post("/people/sign-in", form=fields).ok
    page.goto("/queue/held")
    arrive(page)


def sign_in_by_hand(page: Page, who: User) -> None:
    page.goto("/")
    page.get_by_label("Nazwa użytkownika").fill(who.name)
    page.get_by_label("Hasło").fill(PASSWORD)
    page.get_by_role("button", name="Zaloguj się").click()
    arrive(page)


def arrive(page: Page) -> None:
    """At the held list, with its scripts: before they have run, every form works without them."""
    expect(page.get_by_role("heading", level=1)).to_contain_text("Zatrzymane")
    page.wait_for_load_state("load")


def settled(page: Page) -> None:
    """Until then, what has just appeared takes no tap, and is no element at its point."""
    page.evaluate("Promise.all(document.getAnimations().map(({finished}) => finished))")


def hears_of_nothing(page: Page) -> None:
    """The live feed tells this page nothing: what others do comes as a surprise."""
    news = '{"id": 0, "entries": [], "deliveries": [], "counts": {}}'
    nothing = {"content_type": "application/json", "body": news}
    silence = {"content_type": "text/event-stream", "body": "retry: 600000\n\n"}

    def answer(route) -> None:
        is_stream = route.request.headers["accept"] == "text/event-stream"
        route.fulfill(**silence if is_stream else nothing)

    page.route("**/queue/live*", answer)


def card(page: Page, entry: Entry):
    return page.locator(f"#entry-{entry.id}")
