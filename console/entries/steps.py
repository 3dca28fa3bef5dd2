"""One step of an entry's state, by whomever: the row that is added and the state that it leads to."""

from datetime import datetime
from typing import Any

from console.entries import wrong_holds
from console.entries.events import tell
from console.entries.replies import tell_replies
from console.errors import Overtaken
from console.prepared import insert
from models import Decision, Entry, Event

_HELD = [
    Entry.held_since,
    Entry.held_known,
    Entry.overdue,
    Entry.held_by,
    Entry.held_reason,
    Entry.urgency,
    Entry.archived,
]


def step(
    entry: Entry,
    verb: str,
    to: str,
    *,
    actor: str,
    at: datetime,
    happened: datetime | None = None,
    **record: Any,
) -> Decision:
    """Moves the entry and appends the decision, in the caller's transaction.

    Overtaken when the entry has changed since the caller read it.
    at        when it is known here
    happened  when it happened; None: at that moment
    record    what else the decision keeps: by, idempotency_key, undoes, note
    """
    moved = (
        Entry.update(state=to, version=Entry.version + 1)
        .where(Entry.id == entry.id, Entry.version == entry.version)
        .execute()
    )
    if not moved:
        raise Overtaken(Entry.get_by_id(entry.id))
    decision = insert(
        Decision,
        entry=entry,
        profile=entry.profile_id,
        group=entry.group_id,
        verb=verb,
        actor=actor,
        from_state=entry.state,
        to_state=to,
        at=at,
        happened=happened or at,
        **record,
    )
    before = entry.state
    if entry.whitelisted:
        wrong_holds.note(entry, before, decision)
    entry.state, entry.version = to, entry.version + 1
    tell(entry, Event.HELD if to == Entry.HELD != before else Event.CHANGED, at)
    if before != to and Entry.REMOVED in (before, to):
        tell_replies(entry, at)
    return decision


def mark_held(
    entry: Entry,
    by: str,
    reason: str,
    since: datetime | None = None,
    *,
    known: datetime | None = None,
    urgency: int = 0,
    archive: bool = False,
) -> None:
    """Notes who holds the entry and why; the step to "held" is the caller's.

    by      an actor of decisions
    since   when it was held; None where it has been held already: then what is overdue stays so
    known   when that was known here; None: at once
    archive the hold is history; any other brings an archived entry into the list
    """
    if since is not None:
        entry.held_since, entry.held_known, entry.overdue = since, known or since, False
        entry.archived = archive
    entry.held_by, entry.held_reason = by, reason
    entry.urgency = 0 if entry.overdue else urgency
    entry.save(only=_HELD)
