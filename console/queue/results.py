"""Finds entries in a list, or in all there are, by their words and by filters.

Each filter is a set of ids that an index gives, and the list is walked in its own order past them; so
a page costs what its list and its sets are long, and never reads the texts of what it does not show.
"All" is the list of every entry in whichever state, newest first: by id, since ids are given as
entries come in, and both databases find what an id range holds without sorting.
"""

from __future__ import annotations

from typing import NamedTuple

from peewee import JOIN, Expression, Field, ModelSelect, Select

from console.entries import search_index
from console.queue import card_rows
from console.queue.card_rows import CardRow
from console.queue.criteria import (
    OLDER,
    RESIDENT,
    YOUNGER,
    Criteria,
    by_resident,
    called,
    names_of,
    sets,
)
from console.queue.lists import LISTS, PAGE, After, List, Order
from console.storage import is_postgres, now
from models import Entry

ALL = "all"


class Results(NamedTuple):
    """A page, and what the filters in force are called: screener, rule, author."""

    entries: list[CardRow]
    next: After | None
    names: dict[str, str | None]


def find(
    name: str, group_ids: list[int] | None, criteria: Criteria, after: After | None = None
) -> Results:
    """Up to PAGE entries of a list that are as criteria, in one query; None for the groups means all."""
    names = names_of(criteria, group_ids)
    nothing = group_ids == [] or criteria.is_unsearchable
    rows = [] if nothing else _rows(name, group_ids, criteria, after, names)
    width = len(CardRow._fields)
    entries = [CardRow._make(row[:width]) for row in rows[:PAGE]]
    words = rows[0][width:] if rows else called(names)
    last = entries[-1] if len(rows) > PAGE else None
    return Results(entries, last and _key(name, last), dict(zip(names, words, strict=True)))


def _rows(
    name: str, group_ids: list[int] | None, criteria: Criteria, after: After | None, names: dict
) -> list[tuple]:
    if name == ALL:
        ids = _ids_of_all(group_ids, criteria, after)
        order: Order = [Entry.id.desc()]
    else:
        ids = _ids_of_list(LISTS[name], group_ids, criteria, after)
        order = LISTS[name].order
    page = card_rows.select_rows().where(Entry.id.in_(ids.limit(PAGE + 1))).order_by(*order)
    return list(page.select_extend(*names.values()).tuples().iterator())


def _key(name: str, last: CardRow) -> After:
    time = last.received if name == ALL else getattr(last, LISTS[name].time.name)
    return After(last.urgency, time, last.id)


def _ids_of_list(
    of: List, group_ids: list[int] | None, criteria: Criteria, after: After | None
) -> ModelSelect[Entry]:
    where = [of.members, *_fits(Entry.id, criteria)]
    if group_ids:
        where.append(Entry.group.in_(group_ids))
    if criteria.q:
        where.append(_unled(Entry.id).in_(search_index.matching_ids(criteria.q)))
    if criteria.age:
        where.append(_aged(of.time, criteria.age))
    if after:
        where.append(_follows(of, after))
    return Entry.select(Entry.id).where(*where).order_by(*of.order)


def _follows(of: List, after: After) -> Expression:
    beyond = of.time < after.time if of.newest_first else of.time > after.time
    tie = Entry.id < after.id if of.newest_first else Entry.id > after.id
    follows = beyond | ((of.time == after.time) & tie)
    if of.urgencies == (None,):
        return follows
    return (Entry.urgency < after.urgency) | ((Entry.urgency == after.urgency) & follows)


def _ids_of_all(group_ids: list[int] | None, criteria: Criteria, after: After | None) -> Select:
    """Walks what matches from the newest on, and stops when the page is full."""
    if criteria.q or (
        group_ids and not is_postgres()
    ):  # FTS5 knows the groups, in the order of ids
        id = search_index.SEARCH.c.rowid
        ids = Entry.select(id).from_(search_index.SEARCH).join(Entry, JOIN.CROSS)
        where = [Entry.id == id, search_index.matches(criteria.q, group_ids), *_fits(id, criteria)]
    else:
        id, ids = Entry.id, Entry.select(Entry.id)
        where = _fits(id, criteria, led=True)
        where += [Entry.group.in_(group_ids)] if group_ids else []
    if criteria.age:
        where.append(_received(id, criteria.age))
    if after:
        where.append(id < after.id)
    return (ids.where(*where) if where else ids).order_by(id.desc())


def _received(id: Field, age: str) -> Expression:
    """The bound of the ids that are that old, instead of a time to be compared in each row."""
    fits, order = _aged(Entry.received, age), Entry.received
    edge = Entry.select(Entry.id).where(fits).limit(1)
    if age in YOUNGER:
        return id >= edge.order_by(order, Entry.id)
    return id <= edge.order_by(order.desc(), Entry.id.desc())


def _aged(time: Field, age: str) -> Expression:
    return time > now() - YOUNGER[age] if age in YOUNGER else time < now() - OLDER[age]


def _fits(id: Field, criteria: Criteria, led: bool = False) -> list[Expression]:
    """That an entry is as criteria; `led`: by the entries of the first filter, not by the list."""
    fits = [
        (id if led and not n else _unled(id)).in_(each) for n, each in enumerate(sets(criteria))
    ]
    return [*fits, by_resident()] if criteria.kind == RESIDENT else fits


def _unled(id: Field) -> Expression:
    """The id, hidden from SQLite's planner: it would fetch the set one by one, not walk the list."""
    return id + 0
