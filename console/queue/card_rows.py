"""Reads entries for cards as plain tuples: making fifty models takes longer than the query."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from peewee import JOIN, SQL, ModelAlias, ModelSelect, fn

from console.prepared import prepared
from models import Entry, Media, Profile, Unit


class CardRow(NamedTuple):
    """An entry with its author, its parent and the parent of that."""

    id: int
    group_id: int
    profile_id: int
    kind: str
    state: str
    version: int
    urgency: int
    overdue: bool
    created: datetime
    received: datetime
    held_since: datetime | None
    held_known: datetime | None
    held_by: str | None
    held_reason: str
    reported_since: datetime | None
    whitelisted: bool
    whitelist_reason: str
    archived: bool
    topic: str
    topic_by_id: int | None
    awaited_parent: str | None
    text: str
    url: str
    links: str  # in JSON, as is media
    media: str
    is_pictured: bool  # it has pictures of the console's own
    author: str
    unit_type: str | None
    unit_name: str | None
    parent_id: int | None
    parent_text: str | None  # its beginning
    parent_author: str | None
    parent_state: str | None
    above_id: int | None  # the parent's parent: on Facebook, the post
    above_text: str | None
    above_author: str | None
    above_state: str | None
    above_parent_id: int | None  # in a deeper thread


PARENT, PARENT_PROFILE = Entry.alias("parent"), Profile.alias("parent_profile")
ABOVE, ABOVE_PROFILE = Entry.alias("above"), Profile.alias("above_profile")


def select_rows() -> ModelSelect[Entry]:
    """A query for tuples that `CardRow._make` takes."""
    rows = (
        Entry.select(
            *(getattr(Entry, name.removesuffix("_id")) for name in CardRow._fields[:23]),
            Entry.links.cast("TEXT"),
            Entry.media.cast("TEXT"),
            fn.EXISTS(Media.select(SQL("1")).where(Media.entry == Entry.id)),
            Profile.name,
            Unit.type,
            Unit.name,
            *_excerpt(PARENT, PARENT_PROFILE),
            *_excerpt(ABOVE, ABOVE_PROFILE),
            ABOVE.parent,
        )
        .join_from(Entry, Profile)
        .join_from(Profile, Unit, JOIN.LEFT_OUTER)
        .tuples()
    )
    for child, entry, profile in (
        (Entry, PARENT, PARENT_PROFILE),
        (PARENT, ABOVE, ABOVE_PROFILE),
    ):
        rows = rows.join_from(child, entry, JOIN.LEFT_OUTER, on=(child.parent == entry.id))
        rows = rows.join_from(entry, profile, JOIN.LEFT_OUTER, on=(entry.profile == profile.id))
    return rows


def _excerpt(entry: ModelAlias[Entry], profile: ModelAlias[Profile]) -> tuple:
    return entry.id, fn.SUBSTR(entry.text, 1, 200), profile.name, entry.state


def rows_of(ids: list[int]) -> Iterator[CardRow]:
    """The entries of these ids, in any order."""
    return map(CardRow._make, _of_ids(ids))


def answers_to(ids: list[int]) -> Iterator[CardRow]:
    """The comments on these entries, the oldest first; at most 300."""
    return map(CardRow._make, _of_parents(ids))


@prepared
def _of_ids(ids):
    return select_rows().where(Entry.id.in_(ids))


@prepared
def _of_parents(ids):
    return select_rows().where(Entry.parent.in_(ids)).order_by(Entry.created).limit(300)
