"""One step of an entry's state, by whomever: the row that is added and the state that it leads to."""

from datetime import datetime

from peewee import fn

from console.entries.events import tell
from console.errors import Overtaken
from console.prepared import insert
from models import Answer, Decision, Entry, Event, Report


def step(entry: Entry, verb: str, to: str, *, actor: str, at: datetime, **record) -> Decision:
    """Moves the entry and appends the decision, in the caller's transaction.

    Overtaken when the entry has changed since the caller read it. `record` is what else the
    decision keeps: by, key, undoes, note.
    """
    moved = (
        Entry.update(state=to, version=Entry.version + 1)
        .where(Entry.id == entry.id, Entry.version == entry.version)
        .execute()
    )
    if not moved:
        raise Overtaken(Entry.get_by_id(entry.id))
    decision = insert(
        Decision,
        entry=entry,
        profile=entry.profile_id,
        group=entry.group_id,
        verb=verb,
        actor=actor,
        from_state=entry.state,
        to_state=to,
        at=at,
        **record,
    )
    is_new = to == Entry.HELD != entry.state
    entry.state, entry.version = to, entry.version + 1
    tell(entry, Event.HELD if is_new else Event.CHANGED, at)
    return decision


def answer_reports(entry: Entry, decision: Decision, outcome: str) -> None:
    """The decision answers every open report of the entry."""
    if not entry.is_reported:
        return
    for report in entry.reports.where(Report.state == Report.OPEN):
        answer(report, decision, outcome)
    refresh_reported(entry)


def answer(report: Report, decision: Decision, outcome: str) -> None:
    Answer.create(report=report, decision=decision, outcome=outcome)
    report.state = outcome
    report.save(only=[Report.state])


def refresh_reported(entry: Entry) -> None:
    """Since when the entry has waited for an answer to a report, counted from the open ones."""
    entry.reported_since = (
        Report.select(fn.MIN(Report.received))
        .where(Report.entry == entry, Report.state == Report.OPEN)
        .scalar()
    )
    entry.save(only=[Entry.reported_since])
