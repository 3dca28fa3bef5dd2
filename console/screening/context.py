"""Reads the context of an entry: its author's other entries, and equal texts by others."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

from peewee import fn

from console.prepared import prepared
from console.screening.behaviour import COMPARED
from console.screening.engine import Context, Recent
from models import Entry

# Limits of the context: its age, and the number of entries.
LOOK_BACK_HOURS, LOOK_AT = 72, 20

Query = Callable[..., Iterator[tuple[str, datetime]]]  # (text, created)


def context_now(entry: Entry) -> Context:
    """The context among all entries."""
    return _context(entry, _by_author, _same_text)


def context_then(entry: Entry) -> Context:
    """The context among the entries that came in before this one, for replays."""
    return _context(entry, _earlier_by_author, _earlier_same_text)


def _context(entry: Entry, by_author: Query, same_text: Query) -> Context:
    before = list(by_author(entry.profile_id, entry.id))
    long_ago = entry.created - timedelta(hours=LOOK_BACK_HOURS)
    asked = entry.group_id, entry.fingerprint, long_ago, entry.profile_id, entry.id
    alike = same_text(*asked) if entry.fingerprint else ()

    def recent(rows: Iterable[tuple[str, datetime]], same_author: bool) -> list[Recent]:
        ages = ((text, (entry.created - created).total_seconds() / 3600) for text, created in rows)
        return [Recent(text, abs(age), same_author) for text, age in ages]

    return Context(
        links=tuple(entry.links),
        earlier_posts=None if entry.profile.nameless else len(before),
        recent=tuple(recent(before, True) + recent(alike, False)),
    )


@prepared
def _by_author(profile_id, entry_id):
    return _texts(Entry.profile == profile_id, Entry.id != entry_id).order_by(Entry.created.desc())


@prepared
def _earlier_by_author(profile_id, entry_id):
    return _texts(Entry.profile == profile_id, Entry.id < entry_id).order_by(Entry.created.desc())


@prepared
def _same_text(group_id, fingerprint, since, profile_id, entry_id):
    return _alike(group_id, fingerprint, since, profile_id).where(Entry.id != entry_id)


@prepared
def _earlier_same_text(group_id, fingerprint, since, profile_id, entry_id):
    return _alike(group_id, fingerprint, since, profile_id).where(Entry.id < entry_id)


def _alike(group_id, fingerprint, since, profile_id):
    alike = (Entry.group == group_id) & (Entry.fingerprint == fingerprint) & (Entry.created > since)
    return _texts(alike, Entry.profile != profile_id)


def _texts(*where):
    beginning = fn.SUBSTR(Entry.text, 1, COMPARED)
    return Entry.select(beginning, Entry.created).where(*where).limit(LOOK_AT).tuples()
