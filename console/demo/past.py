"""What the demonstration's staff have decided before: the older part of the queue is worked off."""

from datetime import datetime
from secrets import token_hex

from console.queue import decisions
from console.queue.cards import Card, cards
from models import Entry, Group, User


def settle_the_past(group: Group, people: list[User], until: datetime) -> None:
    """Settles what waits and was written before that moment, as sensible staff would have."""
    waiting = (
        Entry.select()
        .where(Entry.group == group, Entry.created < until)
        .where((Entry.state == Entry.HELD) | Entry.reported_since.is_null(False))
        .order_by(Entry.created)
    )
    for number, card in enumerate(cards(list(waiting))):
        _settle(card, people[number % len(people)])


def _settle(card: Card, by: User) -> None:
    entry, slip = card.entry, decisions.Slip(card.entry.version, token_hex(16))
    if card.suggested and not entry.whitelisted:
        decisions.remove(entry, by, slip, card.suggested[:1])
    elif entry.is_held:
        decisions.release(entry, by, slip)
    else:
        decisions.keep(entry, by, slip)
