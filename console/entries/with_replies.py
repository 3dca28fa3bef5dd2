"""Removes the held replies of a removed entry too, and takes all of it back as one.

Each reply is decided singly. Their decisions have the removal's idempotency key as their batch, which
a removal that was made for itself has as its batch too.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from console.entries.decisions import newest_decision, remove, undo
from console.entries.transaction import Submission
from console.errors import Overtaken, Refused
from console.language import _
from console.prepared import prepared
from console.storage import db
from models import Decision, Entry, Rule, User, Violation

MAX_REPLIES = 100  # removed by one form


def remove_replies(
    entry: Entry, by: User, submission: Submission, versions: Mapping[int, int]
) -> list[int]:
    """Removes these replies, {id: version}, for the rules that the entry was removed for.

    Returns the ids of those that somebody else was faster with, or whose author has edited them.
    """
    removal = _removal(Entry.get_by_id(entry.id), submission.version)
    rules = _rules(removal)
    if not rules:
        raise Refused(_("Tag the entry with the rule that it broke, then remove its replies."))
    of_batch = replace(submission, batch=removal.idempotency_key)
    replies = Entry.select().where(Entry.id.in_(list(versions)), Entry.group == entry.group_id)

    def decide(reply: Entry, form: Submission) -> Decision:
        return remove(reply, by, replace(form, version=versions[reply.id]), rules)

    return _each(replies.order_by(Entry.id).limit(MAX_REPLIES), of_batch, decide)


def undo_with_replies(entry: Entry, by: User, submission: Submission) -> list[int]:
    """Undoes the removal of each reply, then that of the entry; returns the ids of those decided since.

    In this order, or on a platform where they come back with it their removal would be ordered.
    """
    of_batch = replace(submission, batch=submission.idempotency_key)
    newest = newest_decision(entry)
    removal = newest and (newest.undoes or newest)  # the form may come a second time
    removals = removed_replies([removal]) if removal else []
    replies = {decision.entry_id: decision for decision in removals}

    def decide(reply: Entry, form: Submission) -> Decision:
        return undo(reply, by, form, replies[reply.id])

    entries = Entry.select().where(Entry.id.in_(list(replies))).order_by(Entry.id)
    with db.atomic():
        overtaken = _each(entries, of_batch, decide)
        if undo(entry, by, of_batch, removal).undoes != removal:
            raise Overtaken(entry)  # the form undid an earlier removal
    return overtaken


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
    replies: Iterable[Entry],
    submission: Submission,
    decide: Callable[[Entry, Submission], Decision],
) -> list[int]:
    overtaken = []
    for reply in list(replies):
        key = f"{submission.idempotency_key}-{reply.id}"
        try:
            decide(reply, replace(submission, version=reply.version, idempotency_key=key))
        except Refused:
            overtaken.append(reply.id)
    return overtaken
