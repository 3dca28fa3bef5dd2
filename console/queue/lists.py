"""The three lists, incoming, held and reported, with keyset pagination over partial indexes.

A page is merged from one subquery per rank of the list and group, each of which reads the first rows
of an index; of incoming ones, those of a week. So a page costs the same however long the list is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, reduce
from typing import Any, NamedTuple

from peewee import (
    SQL,
    Case,
    Expression,
    Field,
    Function,
    ModelSelect,
    Ordering,
    Select,
    SelectBase,
    Tuple,
    Value,
    fn,
)

from console.entries import events
from console.prepared import prepared
from console.queue import card_rows
from console.queue.card_rows import CardRow
from console.storage import InstantField, db, now
from models import Connection, Delivery, Entry, Event, Group, Seat, User

PAGE = 50
EPOCH = datetime.fromtimestamp(0, UTC)
COUNT_TO = 1000  # counts stop here and are shown as "999+"
INCOMING_DAYS = 7
Order = list[Field | Function | Ordering]
MAX_HEADS = 64  # for more groups than this, the index over all groups is read instead


class Rank(NamedTuple):
    """A part of a list that stands above the next one, and has an order of its own."""

    newest_first: bool = False
    urgency: int | None = None  # None: any, and any `overdue`
    overdue: bool = False


# The planner must not read the index of all days of publication in its order: it would go through
# years where a week holds less than a page.
PUBLISHED = fn.COALESCE(Entry.created, Entry.created)


@dataclass(frozen=True)
class List:
    name: str
    scope: Callable[[Value | datetime], Expression]  # the condition, given the time a week ago
    time: Field | Function
    column: str  # of `time`
    ranks: tuple[Rank, ...] = (Rank(),)

    @property
    def members(self) -> Expression:
        """The condition that an entry is in the list now."""
        return self.scope(_week_ago())

    @property
    def order(self) -> Order:
        """The order of the whole list; that of one rank is `order_of`."""
        if len(self.ranks) == 1:
            return self.order_of(self.ranks[0])
        newest = (Case(None, [(Entry.urgency > 0, key)]).desc() for key in (self.time, Entry.id))
        return [Entry.urgency.desc(), Entry.overdue.desc(), *newest, self.time, Entry.id]

    def order_of(self, rank: Rank) -> Order:
        if rank.newest_first:
            return [self.time.desc(), Entry.id.desc()]
        return [self.time, Entry.id]

    def key_of(self, row: CardRow) -> After:
        """The key of a row of the list."""
        place = next(
            number
            for number, rank in enumerate(self.ranks)
            if rank.urgency in (None, row.urgency) and rank.overdue in (False, row.overdue)
        )
        return After(place, getattr(row, self.column), row.id)


LISTS = {
    listed.name: listed
    for listed in (
        List(
            "incoming",
            lambda week_ago: Entry.incoming() & (Entry.received > week_ago),
            PUBLISHED,
            "created",
            (Rank(newest_first=True),),
        ),
        List(
            "held",
            lambda _: Entry.held(),
            Entry.held_since,
            "held_since",
            (Rank(True, 2), Rank(True, 1), Rank(False, 0, True), Rank(False, 0)),
        ),
        List("reported", lambda _: Entry.reported(), Entry.reported_since, "reported_since"),
    )
}


TASKS = "tasks"  # console/platforms shows these; counted here, they cost no query of their own
COUNTED = *LISTS, TASKS


class After(NamedTuple):
    """The key of the last row of a page, after which the next one begins (keyset pagination)."""

    rank: int  # its place among those of the list
    time: datetime
    id: int

    @classmethod
    def parse(cls, text: str | None) -> After | None:
        key = re.fullmatch(r"([0-3])-([0-9]{1,16})-([0-9]{1,9})", text or "")
        if key is None:
            return None
        rank, micros, id = map(int, key.groups())
        return cls(rank, EPOCH + timedelta(microseconds=micros), id)

    def __str__(self) -> str:
        return f"{self.rank}-{(self.time - EPOCH) // timedelta(microseconds=1)}-{self.id}"


class Page(NamedTuple):
    entries: list[CardRow]
    next: After | None
    names: dict[str, str | None] = {}  # of the values of filters: screener, rule, author


class Desk(NamedTuple):
    """The groups that a user may work in, and the number of entries in each list there."""

    groups: list[Group]
    counts: dict[str, int]
    newest_event: int  # the live feed goes on from here
    oldest_task: datetime | None = None  # since when it is due


def page(name: str, group_ids: list[int] | None, after: After | None = None) -> Page:
    """Up to PAGE entries of a list; None means all groups."""
    if group_ids == []:
        return Page([], None)
    of = LISTS[name]
    if after and after.rank >= len(of.ranks):
        return Page([], None)
    query = _page_query(name, after and after.rank)
    _rank, time, id = after or (0, None, None)
    rows = [CardRow._make(row) for row in query(group_ids or [], _week_ago(), time, id)]
    if len(rows) <= PAGE:
        return Page(rows, None)
    return Page(rows[:PAGE], of.key_of(rows[PAGE - 1]))


def desk_of(user: User) -> Desk:
    """For an administrator all groups, for a moderator those of their seats; in one query."""
    week_ago = _week_ago()
    groups = list(_all_groups(week_ago) if user.is_administrator else _seats(week_ago, user.id))
    if not groups:
        return Desk([], dict.fromkeys(COUNTED, 0), events.newest())
    seen: Any = groups[0]
    counts = {name: getattr(seen, name) for name in COUNTED}
    oldest_task = InstantField().python_value(seen.oldest_task)
    return Desk(groups, counts, seen.newest_event or 0, oldest_task)


def counts_of(group_ids: Iterable[int] | None) -> dict[str, int]:
    """{list: number of entries} in these groups; None means all."""
    week_ago = _week_ago()
    rows = _count_all(week_ago) if group_ids is None else _count(week_ago, list(group_ids))
    return dict(zip(COUNTED, next(rows), strict=False))


@prepared
def _all_groups(week_ago):
    counts = *_counts(week_ago), _oldest_task()
    return Group.select(Group, *counts).order_by(Group.name)


@prepared
def _seats(week_ago, user_id):
    mine = Seat.select(Seat.group).where(Seat.user == user_id)
    counts = *_counts(week_ago, mine), _oldest_task(mine)
    return Group.select(Group, *counts).where(Group.id.in_(mine)).order_by(Group.name)


def _counts(week_ago: Value, groups: Any = None) -> list[Select]:
    """A scalar subquery for each list's count; computed once, repeated in every row."""

    def count(rows: ModelSelect[Any], name: str) -> Select:
        up_to = rows.limit(COUNT_TO).alias("counted")
        return Select([up_to], [fn.COUNT(SQL("*"))]).alias(name)

    entries = Entry.select(SQL("1"))
    if groups is not None:
        entries = entries.where(Entry.group.in_(groups))
    lists = [count(entries.where(of.scope(week_ago)), of.name) for of in LISTS.values()]
    newest = Select([Event], [fn.MAX(Event.id)]).alias("newest_event")
    return [*lists, count(_tasks(groups, SQL("1")), TASKS), newest]


def _oldest_task(groups: Any = None) -> ModelSelect[Any]:
    return _tasks(groups, fn.MIN(Delivery.due)).alias("oldest_task")


def _tasks(groups: Any, what: Any) -> ModelSelect[Any]:
    """What people must do on the platforms of these groups; None: of all."""
    tasks = Delivery.select(what).where(Delivery.to_do())
    if groups is None:
        return tasks
    mine = Connection.select(Connection.id).where(Connection.group.in_(groups))
    return tasks.where(Delivery.connection.in_(mine))


@prepared
def _count_all(week_ago):
    return Select(columns=_counts(week_ago)).bind(db).tuples()


@prepared
def _count(week_ago, group_ids):
    return Select(columns=_counts(week_ago, group_ids)).bind(db).tuples()


def _week_ago() -> datetime:
    return now() - timedelta(days=INCOMING_DAYS)


@cache
def _page_query(name: str, from_rank: int | None) -> Callable[..., Iterator[tuple]]:
    """The prepared query of a page; `from_rank` is that of the key it begins after, if any."""
    of = LISTS[name]

    @prepared
    def query(group_ids, week_ago, time, id):
        all_groups = not group_ids or len(group_ids) > MAX_HEADS
        rows = Entry.select(Entry.id).where(of.scope(week_ago))
        if all_groups and group_ids:
            rows = rows.where(Entry.group.in_(group_ids))
        groups = [None] if all_groups else group_ids
        ids = union_of_heads(rows, of, groups, from_rank, (time, id))
        return card_rows.select_rows().where(Entry.id.in_(ids)).order_by(*of.order).limit(PAGE + 1)

    return query


def union_of_heads(
    rows: ModelSelect[Entry],
    of: List,
    group_ids: Iterable[Any],
    from_rank: int | None,
    last: tuple[Any, Any],
) -> SelectBase:
    """The ids of the first rows of each rank in each group; a group of None stands for all.

    from_rank, last  the rank, and the time and id of the row after which to begin, if any
    """
    heads = [
        _as_part(_head(rows, of, rank, group_id, last if place == from_rank else None))
        for place, rank in enumerate(of.ranks)
        if from_rank is None or place >= from_rank
        for group_id in group_ids
    ]
    return reduce(SelectBase.union_all, heads)


def _head(
    rows: ModelSelect[Entry], of: List, rank: Rank, group_id: Any, last: tuple[Any, Any] | None
) -> ModelSelect[Entry]:
    if group_id is not None:
        rows = rows.where(Entry.group == group_id)
    if rank.urgency is not None:
        rows = rows.where(Entry.urgency == rank.urgency, Entry.overdue == rank.overdue)
    if last:
        key, beyond = Tuple(of.time, Entry.id), Tuple(*last)
        rows = rows.where(key < beyond if rank.newest_first else key > beyond)
    return rows.order_by(*of.order_of(rank)).limit(PAGE + 1)


def _as_part(head: Select) -> SelectBase:
    """Wraps a part of a UNION that has ORDER BY and LIMIT, as SQLite requires."""
    return Select([head.alias("head")], [SQL("head.id")])
