"""Applies what the platform itself did with an entry: held, removed or published it.

Messages may arrive late, out of order or twice. Only a newer state than the last one counts; of two
with the same timestamp, the more severe.
"""

from datetime import datetime

from console.entries.reports import answer_reports, outcome_of
from console.entries.steps import mark_held, step
from console.entries.topics import urgency_of
from console.intake.payload import Message
from console.outbox.deliveries import expected_state
from models import Decision, Entry

REMOVERS = {"author": Decision.AUTHOR, "staff": Decision.PLATFORM_STAFF}
SEVERITY = {Entry.PUBLISHED: 0, Entry.HELD: 1, Entry.REMOVED: 2}


def begin(entry: Entry, message: Message, at: datetime, archive: bool) -> None:
    """Applies the platform's state to an entry that has just arrived; `archive`: as history."""
    if (state := _state(message)) != Entry.PUBLISHED:
        entry.platform_state = state
        entry.save(only=[Entry.platform_state])
        _apply(entry, state, message, at, archive)


def follow(entry: Entry, message: Message, at: datetime, archive: bool) -> bool:
    """Applies the platform's state to a known entry, unless it is outdated; whether it changed."""
    state = _state(message)
    reported = message.timestamp, SEVERITY[state]
    if reported <= (entry.platform_time, SEVERITY[entry.platform_state]):
        return False
    before = entry.platform_state
    is_expected = state == entry.state == expected_state(entry)
    entry.platform_state, entry.platform_time = state, message.timestamp
    entry.save(only=[Entry.platform_state, Entry.platform_time])
    is_hold = message.type == "entry.held"
    is_revived = is_hold and entry.archived and not archive
    if is_expected and not is_revived:
        return False  # the platform confirms our own decision
    if not is_hold and state == before:
        return False  # it tells of something else, and stands as before
    return _apply(entry, state, message, at, archive)


def _state(message: Message) -> str:
    if message.type == "entry.removed":
        return Entry.REMOVED
    return Entry.HELD if message.data.get("held") else Entry.PUBLISHED


def _apply(entry: Entry, state: str, message: Message, at: datetime, archive: bool) -> bool:
    before = _before_the_platform(entry)
    if state == Entry.HELD and (before is not None or not entry.is_removed):
        _hold(entry, message, at, archive)
    elif state == Entry.REMOVED and not entry.is_removed:
        remover = REMOVERS.get(message.data.get("by", ""), Decision.PLATFORM)
        removal = _step(entry, "remove", Entry.REMOVED, message, at, actor=remover)
        answer_reports(entry, removal, outcome_of(removal))
    elif state == Entry.PUBLISHED and before is not None:
        _restore(entry, before, message, at)
    else:
        return False
    return True


def _restore(entry: Entry, state: str, message: Message, at: datetime) -> None:
    """Restores the state that the entry had before the platform held it."""
    if state == Entry.HELD:  # screening or staff had held it; it needs a decision of staff
        before = entry.decisions.where(
            Decision.actor.not_in(Decision.OUTSIDE),
            Decision.to_state == Entry.HELD,
            Decision.from_state != Entry.HELD,  # not a tag of what was held already
        )
        holder = before.order_by(Decision.id.desc()).first()
        mark_held(entry, holder.actor, holder.note, holder.happened, known=holder.at)
    _step(entry, "release", state, message, at)


def _hold(entry: Entry, message: Message, at: datetime, archive: bool) -> None:
    reason = message.data["held"].get("reason", "")
    urgency = 0 if archive else urgency_of(entry)
    # Staff may have held it long ago: how long it is urgent counts from the platform's hold.
    is_urgent_now = urgency > 0 and entry.held_by != Decision.PLATFORM
    is_new = not entry.is_held or is_urgent_now or entry.archived != archive
    since = _happened(message, at) if is_new else None
    mark_held(entry, Decision.PLATFORM, reason, since, known=at, urgency=urgency, archive=archive)
    _step(entry, "hold", Entry.HELD, message, at, note=reason)


def _step(
    entry: Entry,
    verb: str,
    to: str,
    message: Message,
    at: datetime,
    *,
    actor: str = Decision.PLATFORM,
    note: str = "",
) -> Decision:
    happened = _happened(message, at)
    return step(entry, verb, to, actor=actor, at=at, happened=happened, note=note)


def _happened(message: Message, at: datetime) -> datetime:
    """The platform's clock may be a little ahead of ours."""
    return min(message.timestamp, at)


def _before_the_platform(entry: Entry) -> str | None:
    """The state before the platform changed the entry; None when others have changed it since."""
    state = None
    for newest in entry.decisions.order_by(Decision.id.desc()):
        if newest.actor not in Decision.OUTSIDE and newest.from_state == newest.to_state:
            continue  # a tag, or a "keep"
        if newest.actor not in Decision.OUTSIDE or newest.verb == "release":
            break
        state = newest.from_state
    return state
