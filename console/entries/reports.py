"""Keeps reports and their answers. Some are answered at once by an earlier decision."""

from datetime import datetime

from peewee import fn

from console.entries.events import tell
from console.storage import locked
from console.text.folding import fold, tokens
from models import Answer, Decision, Entry, Event, Group, Report, Revision

MAX_ANSWERS = 500  # looked through, the newest first


def add(group: Group, data: dict, at: datetime, archive: bool = False) -> Entry | None:
    """Stores a report; returns its entry, or None when that has not arrived yet.

    data     as in console/intake/schema.json
    archive  it is history: nobody waits for an answer
    """
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
        state=Report.MOOT if archive else Report.OPEN,
    )
    mine = (Entry.group == group) & (Entry.external_id == data["entry_id"])
    entry = locked(Entry.select().where(mine)).first()
    if entry:
        attach(report, entry)
    return entry


def attach(report: Report, entry: Entry) -> None:
    """Joins a report to its entry, and answers it if an earlier decision does."""
    report.entry, report.awaited_entry = entry, None
    report.save(only=[Report.entry, Report.awaited_entry])
    if report.state != Report.OPEN:
        return
    earlier = _earlier_answer(entry, report.reason)
    if earlier is None:
        is_new = not entry.is_reported
        refresh_reported(entry)
        tell(entry, Event.REPORTED if is_new else Event.REPORTED_AGAIN)
    else:
        answer(report, earlier, Report.UPHELD if entry.is_removed else Report.REJECTED)


def _earlier_answer(entry: Entry, reason: str) -> Decision | None:
    """The earlier decision that answers a new report, if any.

    That is a removal; or a decision that found a report for the same reason wrong, while the text
    is unchanged.
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
    """Recomputes when the entry's oldest open report was made."""
    entry.reported_since = (
        Report.select(fn.MIN(Report.created))
        .where(Report.entry == entry, Report.state == Report.OPEN)
        .scalar()
    )
    entry.save(only=[Entry.reported_since])
