"""Makes decisions on the older entries of the demonstration, as its staff would have."""

from datetime import datetime
from secrets import token_hex

from console.entries import decisions
from console.entries.transaction import Submission
from console.groups.preapproval import set_preapproved
from console.outbox import by_hand
from console.platforms import preapproval, rounds
from console.queue.card_rows import rows_of
from console.queue.cards import Card, CardRule, cards
from console.storage import now
from models import Decision, Delivery, Entry, Group, Round, Rule, User

# The words of the demonstration's reports, and the rule that each is about.
RULE_OF_REASON = {
    "hejt": "hate",
    "mowa nienawiści": "hate-speech",
    "groźba": "threat",
    "wulgaryzmy": "offensive",
    "spam": "spam",
    "dane osobowe": "personal-data",
}
DUE = ["pending", "spam"]  # queues of Facebook
NOT_APPROVED = 2  # profiles


def decide_older_entries(group: Group, people: list[User], until: datetime) -> None:
    """Decides the waiting entries that were written before that moment, with the people in turn."""
    waiting = (
        Entry.select()
        .where(Entry.group == group, Entry.created < until)
        .where((Entry.state == Entry.HELD) | Entry.reported_since.is_null(False))
    )
    entries = list(rows_of([entry.id for entry in waiting]))
    for number, card in enumerate(cards(sorted(entries, key=lambda entry: entry.created))):
        _decide(card, people[number % len(people)])


def carry_out_all_but(number: int, group: Group) -> None:
    """What was decided has been done on Facebook, and confirmed, except for the last of it."""
    tasks = (
        Delivery.select(Delivery, Decision)
        .join(Decision)
        .where(Delivery.to_do(), Decision.group == group)
        .order_by(Delivery.id.desc())
    )
    for task in reversed(list(tasks.offset(number))):
        decision = task.decision
        if decision and decision.by:
            by_hand.done(task, decision.by)


def look_into_queues(group: Group, by: User) -> None:
    """Most of the group's queues on Facebook were looked into just now; the others are due."""
    rounds.ensure()
    for round in Round.select().where(Round.group == group, Round.queue.not_in(DUE)):
        rounds.check(round, by, 0, rounds.stamp(round))


def approve_profiles(group: Group, by: User) -> None:
    """All but a few of the units' profiles are pre-approved on Facebook; those few are tasks."""
    at = now()
    lacking = [each.profile for each in preapproval.standings([group], at) if each.task]
    for profile in lacking[NOT_APPROVED:]:
        set_preapproved(profile, True, by)
    preapproval.sweep_group(group, at)


def _decide(card: Card, by: User) -> None:
    entry = Entry.get_by_id(card.entry.id)
    submission = Submission(entry.version, token_hex(16))
    broken = [] if entry.whitelisted else card.suggested or _reported_by_several(card)
    if broken:
        decisions.remove(
            entry, by, submission, list(entry.group.rules.where(Rule.code == broken[0].code))
        )
    elif entry.is_held:
        decisions.release(entry, by, submission)
    else:
        decisions.keep(entry, by, submission)


def _reported_by_several(card: Card) -> list[CardRule]:
    if card.reports is None or card.reports.people < 2:
        return []
    reasons = (reason for reason, _people in card.reports.reasons)
    code = next((RULE_OF_REASON[each] for each in reasons if each in RULE_OF_REASON), None)
    return [rule for rule in card.rules if rule.code == code]
