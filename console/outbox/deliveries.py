"""The rows of the transactional outbox: written in the transaction of what they follow from.

A platform that is told of decisions gets a row for each. One that is given orders gets a row only where
the state that is expected there differs from the decision's result.
"""

from collections.abc import Collection, Iterator
from datetime import datetime
from secrets import token_urlsafe
from typing import Any

from peewee import JOIN, Expression

from console import config
from console.language import _
from console.outbox.connections import connection_of
from console.outbox.platform import (
    ACT_FOR,
    DECISION,
    KEEP,
    PLATFORMS,
    REPORT,
    STATE_AFTER,
    Platform,
)
from models import Connection, Decision, Delivery, Entry

OPEN = (Delivery.PENDING, Delivery.TO_DO)
OF_ENTRY = [*STATE_AFTER, KEEP, REPORT]
BREAKS_TERMS = "platform-terms"  # the rule by which the platform itself would remove it


def leave(decision: Decision, entry: Entry, rules: Collection[str] = ()) -> Delivery | None:
    """Leaves what is to be done outside after a decision of the staff, if anything is.

    rules  codes of those that it names
    """
    connection = connection_of(entry.group_id)
    platform = PLATFORMS[connection.platform]
    if platform.is_told:
        return _tell(decision, connection, platform)
    if decision.from_state == decision.to_state:
        return _answer_members(decision, entry, connection, platform)
    also = [REPORT] if BREAKS_TERMS in rules and REPORT in platform.abilities else []
    delivery = _order(decision, entry, connection, platform, decision.at, also)
    if platform.removes_replies and decision.from_state == Entry.REMOVED:
        _order_below(entry, connection, platform, decision.at)
    if decision.verb == "release":
        delivery = delivery or _keep(decision, entry, connection, platform)
    return delivery


def reconsider(entry: Entry, at: datetime) -> None:
    """A task of the entry was settled: what else is to be done there now, as it stands here?"""
    connection = connection_of(entry.group_id)
    platform = PLATFORMS[connection.platform]
    changes = entry.decisions.where(Decision.from_state != Decision.to_state)
    newest = changes.order_by(Decision.id.desc()).first()
    if newest is None or not newest.is_staffs or platform.is_told:
        return
    act = ACT_FOR[newest.to_state]
    ordered = (Delivery.decision == newest) & (Delivery.kind == act)
    if not Delivery.select().where(ordered).exists():
        _order(newest, entry, connection, platform, at)
    if platform.removes_replies and not entry.is_removed:
        _order_below(entry, connection, platform, at)


def _tell(decision: Decision, connection: Connection, platform: Platform) -> Delivery | None:
    undone = Delivery.decision == decision.undoes_id
    if decision.undoes_id and cancel(undone, at=decision.at, states=(*OPEN, Delivery.FAILED)):
        return None  # outside, nothing has happened
    if not platform.is_reachable(connection):
        return None
    return put(connection, DECISION, decision.at, decision=decision, entry=decision.entry_id)


def _order(
    decision: Decision,
    entry: Entry,
    connection: Connection,
    platform: Platform,
    at: datetime,
    also: Collection[str] = (),
) -> Delivery | None:
    """Orders what leads to the decision's result, and before it what is to be done `also`."""
    cancel(Delivery.entry == entry, Delivery.kind.in_(OF_ENTRY), at=at)
    if platform.removes_replies and _is_gone_with_another(entry):
        return None
    expected = expected_state(entry)
    act = ACT_FOR[decision.to_state]
    if expected == decision.to_state:
        return _taken_over(decision, act)
    if act not in platform.abilities:
        return None
    if _is_held_here_alone(entry) and expected == Entry.PUBLISHED:
        return None
    if not platform.can_be_reversed(expected) or not platform.is_reachable(connection):
        return None
    more = {"decision": decision, "entry": entry, "urgency": _urgency(decision, entry)}
    for kind in also:
        put(connection, kind, at, **more)
    return put(connection, act, at, **more)


def _order_below(entry: Entry, connection: Connection, platform: Platform, at: datetime) -> None:
    for removal, reply in _unordered_removals_below(entry):
        _order(removal, reply, connection, platform, at)


def _taken_over(decision: Decision, kind: str) -> Delivery | None:
    """What somebody may be doing there for an earlier decision is the newer one's task now."""
    mine = (Delivery.entry == decision.entry_id) & (Delivery.kind == kind)
    task = Delivery.select().where(mine, Delivery.to_do()).order_by(Delivery.id.desc()).first()
    if task:
        task.decision = decision
        task.save(only=[Delivery.decision])
    return task


def _urgency(decision: Decision, entry: Entry) -> int:
    """As it was while it was held; what was urgent for too long is urgent still."""
    return max(entry.urgency, int(entry.overdue)) if decision.from_state == Entry.HELD else 0


def _answer_members(
    decision: Decision, entry: Entry, connection: Connection, platform: Platform
) -> Delivery | None:
    """What members reported there is dismissed there, too."""
    if decision.undoes_id:
        cancel(Delivery.entry == entry, Delivery.kind == KEEP, at=decision.at)
    elif decision.verb == "keep":
        return _keep(decision, entry, connection, platform)
    return None


def _keep(
    decision: Decision, entry: Entry, connection: Connection, platform: Platform
) -> Delivery | None:
    """Only where staff saw it among the reported: other reports are not known there."""
    if KEEP not in platform.abilities or entry.stands != Entry.REPORTED:
        return None
    open_one = _taken_over(decision, KEEP)
    return open_one or put(connection, KEEP, decision.at, decision=decision, entry=entry)


def _unordered_removals_below(entry: Entry) -> Iterator[tuple[Decision, Entry]]:
    """Replies that were gone with the entry are back with it, though they are removed here."""
    below = Entry.below([entry.id])
    removed = Entry.select().join(below, on=(Entry.id == below.c.id)).with_cte(below)
    for reply in removed.where(Entry.state == Entry.REMOVED).order_by(Entry.id):
        newest = reply.decisions.order_by(Decision.id.desc()).get()
        if not Delivery.select().where(Delivery.decision == newest).exists():
            yield newest, reply


def _is_held_here_alone(entry: Entry) -> bool:
    """Held by screening, and by an undo once more."""
    return entry.is_held and entry.held_by == Decision.SCREENING


def _is_gone_with_another(entry: Entry) -> bool:
    """Whether what it hangs on is removed there, or is to be."""
    above, seen = entry.parent, {entry.id}
    while above and above.id not in seen:  # parents may form a circle
        if expected_state(above) == Entry.REMOVED:
            return True
        seen.add(above.id)
        above = above.parent
    return False


def put(connection: Connection, kind: str, at: datetime, **what: Any) -> Delivery:
    """Something to be done after the undo window; `what`: decision, entry, profile.

    What a person does is there to be done at once. The key is random: after a restore from a backup
    the same ids go out with other content, and a receiver drops what it knows by its key.
    """
    ability = PLATFORMS[connection.platform].abilities[kind]
    return Delivery.create(
        connection=connection,
        kind=kind,
        idempotency_key=f"{kind}-{token_urlsafe(16)}",
        due=at + config.settings().undo_window,
        state=Delivery.TO_DO if ability.by_hand else Delivery.PENDING,
        **what,
    )


def cancel(*which: Expression, at: datetime, states: Collection[str] = OPEN) -> int:
    """Takes back what is in one of these states and never was begun; returns how many there were."""
    unbegun = Delivery.state.in_(states) & ~Delivery.begun
    cancelled = Delivery.update(state=Delivery.CANCELLED, settled=at).where(*which, unbegun)
    return cancelled.execute()


def reason(delivery: Delivery) -> str:
    """Why it failed, in the reader's language."""
    return in_words(delivery.last_error)


def in_words(error: str) -> str:
    """A DeliveryError's message, translated; a technical detail may follow after a colon."""
    words, colon, detail = error.partition(": ")
    return f"{_(words)}{colon}{detail}" if words else ""


def reflect(delivery: Delivery, at: datetime) -> None:
    """The platform has the entry in another state now, since it did what we asked for at that moment."""
    state = _target(delivery.kind, delivery.decision)
    if state and delivery.entry_id:
        Entry.update(platform_state=state, platform_time=at).where(
            Entry.id == delivery.entry_id, Entry.platform_time <= at
        ).execute()


def expected_state(entry: Entry) -> str:
    """The state outside, once all that was begun or is still to be done has been done there.

    A delivery that was given up after it had been begun may have arrived, so it counts until the
    platform says more.
    """
    unsure = (Delivery.state == Delivery.FAILED) & (Delivery.settled > entry.platform_time)
    newest_first = (
        Delivery.select(Delivery, Decision)
        .join(Decision, JOIN.LEFT_OUTER)
        .where(Delivery.entry == entry, Delivery.state.in_(OPEN) | (unsure & Delivery.begun))
        .order_by(Delivery.id.desc())
    )
    targets = (_target(delivery.kind, delivery.decision) for delivery in newest_first)
    return next(filter(None, targets), entry.platform_state)


def _target(kind: str, decision: Decision | None) -> str | None:
    """The state that a delivery leads to outside; None when it changes none."""
    if kind != DECISION:
        return STATE_AFTER.get(kind)
    assert decision is not None
    return decision.to_state if decision.from_state != decision.to_state else None
