"""The decisions of staff on an entry: release, remove, keep, hold, tag, untag, undo.

Each is one DecisionTransaction. It checks that the decision is possible in the entry's state, adds the
Decision, and updates what depends on it: reports, tags, the outbox.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import NamedTuple

from peewee import ModelSelect

from console.entries.reports import answer_reports, reopen_reports
from console.entries.steps import mark_held
from console.entries.transaction import DecisionTransaction, Submission
from console.errors import Overtaken, Refused
from console.groups.templates import text_of_rule
from console.language import N_, _
from console.prepared import insert
from models import Decision, Entry, Report, Rule, Template, User, Violation

_NOT_POSSIBLE = N_("This is not possible in the state the entry is in now.")
_REASON_MISSING = N_(
    "A unit on the whitelist published this. "
    "It is removed or held only on its own page, with a reason in words."
)


def release(entry: Entry, by: User, submission: Submission) -> Decision:
    """Held or removed → published. Rejects open reports; a removed entry loses its tags."""
    with DecisionTransaction("release", entry, by, submission) as transaction:
        if transaction.first_outcome:
            return transaction.first_outcome
        _require(not transaction.entry.is_published)
        was_removed = transaction.entry.is_removed
        decision = transaction.step(Entry.PUBLISHED)
        if was_removed:
            _untag(_open_violations(transaction.entry), decision)
        answer_reports(transaction.entry, decision, Report.REJECTED)
    return decision


def remove(entry: Entry, by: User, submission: Submission, rules: list[Rule]) -> Decision:
    """Published or held → removed, for at least one rule. Upholds open reports.

    Of a whitelisted entry only with a reason, as hold. Made for itself it begins a batch, which its
    replies may follow.
    """
    _require_rules(rules)
    submission = replace(submission, batch=submission.batch or submission.idempotency_key)
    with DecisionTransaction("remove", entry, by, submission, rules) as transaction:
        if transaction.first_outcome:
            return transaction.first_outcome
        _require(not transaction.entry.is_removed)
        _require_reason(transaction.entry, submission)
        decision = transaction.step(Entry.REMOVED)
        for rule in rules:
            _tag(transaction.entry, rule, decision)
        answer_reports(transaction.entry, decision, Report.UPHELD)
    return decision


def keep(entry: Entry, by: User, submission: Submission) -> Decision:
    """Rejects the open reports; the entry stays as it is."""
    with DecisionTransaction("keep", entry, by, submission) as transaction:
        if transaction.first_outcome:
            return transaction.first_outcome
        _require(transaction.entry.is_reported)
        decision = transaction.step(transaction.entry.state)
        answer_reports(transaction.entry, decision, Report.REJECTED)
    return decision


def hold(entry: Entry, by: User, submission: Submission) -> Decision:
    """Published → held, for somebody to look at again."""
    with DecisionTransaction("hold", entry, by, submission) as transaction:
        if transaction.first_outcome:
            return transaction.first_outcome
        _require(transaction.entry.is_published)
        _require_reason(transaction.entry, submission)
        mark_held(transaction.entry, Decision.STAFF, submission.note, transaction.at)
        decision = transaction.step(Entry.HELD)
    return decision


def tag(entry: Entry, by: User, submission: Submission, rules: list[Rule]) -> Decision:
    """Notes the rules that the entry broke; its state stays."""
    _require_rules(rules)
    with DecisionTransaction("tag", entry, by, submission, rules) as transaction:
        if transaction.first_outcome:
            return transaction.first_outcome
        decision = transaction.step(transaction.entry.state)
        for rule in rules:
            _tag(transaction.entry, rule, decision)
    return decision


def untag(entry: Entry, by: User, submission: Submission, rules: list[Rule]) -> Decision:
    """Takes back that the entry broke these rules."""
    with DecisionTransaction("untag", entry, by, submission, rules) as transaction:
        if transaction.first_outcome:
            return transaction.first_outcome
        tagged = _open_violations(transaction.entry).where(Violation.rule.in_(rules))
        _require(bool(rules) and tagged.exists())
        decision = transaction.step(transaction.entry.state)
        _untag(tagged, decision)
    return decision


def undo(entry: Entry, by: User, submission: Submission, which: Decision | None = None) -> Decision:
    """Reverses the newest decision, with its tags and its answers to reports.

    Overtaken when that is another one than `which`.
    """
    with DecisionTransaction("undo", entry, by, submission) as transaction:
        if transaction.first_outcome:
            return transaction.first_outcome
        newest = newest_decision(transaction.entry)
        if which not in (None, newest):
            raise Overtaken(transaction.entry)
        if newest is None or not is_undoable(newest):
            raise Refused(_(_NOT_POSSIBLE))
        decision = transaction.step(newest.from_state, undoes=newest)
        _reverse(transaction.entry, newest, decision)
    return decision


class Verb(NamedTuple):
    decide: Callable[..., Decision]
    needs_rules: bool = False


# Every list of decisions elsewhere is made from this one.
VERBS = {
    "release": Verb(release),
    "remove": Verb(remove, needs_rules=True),
    "keep": Verb(keep),
    "hold": Verb(hold),
    "tag": Verb(tag, needs_rules=True),
    "untag": Verb(untag, needs_rules=True),
    "undo": Verb(undo),
}


def newest_decision(entry: Entry) -> Decision | None:
    return entry.decisions.order_by(Decision.id.desc()).first()


def is_undoable(decision: Decision | None) -> bool:
    """Only decisions of staff can be undone, and undos cannot."""
    return decision is not None and decision.is_staffs and decision.verb != "undo"


def _require(sensible: bool) -> None:
    if not sensible:
        raise Refused(_(_NOT_POSSIBLE))


def _require_rules(rules: list[Rule]) -> None:
    if not rules:
        raise Refused(_("Choose the rule that was broken."), field="rule")


def _require_reason(entry: Entry, submission: Submission) -> None:
    """The publisher does not interfere in what units publish, unless it says why."""
    if entry.whitelisted and not submission.note:
        raise Refused(_(_REASON_MISSING), field="note")


def _open_violations(entry: Entry) -> ModelSelect[Violation]:
    return entry.violations.where(Violation.untagged.is_null())


def _tag(entry: Entry, rule: Rule, decision: Decision) -> None:
    """Tags the entry with the rule as it is today."""
    _add_violation(entry, decision, rule.id, rule.name, text_of_rule(rule))


def _tag_again(entry: Entry, violation: Violation, decision: Decision) -> None:
    """Tags the entry with the rule as it was when the violation was noted."""
    rule_id, name, text = violation.rule_id, violation.rule_name, violation.rule_text_id
    _add_violation(entry, decision, rule_id, name, text)


def _add_violation(
    entry: Entry, decision: Decision, rule_id: int, name: str, text: Template | int | None
) -> None:
    """A rule that the entry is tagged with already moves to the newer decision."""
    _untag(_open_violations(entry).where(Violation.rule == rule_id), decision)
    insert(Violation, entry=entry, rule=rule_id, rule_name=name, rule_text=text, tagged=decision)


def _untag(violations: Iterable[Violation], decision: Decision) -> None:
    for violation in violations:
        violation.untagged = decision
        violation.save(only=[Violation.untagged])


def _reverse(entry: Entry, undone: Decision, decision: Decision) -> None:
    _untag(undone.tagged.where(Violation.untagged.is_null()), decision)
    for violation in undone.untagged:
        _tag_again(entry, violation, decision)
    reopen_reports(entry, undone, decision)
