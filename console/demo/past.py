"""What the demonstration's staff have decided before: the older part of the queue is worked off."""

from datetime import datetime
from secrets import token_hex

from console.entries import decisions
from console.queue.card_rows import rows_of
from console.queue.cards import Card, Named, cards
from models import Entry, Group, Rule, User

# The words of the demonstration's reports, and the rule that each is about.
ABOUT = {
    "hejt": "hate",
    "mowa nienawiści": "hate-speech",
    "groźba": "threat",
    "wulgaryzmy": "offensive",
    "spam": "spam",
    "dane osobowe": "personal-data",
}


def settle_the_past(group: Group, people: list[User], until: datetime) -> None:
    """Settles what waits and was written before that moment, as sensible staff would have."""
    waiting = (
        Entry.select()
        .where(Entry.group == group, Entry.created < until)
        .where((Entry.state == Entry.HELD) | Entry.reported_since.is_null(False))
    )
    entries = list(rows_of([entry.id for entry in waiting]))
    for number, card in enumerate(cards(sorted(entries, key=lambda entry: entry.created))):
        _settle(card, people[number % len(people)])


def _settle(card: Card, by: User) -> None:
    entry = Entry.get_by_id(card.entry.id)
    submission = decisions.Submission(entry.version, token_hex(16))
    broken = [] if entry.whitelisted else card.suggested or _reported_by_several(card)
    if broken:
        decisions.remove(
            entry, by, submission, list(entry.group.rules.where(Rule.code == broken[0].code))
        )
    elif entry.is_held:
        decisions.release(entry, by, submission)
    else:
        decisions.keep(entry, by, submission)


def _reported_by_several(card: Card) -> list[Named]:
    codes = [ABOUT[reason] for reason, _count in card.report_reasons if reason in ABOUT]
    if len(card.reports) < 2 or not codes:
        return []
    return [rule for rule in card.rules if rule.code == codes[0]]
