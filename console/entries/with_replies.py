"""Removes the held replies of a removed entry too, and takes all of it back as one.

Each reply is decided singly. Their decisions have the removal's idempotency key as their batch, which
a removal that was made for itself has as its batch too.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

from console.entries.decisions import remove, undo
from console.entries.replies import held_replies
from console.entries.transaction import Submission
from console.errors import Overtaken, Refused
from console.language import _
from console.prepared import prepared
from models import Decision, Entry, Rule, User, Violation

MAX_REPLIES = 100  # removed by one form


def remove_replies(entry: Entry, by: User, submission: Submission) -> list[int]:
    """Removes the held replies for the rules that the entry was removed for, the oldest first.

    Leaves out what whitelisted units wrote. Returns the ids of those that somebody else was faster with.
    """
    removal = _removal(Entry.get_by_id(entry.id), submission.version)
    rules = _rules(removal)
    if not rules:
        raise Refused(_("Tag the entry with the rule that it broke, then remove its replies."))
    of_batch = replace(submission, batch=removal.idempotency_key)
    replies = [reply.id for reply in held_replies([entry.id]) if not reply.whitelisted]
    return _each(
        replies[:MAX_REPLIES], of_batch, lambda reply, form: remove(reply, by, form, rules)
    )


def undo_with_replies(entry: Entry, by: User, submission: Submission) -> list[int]:
    """Undoes the removal, then that of each reply; returns the ids of those decided since."""
    of_batch = replace(submission, batch=submission.idempotency_key)
    removal = undo(entry, by, of_batch).undoes
    assert removal
    replies = {decision.entry_id: decision for decision in removed_replies([removal])}
    return _each(replies, of_batch, lambda reply, form: undo(reply, by, form, replies[reply.id]))


def removed_replies(removals: Iterable[Decision]) -> list[Decision]:
    """The removals of replies that were made with these."""
    keys = [removal.idempotency_key for removal in removals if removal.idempotency_key]
    rows = _of_batches(keys) if keys else ()
    return [row for row in rows if row.verb == "remove" and row.idempotency_key not in keys]


@prepared
def _of_batches(batches):
    return Decision.select().where(Decision.batch.in_(batches)).order_by(Decision.id)


def _removal(entry: Entry, version: int) -> Decision:
    """The newest removal of the entry, if it is still as the form showed it."""
    newest_first = entry.decisions.where(Decision.verb == "remove").order_by(Decision.id.desc())
    removal = newest_first.first()
    if not entry.is_removed or entry.version != version or removal is None:
        raise Overtaken(entry)
    return removal


def _rules(removal: Decision) -> list[Rule]:
    """Those of the removal that still stand; else all that the entry is tagged with."""
    standing = removal.entry.violations.where(Violation.untagged.is_null())
    own = standing.where(Violation.tagged == removal)
    return [violation.rule for violation in own or standing]


def _each(
    ids: Iterable[int], submission: Submission, decide: Callable[[Entry, Submission], Decision]
) -> list[int]:
    overtaken = []
    for id in ids:
        reply = Entry.get_by_id(id)
        key = f"{submission.idempotency_key}-{id}"
        try:
            decide(reply, replace(submission, version=reply.version, idempotency_key=key))
        except Refused:
            overtaken.append(id)
    return overtaken
