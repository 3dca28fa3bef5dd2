"""Adds to cards what was decided last, with a fixed number of queries, however many they are."""

from collections import Counter, defaultdict

from peewee import JOIN, Case, fn

from console.entries.decisions import is_undoable
from console.entries.replies import held_replies
from console.entries.with_replies import MAX_REPLIES, removed_replies
from console.prepared import prepared
from console.queue.cards import Card
from models import Connection, Decision, Delivery, Entry, User


def with_outcomes(cards: list[Card]) -> list[Card]:
    """Adds to each card its newest decision, whether that can be undone, its delivery and replies."""
    ids = [card.entry.id for card in cards]
    newest = {decision.entry_id: decision for decision in _newest(ids)} if ids else {}
    decision_ids = [decision.id for decision in newest.values()]
    found = _deliveries(ids, decision_ids) if decision_ids else ()
    deliveries = {delivery.entry_id: delivery for delivery in found}
    for card in cards:
        card.delivery = deliveries.get(card.entry.id)
        card.outcome = newest.get(card.entry.id)
        card.undoable = is_undoable(card.outcome)
    if removed := [card for card in cards if card.entry.state == Entry.REMOVED]:
        _add_replies(removed)
    return cards


def _add_replies(removed: list[Card]) -> None:
    held = defaultdict(list)
    for reply in held_replies([card.entry.id for card in removed]):
        if not reply.whitelisted:
            held[reply.root_id].append(reply)
    outcomes = [card.outcome for card in removed if card.outcome]
    with_them = Counter(reply.batch for reply in removed_replies(outcomes))
    for card in removed:
        card.held_replies = tuple(held[card.entry.id][:MAX_REPLIES])
        card.removed_replies = with_them[card.outcome.idempotency_key] if card.outcome else 0


@prepared
def _newest(ids):
    newest = Decision.select(fn.MAX(Decision.id)).where(Decision.entry.in_(ids))
    return (
        Decision.select(Decision, User.id, User.name)
        .join(User, JOIN.LEFT_OUTER)
        .where(Decision.id.in_(newest.group_by(Decision.entry)))
    )


@prepared
def _deliveries(ids, decision_ids):
    """The one to be shown of an entry comes last."""
    tasks = Delivery.entry.in_(ids) & Delivery.to_do()
    return (
        Delivery.select(Delivery, Connection.id, Connection.platform, User.id, User.name)
        .join_from(Delivery, Connection)
        .join_from(Delivery, User, JOIN.LEFT_OUTER, on=(Delivery.settled_by == User.id))
        .where(Delivery.decision.in_(decision_ids) | tasks)
        .order_by(Case(None, [(Delivery.to_do(), 1)], 0), Delivery.id)
    )
