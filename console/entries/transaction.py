"""The transaction of one decision of the staff, and the form that asks for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from types import TracebackType

from peewee import IntegrityError

from console.entries.steps import step
from console.errors import NotFound, Overtaken, Refused
from console.language import N_, _
from console.outbox import deliveries
from console.prepared import first, prepared
from console.storage import db, locked, now
from models import Decision, Entry, Rule, User

LONGEST_NOTE = 2000

_USED = N_("This form has been used already. Reload the page and decide again.")


@dataclass(frozen=True)
class Submission:
    """A submitted decision form.

    `version` is the entry's when the form was rendered (optimistic lock); `idempotency_key` is unique
    to the form, so that the same form sent twice decides once; `note` is a reason in words; `batch` is
    the same for all that is decided at once.
    """

    version: int
    idempotency_key: str
    note: str = ""
    batch: str | None = None


class DecisionTransaction:
    """The transaction of one decision, as a context manager. It locks the entry.

    Raises Overtaken when the entry has changed since the form was rendered, Refused when the form was
    used for something else. If the form has been submitted before, `first_outcome` is its decision.
    """

    def __init__(
        self, verb: str, entry: Entry, by: User, submission: Submission, rules: Iterable[Rule] = ()
    ):
        self.verb, self.by, self.submission, self.rules = verb, by, submission, list(rules)
        self.entry = entry
        self.at = now()
        self.first_outcome: Decision | None = None
        self._transaction = db.atomic()

    def __enter__(self) -> DecisionTransaction:
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
        if isinstance(error, IntegrityError):  # the same key, at the same moment, for another entry
            raise Refused(_(_USED)) from None

    def _begin(self) -> None:
        entry = first(_locked(self.entry.id))
        if entry is None:
            raise NotFound
        self.entry = entry
        if known := first(_of_key(self.submission.idempotency_key)):
            self.first_outcome = self._checked(known)
        elif self.submission.version != self.entry.version:
            raise Overtaken(self.entry)

    def _checked(self, known: Decision) -> Decision:
        """The decision with this idempotency key, if the form that made it was the same."""
        if (known.entry_id, known.by_id) != (self.entry.id, self.by.id):
            raise Refused(_(_USED))
        violations = known.untagged if self.verb == "untag" else known.tagged
        rule_ids = {violation.rule_id for violation in violations}
        if known.verb != self.verb or not {rule.id for rule in self.rules} <= rule_ids:
            raise Overtaken(self.entry)  # another button of the same form was pressed first
        return known

    def step(self, to: str, undoes: Decision | None = None) -> Decision:
        """Moves the entry to the state, adds the decision, and leaves its delivery in the outbox."""
        decision = step(
            self.entry,
            self.verb,
            to,
            actor=Decision.STAFF,
            by=self.by,
            idempotency_key=self.submission.idempotency_key,
            batch=self.submission.batch,
            note=self.submission.note,
            undoes=undoes,
            at=self.at,
        )
        deliveries.leave(decision, self.entry, [rule.code for rule in self.rules])
        return decision


@prepared
def _locked(id):
    return locked(Entry.select().where(Entry.id == id))


@prepared
def _of_key(key):
    return Decision.select().where(Decision.idempotency_key == key)
