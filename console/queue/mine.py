"""Reads one's own decisions: what was decided, and whether it can still be undone.

What one form decided at once is one batch, and is undone as one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from peewee import SQL, ModelSelect, fn

from console.entries.decisions import is_undoable
from console.language import _, ngettext
from console.queue.sentences import OUTCOMES, delivery_words, outcome, outgoing
from console.queue.trail import decisions_with_people, with_rules
from models import Decision, Delivery, Entry, User

PAGE = 30
MAX_BATCH = 200  # of a batch, so many are shown and undone at once


@dataclass
class Batch:
    """Decisions of one user, made at once; mostly it is one. The newest first."""

    decisions: list[Decision]
    undoable: list[tuple[Decision, int]]  # each with its entry's version
    deliveries: list[tuple[str, int]]  # in words, and how many
    is_undone: bool

    @property
    def newest(self) -> Decision:
        return self.decisions[0]

    @property
    def words(self) -> str:
        """What was decided: "Removed", "Removed: 12 entries"."""
        count = len(self.decisions)
        if count == 1:
            return outcome(self.newest)
        if self.newest.verb == "undo":
            undone = ngettext("Undone: %(num)d decision", "Undone: %(num)d decisions", count)
            return undone % {"num": count}
        entries = ngettext("%(num)d entry", "%(num)d entries", count) % {"num": count}
        what = {"outcome": _(OUTCOMES[self.newest.verb]), "entries": entries}
        return _("%(outcome)s: %(entries)s") % what


def my_batches(user: User, group_ids: list[int], before: int | None = None) -> list[Batch]:
    """The newest PAGE + 1, in these groups; `before` is the key of the page: a decision's id."""
    later = Decision.alias()
    followed = later.select(SQL("1")).where(
        later.batch == Decision.batch, later.by == Decision.by, later.id > Decision.id
    )
    newest_of_each = _mine(user, group_ids).where(~fn.EXISTS(followed)).limit(PAGE + 1)
    if before:
        newest_of_each = newest_of_each.where(Decision.id < before)
    return _batches(user, group_ids, list(newest_of_each))


def newest_undoable(user: User, group_ids: list[int], since: datetime) -> Batch | None:
    """The newest since then of which anything can be undone."""
    rows = _mine(user, group_ids).where(Decision.at >= since, Decision.verb != "undo")
    newest = {
        decision.batch or decision.id: decision for decision in reversed(list(rows.limit(PAGE)))
    }
    found = _batches(user, group_ids, sorted(newest.values(), key=lambda each: -each.id))
    return next((batch for batch in found if batch.undoable), None)


def _mine(user: User, group_ids: list[int]) -> ModelSelect[Decision]:
    rows = decisions_with_people().where(Decision.by == user, Decision.group.in_(group_ids))
    return rows.order_by(Decision.id.desc())


def _batches(user: User, group_ids: list[int], newest: list[Decision]) -> list[Batch]:
    others = _others(user, group_ids, newest)
    members = [[each, *others.get(each.batch, ())] for each in newest]
    decisions = with_rules(decision for batch in members for decision in batch)
    now_is = _entries_now(decisions)
    deliveries = _deliveries(decisions)
    undone = _undone(decisions)

    def batch(decisions: list[Decision]) -> Batch:
        undoable = [
            (decision, version)
            for decision in decisions
            for version, newest_id in [now_is[decision.entry_id]]
            if decision.id == newest_id and is_undoable(decision)
        ]
        words = Counter(
            delivery_words(deliveries.get(each.id))
            for each in decisions
            if each.id in deliveries or each.from_state != each.to_state
        )
        return Batch(decisions, undoable, list(words.items()), decisions[0].id in undone)

    return [batch(each) for each in members]


def _others(
    user: User, group_ids: list[int], newest: list[Decision]
) -> dict[str | None, list[Decision]]:
    ids = {each.id for each in newest}
    batches = [each.batch for each in newest if each.batch]
    found: dict[str | None, list[Decision]] = {}
    for decision in _mine(user, group_ids).where(Decision.batch.in_(batches)):
        others = found.setdefault(decision.batch, [])
        if decision.id not in ids and len(others) < MAX_BATCH - 1:
            others.append(decision)
    return found


def _entries_now(decisions: Iterable[Decision]) -> dict[int, tuple[int, int]]:
    """{entry's id: its version, the id of its newest decision}"""
    ids = {decision.entry_id for decision in decisions}
    rows = (
        Entry.select(Entry.id, Entry.version, fn.MAX(Decision.id))
        .join(Decision, on=Decision.entry)
        .where(Entry.id.in_(ids))
        .group_by(Entry.id, Entry.version)
    )
    return {id: (version, newest) for id, version, newest in rows.tuples().iterator()}


def _deliveries(decisions: Iterable[Decision]) -> dict[int | None, Delivery]:
    ids = [decision.id for decision in decisions]
    rows = outgoing().where(Delivery.decision.in_(ids)).order_by(Delivery.id)
    return {delivery.decision_id: delivery for delivery in rows}


def _undone(decisions: Iterable[Decision]) -> set[int]:
    ids = [decision.id for decision in decisions]
    rows = Decision.select(Decision.undoes).where(Decision.undoes.in_(ids)).tuples()
    return {id for (id,) in rows.iterator()}
