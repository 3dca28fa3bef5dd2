"""Searches a list, or all entries, by text and by filters.

Each filter is a subquery for ids, answered by an index. The list's index is read in order, and rows
whose id is in all subqueries are kept until the page is full; so no sorting is needed, and texts are
read only for the page. "All" is every entry in any state, newest first: in the order of ids, since ids
grow as entries come in.
"""

from __future__ import annotations

from peewee import JOIN, Expression, Field, ModelSelect, Select

from console.entries import search_index
from console.queue import card_rows
from console.queue.card_rows import CardRow
from console.queue.criteria import (
    OLDER,
    RESIDENT,
    YOUNGER,
    Criteria,
    fetch_names,
    filter_sets,
    is_by_resident,
    name_queries,
)
from console.queue.lists import LISTS, PAGE, After, List, Order, Page
from console.storage import is_postgres, now
from models import Entry

ALL = "all"


def find(
    name: str, group_ids: list[int] | None, criteria: Criteria, after: After | None = None
) -> Page:
    """Up to PAGE entries of a list that meet the criteria, in one query; None means all groups.

    after  the key of the last row of the page before (keyset pagination)
    """
    names = name_queries(criteria, group_ids)
    nothing = group_ids == [] or criteria.is_unsearchable
    rows = [] if nothing else _rows(name, group_ids, criteria, after, names)
    width = len(CardRow._fields)
    entries = [CardRow._make(row[:width]) for row in rows[:PAGE]]
    words = rows[0][width:] if rows else fetch_names(names)
    last = entries[-1] if len(rows) > PAGE else None
    return Page(entries, last and _key(name, last), dict(zip(names, words, strict=True)))


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
    where = [of.members, *_conditions(Entry.id, criteria)]
    if group_ids:
        where.append(Entry.group.in_(group_ids))
    if criteria.q:
        where.append(_hidden_from_planner(Entry.id).in_(search_index.matching_ids(criteria.q)))
    if criteria.age:
        where.append(_aged(of.time, criteria.age))
    if after:
        where.append(_is_after(of, after))
    return Entry.select(Entry.id).where(*where).order_by(*of.order)


def _is_after(of: List, after: After) -> Expression:
    beyond = of.time < after.time if of.newest_first else of.time > after.time
    tie = Entry.id < after.id if of.newest_first else Entry.id > after.id
    is_after = beyond | ((of.time == after.time) & tie)
    if of.urgencies == (None,):
        return is_after
    return (Entry.urgency < after.urgency) | ((Entry.urgency == after.urgency) & is_after)


def _ids_of_all(group_ids: list[int] | None, criteria: Criteria, after: After | None) -> Select:
    """The ids of all matching entries, newest first."""
    # FTS5 also holds the entries' groups, and gives their ids in order.
    if criteria.q or (group_ids and not is_postgres()):
        id = search_index.SEARCH.c.rowid
        ids = Entry.select(id).from_(search_index.SEARCH).join(Entry, JOIN.CROSS)
        where = [
            Entry.id == id,
            search_index.matches(criteria.q, group_ids),
            *_conditions(id, criteria),
        ]
    else:
        id, ids = Entry.id, Entry.select(Entry.id)
        where = _conditions(id, criteria, drive=True)
        where += [Entry.group.in_(group_ids)] if group_ids else []
    if criteria.age:
        where.append(_received_range(id, criteria.age))
    if after:
        where.append(id < after.id)
    return (ids.where(*where) if where else ids).order_by(id.desc())


def _received_range(id: Field, age: str) -> Expression:
    """The age as a range of ids, so that no row's time needs to be compared."""
    is_of_age, order = _aged(Entry.received, age), Entry.received
    edge = Entry.select(Entry.id).where(is_of_age).limit(1)
    if age in YOUNGER:
        return id >= edge.order_by(order, Entry.id)
    return id <= edge.order_by(order.desc(), Entry.id.desc())


def _aged(time: Field, age: str) -> Expression:
    return time > now() - YOUNGER[age] if age in YOUNGER else time < now() - OLDER[age]


def _conditions(id: Field, criteria: Criteria, drive: bool = False) -> list[Expression]:
    """The conditions of the filters; with `drive` the planner may start from the first filter."""
    conditions = [
        (id if drive and not n else _hidden_from_planner(id)).in_(ids)
        for n, ids in enumerate(filter_sets(criteria))
    ]
    return [*conditions, is_by_resident()] if criteria.kind == RESIDENT else conditions


def _hidden_from_planner(id: Field) -> Expression:
    """An expression equal to the id.

    It keeps SQLite's planner from starting with the filter's ids, so that it reads the list's index.
    """
    return id + 0
