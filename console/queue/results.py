"""Searches a list, or all entries, by text and by filters.

Each filter is a subquery for ids, answered by an index. The list's index is read in order, rank by
rank, and rows whose id is in all subqueries are kept until the page is full; so little is sorted, and
texts are read only for the page. "All" is every entry in any state, newest first: in the order of ids,
since ids grow as entries come in; between two days of publication, in the order of that.
"""

from __future__ import annotations

from peewee import JOIN, Expression, Field, Function, Select, SelectBase, Tuple

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
    published,
)
from console.queue.lists import LISTS, PAGE, PUBLISHED, After, List, Order, Page, union_of_heads
from console.storage import is_postgres, moment, now
from models import Entry

ALL = "all"


def find(
    name: str, group_ids: list[int] | None, criteria: Criteria, after: After | None = None
) -> Page:
    """Up to PAGE entries of a list that meet the criteria, in one query; None means all groups.

    after  the key of the last row of the page before (keyset pagination)
    """
    names = name_queries(criteria, group_ids)
    nothing = group_ids == [] or criteria.is_unsearchable or criteria.wrong_day
    rows = [] if nothing else _rows(name, group_ids, criteria, after, names)
    width = len(CardRow._fields)
    entries = [CardRow._make(row[:width]) for row in rows[:PAGE]]
    words = rows[0][width:] if rows else fetch_names(names)
    last = entries[-1] if len(rows) > PAGE else None
    key = last and _key(name, criteria, last)
    return Page(entries, key, dict(zip(names, words, strict=True)))


def _rows(
    name: str, group_ids: list[int] | None, criteria: Criteria, after: After | None, names: dict
) -> list[tuple]:
    if name == ALL:
        ids: SelectBase = _ids_of_all(group_ids, criteria, after).limit(PAGE + 1)
        order = _order_of_all(Entry.id, criteria)
    else:
        ids = _ids_of_list(LISTS[name], group_ids, criteria, after)
        order = LISTS[name].order
    page = card_rows.select_rows().where(Entry.id.in_(ids)).order_by(*order).limit(PAGE + 1)
    return list(page.select_extend(*names.values()).tuples().iterator())


def _key(name: str, criteria: Criteria, last: CardRow) -> After:
    if name != ALL:
        return LISTS[name].key_of(last)
    return After(0, last.created if _is_by_publication(criteria) else last.received, last.id)


def _ids_of_list(
    of: List, group_ids: list[int] | None, criteria: Criteria, after: After | None
) -> SelectBase:
    where = [of.members, *published(criteria, PUBLISHED), *_conditions(Entry.id, criteria)]
    if group_ids:
        where.append(Entry.group.in_(group_ids))
    if criteria.q:
        where.append(_hidden_from_planner(Entry.id).in_(search_index.matching_ids(criteria.q)))
    if criteria.age:
        where.append(_aged(of.time, criteria.age))
    rank, time, id = after or (None, None, None)
    return union_of_heads(
        Entry.select(Entry.id).where(*where), of, [None], rank, (moment(time), id)
    )


def _ids_of_all(group_ids: list[int] | None, criteria: Criteria, after: After | None) -> Select:
    """The ids of all matching entries, newest first."""
    # FTS5 also holds the entries' groups, and gives their ids in order.
    if criteria.q or (group_ids and not is_postgres() and not _is_by_publication(criteria)):
        id = search_index.SEARCH.c.rowid
        ids = Entry.select(id).from_(search_index.SEARCH).join(Entry, JOIN.CROSS)
        where = [
            Entry.id == id,
            search_index.matches(criteria.q, group_ids),
            *published(criteria),
            *_conditions(id, criteria),
        ]
    else:
        id, ids = Entry.id, Entry.select(Entry.id)
        dated = _is_by_publication(criteria)
        group = _hidden_from_planner(Entry.group) if dated else Entry.group
        where = _conditions(id, criteria, drive=not dated)
        where += [*published(criteria), *([group.in_(group_ids)] if group_ids else [])]
    if criteria.age:
        where.append(_received_range(id, criteria.age))
    if after and _is_by_publication(criteria):
        where.append(Tuple(Entry.created, Entry.id) < Tuple(moment(after.time), after.id))
    elif after:
        where.append(id < after.id)
    return (ids.where(*where) if where else ids).order_by(*_order_of_all(id, criteria))


def _is_by_publication(criteria: Criteria) -> bool:
    """Whether "all" is read in the order of publication: an index then leads to the days."""
    return bool(criteria.published_from or criteria.published_to) and not criteria.q


def _order_of_all(id: Field, criteria: Criteria) -> Order:
    return [Entry.created.desc(), id.desc()] if _is_by_publication(criteria) else [id.desc()]


def _received_range(id: Field, age: str) -> Expression:
    """The age as a range of ids, so that no row's time needs to be compared."""
    is_of_age, order = _aged(Entry.received, age), Entry.received
    edge = Entry.select(Entry.id).where(is_of_age).limit(1)
    if age in YOUNGER:
        return id >= edge.order_by(order, Entry.id)
    return id <= edge.order_by(order.desc(), Entry.id.desc())


def _aged(time: Field | Function, age: str) -> Expression:
    return (
        time > moment(now() - YOUNGER[age]) if age in YOUNGER else time < moment(now() - OLDER[age])
    )


def _conditions(id: Field, criteria: Criteria, drive: bool = False) -> list[Expression]:
    """The conditions of the filters; with `drive` the planner may start from the first filter."""
    conditions = [
        (id if drive and not n else _hidden_from_planner(id)).in_(ids)
        for n, ids in enumerate(filter_sets(criteria))
    ]
    return [*conditions, is_by_resident()] if criteria.kind == RESIDENT else conditions


def _hidden_from_planner(id: Field) -> Expression:
    """An expression equal to the id, of an entry or a group.

    It keeps SQLite's planner from starting with these ids, so that it reads the list's index.
    """
    return id + 0
