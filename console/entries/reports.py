"""Reports: each waits for a person's answer, unless one has been given for the same text already."""

from datetime import datetime

from peewee import fn

from console.entries.events import tell
from console.storage import locked
from models import Answer, Decision, Entry, Event, Group, Report, Revision


def add(group: Group, data: dict, at: datetime) -> Entry | None:
    """Keeps a report; returns its entry, or None when that has not arrived yet."""
    reporter = data.get("reporter") or {"id": "", "name": ""}
    report = Report.create(
        group=group,
        external_id=data["id"],
        awaited_entry=data["entry_id"],
        reason=data["reason"],
        note=data.get("note") or "",
        reporter_id=reporter["id"],
        reporter_name=reporter["name"],
        created=data["created_at"],
        received=at,
    )
    mine = (Entry.group == group) & (Entry.external_id == data["entry_id"])
    entry = locked(Entry.select().where(mine)).first()
    if entry:
        attach(report, entry)
    return entry


def attach(report: Report, entry: Entry) -> None:
    report.entry, report.awaited_entry = entry, None
    report.save(only=[Report.entry, Report.awaited_entry])
    verdict = _verdict(entry, report.reason)
    if verdict is None:
        is_new = not entry.is_reported
        refresh_reported(entry)
        tell(entry, Event.REPORTED if is_new else Event.REPORTED_AGAIN)
    else:
        answer(report, verdict, Report.UPHELD if entry.is_removed else Report.REJECTED)


def _verdict(entry: Entry, reason: str) -> Decision | None:
    """What answers a new report at once: the removal, or a "keep" of the text as it still is.

    A "keep" answers only what it was asked: a report for another reason is a new question.
    """
    newest = (
        entry.decisions.where(Decision.verb.not_in(["tag", "untag"]))
        .order_by(Decision.id.desc())
        .first()
    )
    if newest is None:
        return None
    if entry.is_removed:
        return newest
    edited = entry.revisions.where(Revision.replaced >= newest.at).exists()
    asked = {answer.report.reason.casefold() for answer in newest.answers}
    same = newest.verb == "keep" and reason.casefold() in asked and not edited
    return newest if same else None


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
