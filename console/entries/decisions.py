"""What staff decide on an entry: release, remove, keep, hold, tag, untag, undo.

Each verb reads from top to bottom: a `Turn` begins it (one transaction, the entry locked, the optimistic
lock checked, a repeated form answered), it checks that it makes sense, takes one step, and does what
belongs to that. The step leaves in the outbox what is to be done outside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import NamedTuple

from peewee import IntegrityError, ModelSelect

from console.entries.reports import answer, answer_reports, refresh_reported
from console.entries.steps import mark_held, step
from console.errors import Overtaken, Refused
from console.language import N_, _
from console.outbox import deliveries
from console.prepared import first, prepared
from console.storage import db, locked, now
from models import Answer, Decision, Entry, Report, Rule, User, Violation

LONGEST_NOTE = 2000

_NOT_POSSIBLE = N_("This is not possible in the state the entry is in now.")
_USED = N_("This form has been used already. Reload the page and decide again.")


@dataclass(frozen=True)
class Submission:
    """A decision form as it came back.

    `version` is the entry's when the form was made (optimistic lock); `idempotency_key` is the
    form's own, so that the same form twice decides once; `note` is a reason in words.
    """

    version: int
    idempotency_key: str
    note: str = ""


class Turn:
    """`with Turn(…) as turn:` is one decision's transaction. Overtaken: somebody was faster.

    Where `turn.first_outcome` is set the form has been answered before, and that is the answer.
    """

    def __init__(
        self, verb: str, entry: Entry, by: User, submission: Submission, rules: Iterable[Rule] = ()
    ):
        self.verb, self.by, self.submission, self.rules = verb, by, submission, list(rules)
        self.entry = entry
        self.at = now()
        self.first_outcome: Decision | None = None
        self._transaction = db.atomic()

    def __enter__(self) -> Turn:
        self._transaction.__enter__()
        try:
            self._begin()
        except BaseException as error:
            self._transaction.__exit__(type(error), error, error.__traceback__)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._transaction.__exit__(kind, error, trace)
        if isinstance(error, IntegrityError):  # the same key for another entry, at the same moment
            raise Refused(_(_USED)) from None

    def _begin(self) -> None:
        self.entry = next(_locked(self.entry.id))
        if known := first(_of_key(self.submission.idempotency_key)):
            self.first_outcome = self._checked(known)
        elif self.submission.version != self.entry.version:
            raise Overtaken(self.entry)

    def _checked(self, known: Decision) -> Decision:
        """What the form led to the first time, if it was this very form."""
        if (known.entry_id, known.by_id) != (self.entry.id, self.by.id):
            raise Refused(_(_USED))
        named = known.untagged if self.verb == "untag" else known.tagged
        asked = {rule.id for rule in self.rules}
        if known.verb != self.verb or not asked <= {each.rule_id for each in named}:
            raise Overtaken(self.entry)  # another decision of the same form was first
        return known

    def step(self, to: str, undoes: Decision | None = None) -> Decision:
        decision = step(
            self.entry,
            self.verb,
            to,
            actor=Decision.STAFF,
            by=self.by,
            idempotency_key=self.submission.idempotency_key,
            note=self.submission.note,
            undoes=undoes,
            at=self.at,
        )
        deliveries.leave(decision, self.entry)
        return decision


def release(entry: Entry, by: User, submission: Submission) -> Decision:
    """Held or removed → published. Open reports were wrong."""
    with Turn("release", entry, by, submission) as turn:
        if turn.first_outcome:
            return turn.first_outcome
        _require(not turn.entry.is_published)
        was_removed = turn.entry.is_removed
        decision = turn.step(Entry.PUBLISHED)
        if was_removed:  # for nothing, it is said now
            _untag(_open_violations(turn.entry), decision)
        answer_reports(turn.entry, decision, Report.REJECTED)
    return decision


def remove(entry: Entry, by: User, submission: Submission, rules: list[Rule]) -> Decision:
    """Published or held → removed, for at least one rule. Open reports were right."""
    _require_rules(rules)
    with Turn("remove", entry, by, submission, rules) as turn:
        if turn.first_outcome:
            return turn.first_outcome
        _require(not turn.entry.is_removed)
        decision = turn.step(Entry.REMOVED)
        for rule in rules:
            _tag(turn.entry, rule, decision)
        answer_reports(turn.entry, decision, Report.UPHELD)
    return decision


def keep(entry: Entry, by: User, submission: Submission) -> Decision:
    """The open reports were wrong; the entry stays as it is."""
    with Turn("keep", entry, by, submission) as turn:
        if turn.first_outcome:
            return turn.first_outcome
        _require(turn.entry.is_reported)
        decision = turn.step(turn.entry.state)
        answer_reports(turn.entry, decision, Report.REJECTED)
    return decision


def hold(entry: Entry, by: User, submission: Submission) -> Decision:
    """Published → held, for another look."""
    with Turn("hold", entry, by, submission) as turn:
        if turn.first_outcome:
            return turn.first_outcome
        _require(turn.entry.is_published)
        mark_held(turn.entry, Decision.STAFF, submission.note, turn.at)
        decision = turn.step(Entry.HELD)
    return decision


def tag(entry: Entry, by: User, submission: Submission, rules: list[Rule]) -> Decision:
    """Names the rules that the entry broke; its state stays."""
    _require_rules(rules)
    with Turn("tag", entry, by, submission, rules) as turn:
        if turn.first_outcome:
            return turn.first_outcome
        decision = turn.step(turn.entry.state)
        for rule in rules:
            _tag(turn.entry, rule, decision)
    return decision


def untag(entry: Entry, by: User, submission: Submission, rules: list[Rule]) -> Decision:
    """Takes the rules back."""
    with Turn("untag", entry, by, submission, rules) as turn:
        if turn.first_outcome:
            return turn.first_outcome
        tagged = _open_violations(turn.entry).where(Violation.rule.in_(rules))
        _require(bool(rules) and tagged.exists())
        decision = turn.step(turn.entry.state)
        _untag(tagged, decision)
    return decision


def undo(entry: Entry, by: User, submission: Submission) -> Decision:
    """Back to where the newest decision came from, with all that it brought."""
    with Turn("undo", entry, by, submission) as turn:
        if turn.first_outcome:
            return turn.first_outcome
        newest = newest_decision(turn.entry)
        if newest is None or not is_undoable(newest):
            raise Refused(_(_NOT_POSSIBLE))
        decision = turn.step(newest.from_state, undoes=newest)
        _reverse(turn.entry, newest, decision)
    return decision


class Verb(NamedTuple):
    decide: Callable[..., Decision]
    needs_rules: bool = False


# All there is to decide; every list of decisions elsewhere follows this one.
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
    """A person's decision can be undone; what automation did, or an undo, is decided anew."""
    return decision is not None and decision.is_staffs and decision.verb != "undo"


@prepared
def _locked(id):
    return locked(Entry.select().where(Entry.id == id))


@prepared
def _of_key(key):
    return Decision.select().where(Decision.idempotency_key == key)


def _require(sensible: bool) -> None:
    if not sensible:
        raise Refused(_(_NOT_POSSIBLE))


def _require_rules(rules: list[Rule]) -> None:
    if not rules:
        raise Refused(_("Choose the rule that was broken."))


def _open_violations(entry: Entry) -> ModelSelect[Violation]:
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
