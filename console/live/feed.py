"""The live feed: one thread per process reads the new events and hands them to every open stream.

A stream is a generator of Server-Sent Events. The data of each is JSON:
  entries  [{"id", "version", "lists", "reported", "urgent"}, …]  what changed: the lists that it came
           into, and whether there is a new report, which makes no new version
  counts   {list: number}  what waits in the reader's groups now
Its id is the number of the newest event it tells of; a reader who comes back with that one is told
all that was missed. Something may be told twice, so a message says how things stand, not what to add.
"""

import json
import logging
import time
from collections.abc import Callable, Iterator
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import NamedTuple

from console.entries import events
from console.entries.events import News
from console.queue.lists import LISTS, counts_of
from console.storage import db
from models import Event

log = logging.getLogger(__name__)

TICK = 0.2  # seconds between two looks at the events
BEAT = 15.0  # a stream with nothing to tell says so, and looks whether it may go on
BATCH = 500
MAX_STREAMS = 224  # in a process: each holds a thread, and some must stay for the pages


class Reader(NamedTuple):
    user_id: int
    session: str
    groups: tuple[int, ...] | None  # None: all


class Batch:
    """Events read together. What is said of them is worked out once for all who read the same groups."""

    def __init__(self, rows: list[News]):
        self.rows = rows
        self._said: dict[tuple | None, str] = {}
        self._lock = Lock()

    def message(self, groups: tuple[int, ...] | None) -> str:
        with self._lock:
            if groups not in self._said:
                self._said[groups] = self._worked_out(groups)
            return self._said[groups]

    def _worked_out(self, groups: tuple[int, ...] | None) -> str:
        entries = entries_of(self.rows, groups)
        if not entries:
            return ":\n\n"
        with db.connection_context():
            return _message(_data(self.rows[-1].id, entries, groups))

    def concerns(self, user_id: int) -> bool:
        return any(row.user_id == user_id for row in self.rows)

    def ends(self, reader: Reader) -> bool:
        ended = reader.user_id, reader.session
        return any((row.user_id, row.session) == ended for row in self.rows)


class Stream:
    """One reader's; `look` says who they are now, or None when they may read no more."""

    def __init__(self, look: Callable[[], Reader | None]):
        self._look = look
        self._reader = look()
        self.waiting: SimpleQueue[Batch | None] = SimpleQueue()

    def messages(self, after: int) -> Iterator[str]:
        if self._reader is None:
            return
        with db.connection_context():
            said = _message(missed(self._reader.groups, after))
        yield said
        looked = time.monotonic()
        while (batch := self._next()) is not None:
            if batch.ends(self._reader):
                return
            if (
                not batch.rows
                or time.monotonic() - looked > BEAT
                or batch.concerns(self._reader.user_id)
            ):
                looked = time.monotonic()
                with db.connection_context():
                    self._reader = self._look()
                if self._reader is None:
                    return
            yield batch.message(self._reader.groups)

    def _next(self) -> Batch | None:
        try:
            return self.waiting.get(timeout=BEAT)
        except Empty:
            return Batch([])


class Feed:
    def __init__(self):
        self._streams: set[Stream] = set()
        self._lock = Lock()
        self._tailing = False
        # Whether the process is about to end; its server knows.
        self.stopping: Callable[[], bool] = lambda: False

    @property
    def is_full(self) -> bool:
        return len(self._streams) >= MAX_STREAMS

    def read(self, look: Callable[[], Reader | None], after: int) -> Iterator[str]:
        """The messages from that event on, until the reader may read no more, or the process ends."""
        stream = Stream(look)
        with self._lock:
            self._streams.add(stream)
            if not self._tailing:
                self._tailing = True
                Thread(target=self._tail, args=(events.newest(),), daemon=True).start()
        try:
            yield from stream.messages(after)
        finally:
            with self._lock:
                self._streams.discard(stream)

    def _tail(self, after: int) -> None:
        """Reads on for as long as anybody listens."""
        while True:
            time.sleep(TICK)
            with self._lock:
                streams = list(self._streams)
                if not streams or self.stopping():
                    self._tailing = False
                    break
            rows = _rows(after)
            if rows:
                after, batch = rows[-1].id, Batch(rows)
                for stream in streams:
                    stream.waiting.put(batch)
        for stream in streams:
            stream.waiting.put(None)


feed = Feed()


def _rows(after: int) -> list[News]:
    try:
        with db.connection_context():
            return events.after(after, BATCH)
    except Exception:
        log.exception("the live feed could not be read; trying again")
        return []


def missed(groups: tuple[int, ...] | None, after: int) -> dict:
    """All that happened since that event; "stale" when nobody knows any more what that was."""
    rows = events.after(after, BATCH + 1)
    if len(rows) > BATCH or after < events.oldest() - 1:
        return _data(events.newest(), [], groups) | {"stale": True}
    return _data(rows[-1].id if rows else after, entries_of(rows, groups), groups)


def entries_of(rows: list[News], groups: tuple[int, ...] | None) -> list[dict]:
    """How the entries stand now, each once, with the lists that it came into."""
    found: dict[int, dict] = {}
    for row in rows:
        if row.entry_id is None or (groups is not None and row.group_id not in groups):
            continue
        entry = found.setdefault(row.entry_id, {"id": row.entry_id, "lists": [], "reported": False})
        entry |= {"version": row.version, "urgent": bool(row.urgency)}
        entry["reported"] |= row.kind in (Event.REPORTED, Event.REPORTED_AGAIN)
        if row.kind in LISTS and row.kind not in entry["lists"]:
            entry["lists"].append(row.kind)
    return list(found.values())


def _data(id: int, entries: list[dict], groups: tuple[int, ...] | None) -> dict:
    return {"id": id, "entries": entries, "counts": counts_of(groups)}


def _message(data: dict) -> str:
    return f"id: {data['id']}\nevent: news\ndata: {json.dumps(data)}\n\n"
