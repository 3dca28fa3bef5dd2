"""What staff decide on an entry: release, remove, keep, hold, tag, untag, undo.

Each checks that it makes sense, moves the entry by one step, and leaves a delivery for the worker.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from peewee import IntegrityError

from console import config
from console.entries.steps import answer, answer_reports, refresh_reported, step
from console.errors import Overtaken, Refused
from console.language import N_, _
from console.outbox import rows as outbox
from console.prepared import first, prepared
from console.storage import db, locked, now
from models import Answer, Decision, Entry, Group, Report, Rule, User, Violation

_USED = N_("This form has been used already. Reload the page and decide again.")


@dataclass(frozen=True)
class Submission:
    """A decision form as it came back.

    `version` is the entry's when the form was made (optimistic lock); `idempotency_key` is the
    form's own, so that the same form twice decides once.
    """

    version: int
    idempotency_key: str


def release(entry: Entry, by: User, submission: Submission) -> Decision:
    """Held or removed → published. Open reports were wrong."""

    def act(entry: Entry, at: datetime) -> Decision:
        _require(not entry.is_published)
        was_removed = entry.is_removed
        decision = _step(entry, "release", Entry.PUBLISHED, by, submission, at)
        if was_removed:  # for nothing, it is said now
            _untag(_open_violations(entry), decision)
        answer_reports(entry, decision, Report.REJECTED)
        return decision

    return _decide("release", entry, by, submission, act)


def remove(entry: Entry, by: User, submission: Submission, rules: list[Rule]) -> Decision:
    """Published or held → removed, for at least one rule. Open reports were right."""
    if not rules:
        raise Refused(_("Choose the rule that was broken."))

    def act(entry: Entry, at: datetime) -> Decision:
        _require(not entry.is_removed)
        decision = _step(entry, "remove", Entry.REMOVED, by, submission, at)
        for rule in rules:
            _tag(entry, rule, decision)
        answer_reports(entry, decision, Report.UPHELD)
        return decision

    return _decide("remove", entry, by, submission, act, rules)


def keep(entry: Entry, by: User, submission: Submission) -> Decision:
    """The open reports were wrong; the entry stays as it is."""

    def act(entry: Entry, at: datetime) -> Decision:
        _require(entry.is_reported)
        decision = _step(entry, "keep", entry.state, by, submission, at)
        answer_reports(entry, decision, Report.REJECTED)
        return decision

    return _decide("keep", entry, by, submission, act)


def hold(entry: Entry, by: User, submission: Submission) -> Decision:
    """Published → held, for another look."""

    def act(entry: Entry, at: datetime) -> Decision:
        _require(entry.is_published)
        entry.held_since, entry.urgency = at, 0
        entry.held_by, entry.held_reason = Decision.STAFF, ""
        entry.save(only=[Entry.held_since, Entry.urgency, Entry.held_by, Entry.held_reason])
        return _step(entry, "hold", Entry.HELD, by, submission, at)

    return _decide("hold", entry, by, submission, act)


def tag(entry: Entry, by: User, submission: Submission, rules: list[Rule]) -> Decision:
    """Names the rules that the entry broke; its state stays."""
    if not rules:
        raise Refused(_("Choose the rule that was broken."))

    def act(entry: Entry, at: datetime) -> Decision:
        decision = _step(entry, "tag", entry.state, by, submission, at)
        for rule in rules:
            _tag(entry, rule, decision)
        return decision

    return _decide("tag", entry, by, submission, act, rules)


def untag(entry: Entry, by: User, submission: Submission, rules: list[Rule]) -> Decision:
    """Takes the rules back."""

    def act(entry: Entry, at: datetime) -> Decision:
        tagged = _open_violations(entry).where(Violation.rule.in_(rules))
        _require(bool(rules) and tagged.exists())
        decision = _step(entry, "untag", entry.state, by, submission, at)
        _untag(tagged, decision)
        return decision

    return _decide("untag", entry, by, submission, act, rules)


def undo(entry: Entry, by: User, submission: Submission) -> Decision:
    """Back to where the newest decision came from, with all that it brought."""

    def act(entry: Entry, at: datetime) -> Decision:
        newest = newest_decision(entry)
        _require(is_undoable(newest))
        decision = _step(entry, "undo", newest.from_state, by, submission, at, undoes=newest)
        _reverse(entry, newest, decision)
        return decision

    return _decide("undo", entry, by, submission, act)


def newest_decision(entry: Entry) -> Decision | None:
    return entry.decisions.order_by(Decision.id.desc()).first()


def is_undoable(decision: Decision | None) -> bool:
    """A person's decision can be undone; what automation did, or an undo, is decided anew."""
    return decision is not None and decision.is_staffs and decision.verb != "undo"


def _decide(
    verb: str,
    entry: Entry,
    by: User,
    submission: Submission,
    act: Callable[[Entry, datetime], Decision],
    rules: Iterable[Rule] = (),
) -> Decision:
    """Runs the act in one transaction; the same submission again answers with its first outcome."""
    try:
        with db.atomic():
            current = first(_locked(entry.id))
            if known := first(_of_key(submission.idempotency_key)):
                return _first_outcome(known, verb, current, by, rules)
            if submission.version != current.version:
                raise Overtaken(current)
            at = now()
            decision = act(current, at)
            _leave_for_the_worker(decision, entry.group, at)
            return decision
    except IntegrityError:  # the same key for another entry, at the same moment
        raise Refused(_(_USED)) from None


def _first_outcome(
    known: Decision, verb: str, entry: Entry, by: User, rules: Iterable[Rule]
) -> Decision:
    if (known.entry_id, known.by_id) != (entry.id, by.id):
        raise Refused(_(_USED))
    named = known.untagged if verb == "untag" else known.tagged
    if known.verb != verb or not {rule.id for rule in rules} <= {v.rule_id for v in named}:
        raise Overtaken(entry)  # another decision of the same form was first
    return known


@prepared
def _locked(id):
    return locked(Entry.select().where(Entry.id == id))


@prepared
def _of_key(key):
    return Decision.select().where(Decision.key == key)


def _step(entry, verb, to, by, submission, at, **record) -> Decision:
    return step(
        entry,
        verb,
        to,
        actor=Decision.STAFF,
        by=by,
        key=submission.idempotency_key,
        at=at,
        **record,
    )


def _leave_for_the_worker(decision: Decision, group: Group, at: datetime) -> None:
    if decision.undoes and outbox.cancel(decision.undoes, at):
        return  # outside, nothing has happened
    outbox.put(decision, group, due=at + config.settings().undo_window)


def _require(sensible: bool) -> None:
    if not sensible:
        raise Refused(_("This is not possible in the state the entry is in now."))


def _open_violations(entry: Entry):
    return entry.violations.where(Violation.untagged.is_null())


def _tag(entry: Entry, rule: Rule, decision: Decision) -> None:
    """A rule stands once on an entry, by the newest decision that named it."""
    _untag(_open_violations(entry).where(Violation.rule == rule), decision)
    Violation.create(entry=entry, rule=rule, tagged=decision)


def _untag(violations: Iterable[Violation], decision: Decision) -> None:
    for violation in violations:
        violation.untagged = decision
        violation.save(only=[Violation.untagged])


def _reverse(entry: Entry, undone: Decision, decision: Decision) -> None:
    _untag(undone.tagged.where(Violation.untagged.is_null()), decision)
    for violation in undone.untagged:
        _tag(entry, violation.rule, decision)
    for reply in undone.answers.where(Answer.outcome != Report.OPEN):
        answer(reply.report, decision, Report.OPEN)
    refresh_reported(entry)
