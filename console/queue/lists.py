"""The three lists: incoming, held, reported. Paged by key, over indexes that hold only what is open.

A page is the merge of its heads: the first rows of each group (and urgency) that the list spans.
A head is a short read at the front of an index, so a page costs the same however long the list is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import reduce
from typing import NamedTuple

from peewee import JOIN, SQL, Expression, Field, ModelSelect, Select, Tuple, fn

from models import Entry, Group, Profile, Seat, Unit, User, now

PAGE = 50
COUNT_TO = 1000  # a count stops here; it is shown as "999+"
INCOMING_DAYS = 7
MOST_HEADS = 50  # a seat in more groups than this reads the index of all of them


@dataclass(frozen=True)
class List:
    name: str
    scope: Callable[[], Expression]
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
            lambda: Entry.incoming() & (Entry.received > now() - timedelta(days=INCOMING_DAYS)),
            Entry.received,
            newest_first=True,
        ),
        List("held", Entry.held, Entry.held_since, urgencies=(2, 1, 0)),
        List("reported", Entry.reported, Entry.reported_since),
    )
}


class After(NamedTuple):
    """The key of the last row of the page before."""

    urgency: int
    time: datetime
    id: int

    @classmethod
    def parse(cls, text: str | None) -> "After | None":
        try:
            urgency, micros, id = map(int, (text or "").split("-"))
            return cls(urgency, datetime.fromtimestamp(micros / 1_000_000, UTC), id)
        except (ValueError, OverflowError, OSError):
            return None

    def __str__(self) -> str:
        return f"{self.urgency}-{round(self.time.timestamp() * 1_000_000)}-{self.id}"


class Page(NamedTuple):
    entries: list[Entry]
    next: After | None


class Desk(NamedTuple):
    """A group that the user may work in, and what waits there."""

    group: Group
    counts: dict[str, int]


def page(name: str, group_ids: list[int] | None, after: After | None = None) -> Page:
    """Up to PAGE entries of a list, with profile, unit, parent; None for the groups means all."""
    of = LISTS[name]
    heads = _heads(of, group_ids, after)
    ids = reduce(lambda left, right: left.union_all(right), map(_as_part, heads))
    rows = list(with_people().where(Entry.id.in_(ids)).order_by(*of.order).limit(PAGE + 1))
    if len(rows) <= PAGE:
        return Page(rows, None)
    last = rows[PAGE - 1]
    return Page(rows[:PAGE], After(last.urgency, getattr(last, of.time.name), last.id))


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
    Profile.name,
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


def desks(user: User) -> list[Desk]:
    """The groups the user may see, each with its counts: an administrator's are all."""
    counts = {name: _count(of).alias(name) for name, of in LISTS.items()}
    groups = Group.select(Group, *counts.values()).order_by(Group.name)
    if not user.is_administrator:
        groups = groups.join(Seat).where(Seat.user == user)
    return [Desk(group, {name: getattr(group, name) for name in LISTS}) for group in groups]


def _heads(of: List, group_ids: list[int] | None, after: After | None) -> list[ModelSelect]:
    wide = group_ids is None or len(group_ids) > MOST_HEADS
    rows = Entry.select(Entry.id).where(of.scope()).limit(PAGE + 1)
    if wide and group_ids is not None:
        rows = rows.where(Entry.group.in_(group_ids))
    return [
        _head(rows, of, urgency, group_id, after)
        for urgency in of.urgencies
        if urgency is None or after is None or urgency <= after.urgency
        for group_id in ([None] if wide else group_ids)
    ]


def _head(rows, of: List, urgency: int | None, group_id: int | None, after: After | None):
    if group_id is not None:
        rows = rows.where(Entry.group == group_id)
    if urgency is not None:
        rows = rows.where(Entry.urgency == urgency)
    if after and urgency in (None, after.urgency):
        key, last = Tuple(of.time, Entry.id), Tuple(after.time, after.id)
        rows = rows.where(key < last if of.newest_first else key > last)
    return rows.order_by(*(of.order if urgency is None else of.order[1:]))


def _as_part(head: ModelSelect) -> Select:
    """SQLite wants a part of a UNION that has its own ORDER and LIMIT wrapped."""
    return Select([head.alias("head")], [SQL("head.id")])


def _count(of: List) -> Select:
    rows = Entry.select(SQL("1")).where(of.scope(), Entry.group == Group.id).limit(COUNT_TO)
    return Select([rows.alias("counted")], [fn.COUNT(SQL("*"))])
