"""Reports: each waits for a person's answer, unless one has been given for the same text already."""

from datetime import datetime

from peewee import fn

from console.entries.events import tell
from console.storage import locked
from console.text.folding import fold, tokens
from models import Answer, Decision, Entry, Event, Group, Report, Revision

MAX_ANSWERS = 500  # looked through, the newest first


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
    """What answers a new report at once: the removal, or the decision that found the same one wrong.

    It must have been about the text as it still is. A report for another reason is a new question.
    """
    if entry.is_removed:
        newest_first = entry.decisions.order_by(Decision.id.desc())
        return newest_first.where(Decision.verb.not_in(["tag", "untag"])).first()
    edited = entry.revisions.select(fn.MAX(Revision.replaced)).scalar()
    rejected = (
        Answer.select(Answer, Decision, Report)
        .join_from(Answer, Report)
        .join_from(Answer, Decision)
        .where(
            Report.entry == entry,
            Report.state == Report.REJECTED,
            Answer.outcome == Report.REJECTED,
        )
        .order_by(Answer.id.desc())
        .limit(MAX_ANSWERS)
    )
    asked = _words(reason)
    for before in rejected:
        if edited and before.decision.at <= edited:
            return None
        if _words(before.report.reason) == asked:
            return before.decision
    return None


def _words(reason: str) -> list[str]:
    """A reason as it is compared: "Spam." is "spam"."""
    return [word for word, _start, _end in tokens(fold(reason))]


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
