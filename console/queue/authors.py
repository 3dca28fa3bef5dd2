"""Reads what an author's page shows: figures, broken rules, notes, decisions and entries.

The number of queries and of the rows they return does not grow with the author's history.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from peewee import SQL, ModelSelect, Select, Tuple, fn

from console import clock
from console.groups.whitelist import Cover, covers
from console.queue.lists import COUNT_TO
from console.queue.trail import decisions_about
from models import Answer, Decision, Entry, Note, Profile, Report, User, Violation

ENTRIES, DECISIONS, NOTES, RULES = 20, 20, 50, 5


class Figures(NamedTuple):
    """Counts stop at COUNT_TO."""

    entries: int
    held: int
    removed: int
    released: int
    upheld: int
    rejected: int
    first_seen: datetime | None
    last_seen: datetime | None


class Author(NamedTuple):
    profile: Profile
    cover: Cover
    figures: Figures
    broken: list[tuple[str, int]]  # the rules most often broken, and how often
    notes: list[Note]  # newest first; one more than NOTES
    decisions: list[Decision]
    entries: list[Entry]  # newest first
    older: int | None  # the key of the next page of entries: the last entry's id


def about(profile: Profile, after: int | None = None) -> Author:
    """Everything on the author's page; `after` is the key of the page of entries."""
    entries = list(_entries(profile, after))
    return Author(
        profile,
        covers(profile, profile.group, clock.today()),
        _figures(profile),
        _broken(profile),
        notes_about(profile),
        decisions_about(profile, DECISIONS),
        entries[:ENTRIES],
        entries[ENTRIES - 1].id if len(entries) > ENTRIES else None,
    )


def notes_about(profile: Profile) -> list[Note]:
    """The newest NOTES + 1 notes."""
    rows = Note.select(Note, User).join(User).where(Note.profile == profile)
    return list(rows.order_by(Note.id.desc()).limit(NOTES + 1))


def _entries(profile: Profile, after: int | None) -> ModelSelect[Entry]:
    excerpt = fn.SUBSTR(Entry.text, 1, 300).alias("text")
    columns = Entry.id, Entry.kind, Entry.state, Entry.created, Entry.reported_since, excerpt
    rows = Entry.select(*columns).where(Entry.profile == profile)
    if after is not None:
        last = Entry.select(Entry.created, Entry.id)
        last = last.where(Entry.id == after, Entry.profile == profile)
        rows = rows.where(Tuple(Entry.created, Entry.id) < last)
    return rows.order_by(Entry.created.desc(), Entry.id.desc()).limit(ENTRIES + 1)


def _figures(profile: Profile) -> Figures:
    """Counts by way of the author's decisions, since few entries have any."""
    theirs = Entry.select(SQL("1")).where(Entry.profile == profile)
    answered = Answer.select(Answer.report).join(Decision).where(Decision.profile == profile)
    undoing = Decision.alias()
    undone = undoing.select(undoing.undoes).where(undoing.undoes == Decision.id)
    released = Decision.select(SQL("1")).where(
        Decision.profile == profile,
        Decision.actor.in_(Decision.STAFFS),
        Decision.verb == "release",
        ~fn.EXISTS(undone),
    )

    def now_in(state: str) -> Select:
        newest = Decision.select(fn.MAX(Decision.id)).group_by(Decision.entry)
        newest = newest.where(
            Decision.profile == profile, Decision.to_state == state, Decision.from_state != state
        )
        # Whoever deletes what they wrote has done nothing wrong.
        others = Decision.id.in_(newest), Decision.actor != Decision.AUTHOR
        led_there = Decision.select(Decision.entry).where(*others)
        return Entry.select(SQL("1")).where(Entry.id.in_(led_there), Entry.state == state)

    def reports(state: str) -> Select:
        return Report.select(SQL("1")).where(Report.id.in_(answered), Report.state == state)

    counted = (
        theirs,
        now_in(Entry.HELD),
        now_in(Entry.REMOVED),
        released,
        reports(Report.UPHELD),
        reports(Report.REJECTED),
    )
    ends = [
        Entry.select(edge(Entry.created)).where(Entry.profile == profile)
        for edge in (fn.MIN, fn.MAX)
    ]
    row = Select([], [*map(_count, counted), *ends]).bind(Entry._meta.database).tuples().get()
    return Figures(*row[:6], *map(Entry.created.python_value, row[6:]))


def _count(rows: Select) -> Select:
    return Select([rows.limit(COUNT_TO).alias("counted")], [fn.COUNT(SQL("*"))])


def _broken(profile: Profile) -> list[tuple[str, int]]:
    """A rule that was renamed counts under each name that it had."""
    number = fn.COUNT(Violation.id)
    return list(
        Violation.select(Violation.rule_name, number)
        .join(Decision, on=Violation.tagged)
        .where(Decision.profile == profile, Violation.untagged.is_null())
        .group_by(Violation.rule, Violation.rule_name)
        .order_by(number.desc(), Violation.rule_name)
        .limit(RULES)
        .tuples()
        .iterator()
    )
