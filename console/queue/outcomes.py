"""Adds to cards what was decided last, with a fixed number of queries, however many they are."""

from collections import Counter, defaultdict

from peewee import JOIN, fn

from console.entries.decisions import is_undoable
from console.entries.replies import held_replies
from console.entries.with_replies import MAX_REPLIES, removed_replies
from console.prepared import prepared
from console.queue.cards import Card
from models import Decision, Delivery, Entry, User


def with_outcomes(cards: list[Card]) -> list[Card]:
    """Adds to each card its newest decision, whether that can be undone, its delivery and replies."""
    ids = [card.entry.id for card in cards]
    newest = {decision.entry_id: decision for decision in _newest(ids)} if ids else {}
    decision_ids = [decision.id for decision in newest.values()]
    deliveries = {}
    if decision_ids:
        deliveries = {delivery.decision_id: delivery for delivery in _deliveries(decision_ids)}
    for card in cards:
        card.outcome = newest.get(card.entry.id)
        card.undoable = is_undoable(card.outcome)
        card.delivery = deliveries.get(card.outcome.id) if card.outcome else None
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
def _deliveries(decision_ids):
    return Delivery.select().where(Delivery.decision.in_(decision_ids))
