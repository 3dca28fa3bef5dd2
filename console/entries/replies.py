"""The replies of entries, at any depth: which are held, and which hang on something removed."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from console.entries.events import tell
from console.prepared import prepared
from models import Entry, Event

MAX_TOLD = 100


class HeldReply(NamedTuple):
    root_id: int  # the entry that it hangs on
    id: int
    version: int
    whitelisted: bool


def held_replies(ids: list[int]) -> Iterable[HeldReply]:
    """Those of each of these entries, the oldest first."""
    return map(HeldReply._make, _held_replies(ids))


def tell_replies(entry: Entry, at: datetime) -> None:
    """Their cards say whether the entry is removed."""
    for reply in list(held_replies([entry.id]))[:MAX_TOLD]:
        tell(Entry(id=reply.id), Event.RENEWED, at)


def removed_or_below(ids: list[int]) -> set[int]:
    """Those of these entries that are removed, or hang on one that is, however far up."""
    return {id for (id,) in _removed_or_below(ids)} if ids else set()


@prepared
def _removed_or_below(ids):
    parent = Entry.alias()
    first = Entry.select(Entry.id, Entry.parent, Entry.state).where(Entry.id.in_(ids))
    # UNION drops what was found already, so parents that form a circle end it.
    up = first.cte("up", recursive=True, columns=("id", "parent_id", "state"))
    further = parent.select(up.c.id, parent.parent, parent.state)
    up = up.union(further.join(up, on=(parent.id == up.c.parent_id)))
    return (
        Entry.select(Entry.id)
        .join(up, on=(Entry.id == up.c.id))
        .where(up.c.state == Entry.REMOVED)
        .with_cte(up)
        .tuples()
    )


@prepared
def _held_replies(ids):
    below = Entry.below(ids)
    return (
        Entry.select(below.c.root_id, Entry.id, Entry.version, Entry.whitelisted)
        .join(below, on=(Entry.id == below.c.id))
        .where(Entry.held())
        .order_by(Entry.id)
        .with_cte(below)
        .tuples()
    )
