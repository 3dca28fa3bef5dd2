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
from console.groups.preapproval import APPROVALS, set_preapproved
from console.language import _
from console.outbox.connections import connection_of
from console.outbox.platform import ACT_FOR, DECISION, PLATFORMS, STATE_AFTER, Platform
from console.storage import now
from models import Connection, Decision, Delivery, Entry, User

OPEN = (Delivery.PENDING, Delivery.TO_DO)


def leave(decision: Decision, entry: Entry) -> Delivery | None:
    """Leaves what is to be done outside after a decision of the staff, if anything is."""
    connection = connection_of(entry.group_id)
    platform = PLATFORMS[connection.platform]
    if platform.is_told:
        return _tell(decision, connection, platform)
    if decision.from_state == decision.to_state:
        return None
    delivery = _order(decision, entry, connection, platform, decision.at)
    if platform.removes_replies and decision.from_state == Entry.REMOVED:
        for removal, reply in _unordered_removals_below(entry):
            _order(removal, reply, connection, platform, decision.at)
    return delivery


def _tell(decision: Decision, connection: Connection, platform: Platform) -> Delivery | None:
    undone = Delivery.decision == decision.undoes_id
    if decision.undoes_id and cancel(undone, at=decision.at, states=(*OPEN, Delivery.FAILED)):
        return None  # outside, nothing has happened
    if not platform.is_reachable(connection):
        return None
    return put(connection, DECISION, decision.at, decision=decision, entry=decision.entry_id)


def _order(
    decision: Decision, entry: Entry, connection: Connection, platform: Platform, at: datetime
) -> Delivery | None:
    cancel(Delivery.entry == entry, Delivery.kind.in_(list(STATE_AFTER)), at=at)
    if platform.removes_replies and _is_gone_with_another(entry):
        return None
    expected = expected_state(entry)
    act = ACT_FOR[decision.to_state]
    if expected == decision.to_state or act not in platform.abilities:
        return None
    if _is_held_here_alone(entry) and expected == Entry.PUBLISHED:
        return None
    led_there = platform.abilities.get(ACT_FOR[expected])
    if led_there and not led_there.reversible:
        return None
    if not platform.is_reachable(connection):
        return None
    return put(connection, act, at, decision=decision, entry=entry)


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


def done(delivery: Delivery, by: User) -> bool:
    """A person says that it is done; whether it was still open. Ends the undo window."""
    is_done = _settle_by_hand(delivery, Delivery.DONE, by)
    if is_done and delivery.kind in APPROVALS and delivery.profile:
        set_preapproved(delivery.profile, APPROVALS[delivery.kind], by)
    return is_done


def not_possible(delivery: Delivery, by: User, why: str) -> bool:
    """A person says that it can't be done. This is final, and no failure."""
    return _settle_by_hand(delivery, Delivery.NOT_POSSIBLE, by, why)


def reason(delivery: Delivery) -> str:
    """Why it failed, in the reader's language."""
    return in_words(delivery.last_error)


def in_words(error: str) -> str:
    """A DeliveryError's message, translated; a technical detail may follow after a colon."""
    words, colon, detail = error.partition(": ")
    return f"{_(words)}{colon}{detail}" if words else ""


def _settle_by_hand(delivery: Delivery, state: str, by: User, why: str = "") -> bool:
    at = now()
    told = {"state": state, "settled": at, "settled_by": by, "last_error": why}
    hit = Delivery.update(told).where(Delivery.id == delivery.id, Delivery.state.in_(OPEN))
    if not hit.execute():
        return False
    if state == Delivery.DONE:
        reflect(delivery, at)
    return True


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
