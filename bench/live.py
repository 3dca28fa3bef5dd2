"""Consoles that listen while somebody decides: when each is told, and what it takes to tell them."""

import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from secrets import token_hex
from selectors import EVENT_READ, DefaultSelector
from threading import Event, Thread

import psutil

from bench.load import Client, timed
from bench.page import PATH
from bench.stage import PASSWORD, Console, Stage
from bench.table import Line, both, p50, p99, within
from console.entries import events
from console.live.feed import MAX_OF_SESSION
from models import Entry, Seat

ENTRIES = 5_000
CONSOLES = 200
DECISIONS, EVERY = 100, 0.1
PATIENCE = 10  # seconds, after the last decision: what has not come by then is lost
MEGA = 1_000_000
USERS = "administrator", "moderator"
SESSIONS = -(-CONSOLES // MAX_OF_SESSION)  # a session may open only so many


def consoles(stage: Stage) -> list[Line]:
    console = stage.served(stage.filled("live", ENTRIES))
    with console.database():
        waiting, newest = _waiting(), events.newest()
    people = [Client(console.port).sign_in(USERS[n % 2], PASSWORD) for n in range(SESSIONS)]
    for each in people:
        each.get(PATH)
        each.anew()
    rest = _memory(console)
    streams = [_Stream(console.port, people[n % len(people)], newest) for n in range(CONSOLES)]
    with _beside(_read, streams):
        if not _until(lambda: all(stream.begun for stream in streams), PATIENCE):
            begun = sum(stream.begun for stream in streams)
            raise SystemExit(f"only {begun} of {CONSOLES} consoles were let in")
        with _beside(_look, people[1], pages := []):
            decided, took = _decide(people[0], waiting)
            _until(lambda: not _lost(streams, decided), PATIENCE)
        memory = _memory(console)
    delays = [
        1000 * (stream.told[entry] - at)
        for entry, at in decided.items()
        for stream in streams
        if entry in stream.told
    ]
    beside = f"p50 {p50(delays):,.0f} ms, the last {max(delays):,.0f} ms"
    lost, of = _lost(streams, decided), len(decided) * len(streams)
    return [
        Line(f"{CONSOLES} consoles open, {1 / EVERY:.0f} decisions a second", f"for {DECISIONS}"),
        within("from a click until another console is told, p99", p99(delays), "ms", 1000, beside),
        Line("told in all", f"{of - lost:,} of {of:,}", "", "all", lost == 0),
        Line("a decision meanwhile", both(took)),
        Line("the page of 50 cards meanwhile", both(pages)),
        *_processes(rest, memory),
    ]


def _waiting() -> list[tuple[int, int]]:
    """Held entries with their versions, of groups that both users see."""
    seen = Entry.group.in_(Seat.select(Seat.group))
    held = Entry.select(Entry.id, Entry.version).where(Entry.held(), Entry.urgency == 0, seen)
    return list(held.order_by(Entry.held_since).limit(DECISIONS).tuples())


def _decide(client: Client, waiting: list[tuple[int, int]]) -> tuple[dict[int, float], list[float]]:
    """Releases them one by one, not faster than is said above; when each was clicked, and its time."""
    token = client.token("/people/account")
    decided, took = {}, []
    for id, version in waiting:
        form = {"csrf_token": token, "version": str(version), "key": token_hex(16)}
        form |= {"decision": "release", "back": PATH}
        decided[id] = time.perf_counter()
        path = f"/entries/{id}/decisions"
        took.append(timed(lambda: client.post(path, form, **{"HX-Request": "true"})))  # noqa: B023
        time.sleep(max(0, decided[id] + EVERY - time.perf_counter()))
    return decided, took


class _Stream:
    """One console's: when it was told first that an entry had changed."""

    def __init__(self, port: int, user: Client, after: int):
        self.told: dict[int, float] = {}
        self.begun = False
        self.rest = b""
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.socket.sendall(
            f"GET /queue/live?after={after} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Accept: text/event-stream\r\nCookie: {user.headers['Cookie']}\r\n\r\n".encode()
        )

    def read(self) -> bool:
        """Takes what has come; says whether there may be more."""
        came = self.socket.recv(65536)
        at = time.perf_counter()
        *lines, self.rest = (self.rest + came).split(b"\n")
        for line in lines:
            if line.startswith(b"data:"):
                self.begun = True
                for id in _changed(line):
                    self.told.setdefault(id, at)
        return bool(came)


@cache
def _changed(line: bytes) -> list[int]:
    """Many streams are told the same; it is read once."""
    return [entry["id"] for entry in json.loads(line.removeprefix(b"data:"))["entries"]]


def _read(stop: Event, streams: list[_Stream]) -> None:
    with DefaultSelector() as selector:
        for stream in streams:
            selector.register(stream.socket, EVENT_READ, stream)
        while not stop.is_set():
            for key, _events in selector.select(0.1):
                if not key.data.read():
                    selector.unregister(key.fileobj)
    for stream in streams:
        stream.socket.close()


def _look(stop: Event, client: Client, times: list[float]) -> None:
    while not stop.wait(EVERY):
        client.anew()
        times.append(timed(lambda: client.get(PATH)))


@contextmanager
def _beside(work: Callable, *args) -> Iterator[None]:
    stop = Event()
    thread = Thread(target=work, args=(stop, *args), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _until(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not (met := condition()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return met


def _lost(streams: list[_Stream], decided: dict[int, float]) -> int:
    return sum(len(decided.keys() - stream.told.keys()) for stream in streams)


def _memory(console: Console) -> list:
    master = psutil.Process(console.pid)
    return [each.memory_full_info() for each in (master, *master.children(recursive=True))]


def _processes(rest: list, memory: list) -> Iterator[Line]:
    for number, (before, now) in enumerate(zip(rest, memory, strict=True)):
        what = f"web process {number}" if number else "gunicorn's own process"
        beside = f"RSS {now.rss / MEGA:.0f} MB; before, USS {before.uss / MEGA:.0f} MB"
        yield Line(f"{what} with the consoles open", f"USS {now.uss / MEGA:.0f} MB", beside)
