"""The live feed: one thread per process polls the events and passes them to every open stream.

A stream is a generator of server-sent events. The data of each message is JSON:
  entries  [{"id", "version", "lists", "renewed", "urgent"}, …]  the entries that changed: the lists
           they came into, and whether they are to be shown anew although the version is the same
  deliveries  [id, …]  the entries of which only a delivery went on: few cards show one
  counts   {list: number}  what is in each list of the reader's now
The id of a message is that of its newest event. A browser that reconnects sends it as Last-Event-ID
and gets what it missed. An event may be sent twice, so messages hold the present state, not changes.
"""

import json
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cached_property
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import NamedTuple

from console.entries import events
from console.entries.events import News
from console.platforms import failures
from console.queue.lists import LISTS, counts_of
from console.storage import db
from models import Event

log = logging.getLogger(__name__)

POLL_SECONDS = 0.2
HEARTBEAT_SECONDS = 15.0  # an idle stream sends a comment, and checks its reader's rights again
BATCH = 500
MAX_STREAMS = 224  # in a process: each holds a thread, and some must stay for the pages
# Of these: a browser opens no more to a host, but one that leafs on quickly leaves streams behind,
# which end only at the next heartbeat.
MAX_OF_SESSION = 6
GIVES_WAY = "event: crowded\ndata:\n\n"


class Reader(NamedTuple):
    user_id: int
    session: str  # its key_hash
    groups: tuple[int, ...] | None  # their ids; None: all


class Batch:
    """Events read together. Their message is made once for all readers to whom it says the same."""

    def __init__(self, rows: list[News]):
        self.rows = rows
        self._messages: dict[tuple, str] = {}
        self._lock = Lock()

    def message(self, reader: Reader) -> str:
        groups = reader.groups
        if not any(_is_for(row, groups) for row in self.rows):
            return ":\n\n"
        with self._lock:
            told = groups, failures.number_among(self._failures, reader.user_id, groups)
            if told not in self._messages:
                self._messages[told] = self._make_message(*told)
            return self._messages[told]

    def _make_message(self, groups: tuple[int, ...] | None, failed: int) -> str:
        with db.connection_context():
            return _message(_with_failed(_data(self.rows[-1].id, self.rows, groups), failed))

    @cached_property
    def _failures(self) -> list[failures.Number]:
        with db.connection_context():
            return failures.numbers()

    def concerns(self, user_id: int) -> bool:
        """Whether the user's rights or sessions changed."""
        return any(row.user_id == user_id for row in self.rows)

    def ends(self, reader: Reader) -> bool:
        """Whether the reader's session was signed out."""
        ended = reader.user_id, reader.session
        return any((row.user_id, row.session) == ended for row in self.rows)


class Stream:
    """The stream of one reader; `look_up` returns the reader, or None when access has ended."""

    def __init__(self, look_up: Callable[[], Reader | None]):
        self._look_up = look_up
        self._reader = look_up()
        self.session = self._reader.session if self._reader else ""
        self.waiting: SimpleQueue[Batch | None] = SimpleQueue()
        self.gives_way = False  # to a newer one of its session: then its page asks instead

    def messages(self, after: int) -> Iterator[str]:
        if self._reader is None:
            return
        with db.connection_context():
            message = _message(news_for(self._reader, after))
        yield message
        checked_at = time.monotonic()
        while (batch := self._next()) is not None and not self.gives_way:
            if batch.ends(self._reader):
                return
            if (
                not batch.rows
                or time.monotonic() - checked_at > HEARTBEAT_SECONDS
                or batch.concerns(self._reader.user_id)
            ):
                checked_at = time.monotonic()
                with db.connection_context():
                    self._reader = self._look_up()
                if self._reader is None:
                    return
            yield batch.message(self._reader)
        if self.gives_way:
            yield GIVES_WAY

    def _next(self) -> Batch | None:
        try:
            return self.waiting.get(timeout=HEARTBEAT_SECONDS)
        except Empty:
            return Batch([])


class Feed:
    def __init__(self):
        self._streams: list[Stream] = []  # the oldest first
        self._lock = Lock()
        self._is_polling = False
        # Whether the process is shutting down; gunicorn.conf.py sets this.
        self.stopping: Callable[[], bool] = lambda: False

    @property
    def is_full(self) -> bool:
        """Whether there is no room for another stream: then the page asks instead."""
        return len(self._streams) >= MAX_STREAMS

    def read(self, look_up: Callable[[], Reader | None], after: int) -> Iterator[str]:
        """The messages after that event, until the reader's access or the process ends."""
        stream = Stream(look_up)
        with self._lock:
            self._make_room(stream.session)
            if self.is_full:  # many asked at once
                return
            self._streams.append(stream)
            if not self._is_polling:
                self._is_polling = True
                Thread(target=self._poll, args=(events.newest(),), daemon=True).start()
        try:
            yield from stream.messages(after)
        finally:
            with self._lock, suppress(ValueError):  # it may have given way
                self._streams.remove(stream)

    def _make_room(self, session: str) -> None:
        own = [stream for stream in self._streams if stream.session == session]
        for oldest in own[: max(0, len(own) + 1 - MAX_OF_SESSION)]:
            self._streams.remove(oldest)
            oldest.gives_way = True
            oldest.waiting.put(Batch([]))

    def _poll(self, after: int) -> None:
        """Polls the events for as long as there are streams."""
        while True:
            time.sleep(POLL_SECONDS)
            with self._lock:
                streams = list(self._streams)
                if not streams or self.stopping():
                    self._is_polling = False
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


def news_for(reader: Reader, after: int) -> dict:
    """What changed for the reader after that event."""
    failed = failures.number_for(reader.user_id, reader.groups)
    return _with_failed(missed_since(reader.groups, after), failed)


def missed_since(groups: tuple[int, ...] | None, after: int) -> dict:
    """What changed after that event; "stale" when it is too long ago: the page must be reloaded."""
    rows = events.after(after, BATCH + 1)
    if len(rows) > BATCH or after < events.oldest() - 1:
        return _data(events.newest(), [], groups) | {"stale": True}
    return _data(rows[-1].id if rows else after, rows, groups)


def _is_for(row: News, groups: tuple[int, ...] | None) -> bool:
    return row.entry_id is not None and (groups is None or row.group_id in groups)


def entries_of(rows: list[News], groups: tuple[int, ...] | None) -> list[dict]:
    """The entries of these events, each once, as they are now, with the lists they came into."""
    entries: dict[int, dict] = {}
    for row in rows:
        if row.entry_id is None or row.kind == Event.DELIVERY or not _is_for(row, groups):
            continue
        entry = entries.setdefault(
            row.entry_id, {"id": row.entry_id, "lists": [], "renewed": False}
        )
        entry |= {"version": row.version, "urgent": bool(row.urgency)}
        entry["renewed"] |= row.kind in (Event.REPORTED, Event.REPORTED_AGAIN, Event.RENEWED)
        if row.kind in LISTS and row.kind not in entry["lists"]:
            entry["lists"].append(row.kind)
    return list(entries.values())


def _data(id: int, rows: list[News], groups: tuple[int, ...] | None) -> dict:
    delivered = (
        row.entry_id for row in rows if row.kind == Event.DELIVERY and _is_for(row, groups)
    )
    return {
        "id": id,
        "entries": entries_of(rows, groups),
        "deliveries": list(dict.fromkeys(delivered)),
        "counts": counts_of(groups),
    }


def _with_failed(news: dict, failed: int) -> dict:
    return news | {"counts": news["counts"] | {"failed": failed}}


def _message(data: dict) -> str:
    return f"id: {data['id']}\nevent: news\ndata: {json.dumps(data)}\n\n"
