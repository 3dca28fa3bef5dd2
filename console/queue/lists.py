"""The three lists: incoming, held, reported. Paged by key, over indexes that hold only what is open.

A page is the merge of its heads: the first rows of each group (and urgency) that the list spans.
A head is a short read at the front of an index, so a page costs the same however long the list is.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, reduce
from typing import NamedTuple

from peewee import JOIN, SQL, Expression, Field, ModelSelect, Select, Tuple, Value, fn

from console.prepared import prepared
from models import Entry, Group, Profile, Seat, Unit, User, now

PAGE = 50
EPOCH = datetime.fromtimestamp(0, UTC)
COUNT_TO = 1000  # a count stops here; it is shown as "999+"
INCOMING_DAYS = 7
MOST_HEADS = 50  # a seat in more groups than this reads the index of all of them


@dataclass(frozen=True)
class List:
    name: str
    scope: Callable[[Value | datetime], Expression]  # of the moment a week ago
    time: Field
    newest_first: bool = False
    urgencies: tuple[int | None, ...] = (None,)

    @property
    def order(self) -> list[Expression]:
        key = [self.time.desc(), Entry.id.desc()] if self.newest_first else [self.time, Entry.id]
        return [Entry.urgency.desc(), *key] if self.urgencies != (None,) else key


LISTS = {
    each.name: each
    for each in (
        List(
            "incoming",
            lambda week_ago: Entry.incoming() & (Entry.received > week_ago),
            Entry.received,
            newest_first=True,
        ),
        List("held", lambda _: Entry.held(), Entry.held_since, urgencies=(2, 1, 0)),
        List("reported", lambda _: Entry.reported(), Entry.reported_since),
    )
}


class After(NamedTuple):
    """The key of the last row of the page before."""

    urgency: int
    time: datetime
    id: int

    @classmethod
    def parse(cls, text: str | None) -> "After | None":
        key = re.fullmatch(r"([012])-([0-9]{1,16})-([0-9]{1,9})", text or "")
        if key is None:
            return None
        urgency, micros, id = map(int, key.groups())
        return cls(urgency, EPOCH + timedelta(microseconds=micros), id)

    def __str__(self) -> str:
        return f"{self.urgency}-{(self.time - EPOCH) // timedelta(microseconds=1)}-{self.id}"


class Page(NamedTuple):
    entries: list[Entry]
    next: After | None


class Desk(NamedTuple):
    """A group that the user may work in, and what waits there."""

    group: Group
    counts: dict[str, int]


def page(name: str, group_ids: list[int] | None, after: After | None = None) -> Page:
    """Up to PAGE entries of a list, with profile, unit, parent; None for the groups means all."""
    if group_ids == []:
        return Page([], None)
    query = _page_query(name, after and after.urgency)
    _urgency, time, id = after or (0, None, None)
    rows = list(query(group_ids or [], _week_ago(), time, id))
    if len(rows) <= PAGE:
        return Page(rows, None)
    last = rows[PAGE - 1]
    return Page(rows[:PAGE], After(last.urgency, getattr(last, LISTS[name].time.name), last.id))


PARENT, PARENT_PROFILE = Entry.alias("parent"), Profile.alias("parent_profile")
# Named one by one: what a card does not show costs time in each of its fifty rows.
ON_A_CARD = (
    Entry.id,
    Entry.group,
    Entry.profile,
    Entry.kind,
    Entry.awaited_parent,
    Entry.text,
    Entry.url,
    Entry.links,
    Entry.media,
    Entry.created,
    Entry.received,
    Entry.state,
    Entry.version,
    Entry.urgency,
    Entry.held_since,
    Entry.held_by,
    Entry.held_reason,
    Entry.reported_since,
    Entry.whitelisted,
    Entry.whitelist_reason,
    Profile.id,
    Profile.name,
    Unit.id,
    Unit.type,
    Unit.name,
    PARENT.id,
    fn.SUBSTR(PARENT.text, 1, 200).alias("text").bind_to(PARENT),
    PARENT_PROFILE.name,
)


def with_people() -> ModelSelect:
    """Entries with all that a card says of who wrote them and what they answer."""
    return (
        Entry.select(*ON_A_CARD)
        .join_from(Entry, Profile)
        .join_from(Profile, Unit, JOIN.LEFT_OUTER)
        .join_from(Entry, PARENT, JOIN.LEFT_OUTER, on=(Entry.parent == PARENT.id), attr="parent")
        .join_from(
            PARENT,
            PARENT_PROFILE,
            JOIN.LEFT_OUTER,
            on=(PARENT.profile == PARENT_PROFILE.id),
            attr="profile",
        )
    )


@prepared
def entry_with_people(id: int) -> ModelSelect:
    return with_people().where(Entry.id == id)


def desks(user: User) -> list[Desk]:
    """The groups the user may see, each with its counts: an administrator's are all."""
    week_ago = _week_ago()
    rows = _all_desks(week_ago) if user.is_administrator else _desks_of(week_ago, user.id)
    return [Desk(group, {name: getattr(group, name) for name in LISTS}) for group in rows]


@prepared
def _all_desks(week_ago) -> ModelSelect:
    counts = [_count(of, week_ago).alias(name) for name, of in LISTS.items()]
    return Group.select(Group, *counts).order_by(Group.name)


@prepared
def _desks_of(week_ago, user_id) -> ModelSelect:
    counts = [_count(of, week_ago).alias(name) for name, of in LISTS.items()]
    mine = Seat.select(Seat.group).where(Seat.user == user_id)
    return Group.select(Group, *counts).where(Group.id.in_(mine)).order_by(Group.name)


def _week_ago() -> datetime:
    return now() - timedelta(days=INCOMING_DAYS)


@cache
def _page_query(name: str, from_urgency: int | None) -> Callable[..., Iterator[Entry]]:
    """The query of a page; `from_urgency` is that of the key after which it begins, if it has one."""
    of = LISTS[name]

    @prepared
    def query(group_ids, week_ago, time, id):
        wide = not group_ids or len(group_ids) > MOST_HEADS
        rows = Entry.select(Entry.id).where(of.scope(week_ago)).limit(PAGE + 1)
        if wide and group_ids:
            rows = rows.where(Entry.group.in_(group_ids))
        heads = [
            _head(rows, of, urgency, group_id, from_urgency, (time, id))
            for urgency in of.urgencies
            if None in (urgency, from_urgency) or urgency <= from_urgency
            for group_id in ([None] if wide else group_ids)
        ]
        ids = reduce(lambda left, right: left.union_all(right), map(_as_part, heads))
        return with_people().where(Entry.id.in_(ids)).order_by(*of.order).limit(PAGE + 1)

    return query


def _head(rows, of: List, urgency: int | None, group_id, from_urgency: int | None, last: tuple):
    if group_id is not None:
        rows = rows.where(Entry.group == group_id)
    if urgency is not None:
        rows = rows.where(Entry.urgency == urgency)
    if from_urgency is not None and urgency in (None, from_urgency):
        key = Tuple(of.time, Entry.id)
        rows = rows.where(key < Tuple(*last) if of.newest_first else key > Tuple(*last))
    return rows.order_by(*(of.order if urgency is None else of.order[1:]))


def _as_part(head: ModelSelect) -> Select:
    """SQLite wants a part of a UNION that has its own ORDER and LIMIT wrapped."""
    return Select([head.alias("head")], [SQL("head.id")])


def _count(of: List, week_ago) -> Select:
    mine = of.scope(week_ago) & (Entry.group == Group.id)
    rows = Entry.select(SQL("1")).where(mine).limit(COUNT_TO)
    return Select([rows.alias("counted")], [fn.COUNT(SQL("*"))])
