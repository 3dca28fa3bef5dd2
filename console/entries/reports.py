"""Keeps reports and their answers. Some are answered at once by an earlier decision."""

from datetime import datetime

from peewee import Case, Value, fn

from console.entries.events import tell
from console.storage import locked
from console.text.folding import fold, tokens
from models import Answer, Decision, Entry, Event, Group, Report, Revision

MAX_ANSWERS = 500  # looked through, the newest first
_ANSWER = [Answer.report, Answer.decision, Answer.outcome]  # the order of what is inserted


def add(group: Group, data: dict, at: datetime, archive: bool = False) -> Report | None:
    """Stores a report, or what was missing of one that was withdrawn; None when it is known.

    data     as in console/intake/schema.json
    archive  it is history: nobody waits for an answer
    Its entry may not have arrived yet.
    """
    report = _known(group, data["id"])
    if report is None:
        report = Report(group=group, external_id=data["id"])
        report.state = Report.MOOT if archive else Report.OPEN
    elif report.reason:
        return None
    reporter = data.get("reporter") or {"id": "", "name": ""}
    report.awaited_entry = data["entry_id"]
    report.reason, report.note = data["reason"], data.get("note") or ""
    report.reporter_id, report.reporter_name = reporter["id"], reporter["name"]
    report.created, report.received = data["created_at"], at
    report.save()
    mine = (Entry.group == group) & (Entry.external_id == data["entry_id"])
    if entry := locked(Entry.select().where(mine)).first():
        attach(report, entry)
    return report


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
        answer(report, earlier, outcome_of(earlier) if entry.is_removed else Report.REJECTED)


def _earlier_answer(entry: Entry, reason: str) -> Decision | None:
    """The earlier decision that answers a new report, if any.

    That is a removal; or a decision that found a report for the same reason wrong, while the text
    is unchanged.
    """
    if entry.is_removed:  # perhaps once more, by an undo of its release
        removals = entry.decisions.where(Decision.verb == "remove")
        return removals.order_by(Decision.id.desc()).first()
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
    open_ones = (Report.entry == entry) & (Report.state == Report.OPEN)
    answers = Report.select(Report.id, Value(decision.id), Value(outcome)).where(open_ones)
    Answer.insert_from(answers.order_by(Report.id), _ANSWER).execute()
    Report.update(state=outcome).where(open_ones).execute()
    refresh_reported(entry)


def reopen_reports(entry: Entry, undone: Decision, undo: Decision) -> None:
    """What a decision had answered is open again, or withdrawn if it was so since."""
    answered = (Answer.decision == undone) & (Answer.outcome != Report.OPEN)
    answers = Answer.select(Answer.report, Value(undo.id), Value(Report.OPEN)).where(answered)
    Answer.insert_from(answers.order_by(Answer.id), _ANSWER).execute()
    reports = Answer.select(Answer.report).where(Answer.decision == undo)
    state = Case(None, [(Report.withdrawn.is_null(), Report.OPEN)], Report.WITHDRAWN)
    Report.update(state=state).where(Report.id.in_(reports)).execute()
    refresh_reported(entry)


def answer(report: Report, decision: Decision, outcome: str) -> None:
    Answer.create(report=report, decision=decision, outcome=outcome)
    report.state = outcome
    report.save(only=[Report.state])


def outcome_of(removal: Decision) -> str:
    """What a removal answers reports with: where the author deleted it, nothing is left to judge."""
    return Report.MOOT if removal.actor == Decision.AUTHOR else Report.UPHELD


def withdraw(group: Group, id: str, withdrawn: datetime, at: datetime) -> Report | None:
    """The reporter takes a report back; None when that is known already.

    It may come before its report, of which then nothing else is known yet.
    """
    report = _known(group, id) or Report.create(
        group=group,
        external_id=id,
        reason="",
        reporter_id="",
        reporter_name="",
        created=withdrawn,
        received=at,
    )
    if report.withdrawn:
        return None
    if entry := locked(Entry.select().where(Entry.id == report.entry_id)).first():
        report = Report.get_by_id(report.id)  # a decision may have answered it until now
    report.withdrawn = withdrawn
    if report.state == Report.OPEN:
        report.state = Report.WITHDRAWN
    report.save(only=[Report.withdrawn, Report.state])
    if entry:
        refresh_reported(entry)
        tell(entry, Event.RENEWED, at)
    return report


def _known(group: Group, id: str) -> Report | None:
    return Report.get_or_none(Report.group == group, Report.external_id == id)


def refresh_reported(entry: Entry) -> None:
    """Recomputes when the entry's oldest open report was made; while one is open, it is no history."""
    entry.reported_since = (
        Report.select(fn.MIN(Report.created))
        .where(Report.entry == entry, Report.state == Report.OPEN)
        .scalar()
    )
    entry.archived = entry.archived and not entry.is_reported
    entry.save(only=[Entry.reported_since, Entry.archived])
