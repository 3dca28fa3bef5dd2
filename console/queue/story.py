"""Reads what an entry's page shows beside its card: thread, reports, edits, trail, rules' texts."""

from datetime import datetime
from typing import NamedTuple

from peewee import JOIN, Case

from console.queue.hits import hits_of
from console.queue.threads import Thread, thread_around
from console.queue.trail import Key, Trail, trail
from console.screening.hits import Finding, findings
from console.text.differences import SAME, Piece, difference, shortened
from models import Answer, Decision, Entry, Report, Revision, Template, User, Violation

MAX_CHANGES, MAX_REPORTS = 10, 200


class Change(NamedTuple):
    """An edit by the author, and what was found in the text before it."""

    at: datetime
    before: str
    pieces: list[Piece]
    findings: list[Finding]

    @property
    def left_the_text(self) -> bool:
        return all(kind == SAME for kind, _text in self.pieces)


class Complaint(NamedTuple):
    """A report, and the decision that answered it, if one did."""

    report: Report
    answer: Decision | None


class RuleText(NamedTuple):
    """The text that a rule had when the entry was found to break it."""

    rule: str
    at: datetime  # when this version was written
    text: str


class Story(NamedTuple):
    thread: Thread
    complaints: list[Complaint]  # the open ones first, then the newest; one more than MAX_REPORTS
    changes: list[Change]  # the newest first
    older_change: int | None  # the key of the next page of them
    trail: Trail
    rule_texts: list[RuleText]

    @property
    def shown_complaints(self) -> list[Complaint]:
        return self.complaints[:MAX_REPORTS]


def story_of(entry: Entry, before: Key | None = None, change: int | None = None) -> Story:
    """`before` and `change` are the keys of an older page of the trail and of the changes."""
    return Story(
        thread_around(entry.id),
        _complaints(entry),
        *_changes(entry, change),
        trail(entry, before),
        _rule_texts(entry),
    )


def _rule_texts(entry: Entry) -> list[RuleText]:
    """Also of violations that were taken back: the trail tells of those as well."""
    rows = (
        Violation.select(Violation.rule_name, Template.at, Template.text)
        .join(Template)
        .where(Violation.entry == entry)
        .order_by(Violation.id)
        .tuples()
        .iterator()
    )
    return list(dict.fromkeys(map(RuleText._make, rows)))


def _changes(entry: Entry, before: int | None) -> tuple[list[Change], int | None]:
    """The newest MAX_CHANGES, or those before the one of that id; and the key of older ones."""
    newest_first = entry.revisions.order_by(Revision.id.desc()).limit(MAX_CHANGES + 2)
    revisions = list(newest_first.where(Revision.id <= before) if before else newest_first)
    texts_after = [entry.text, *(revision.text for revision in revisions)]
    if before:  # that one's text is what came after the one before it
        revisions, texts_after = revisions[1:], texts_after[1:]
    shown = revisions[:MAX_CHANGES]
    if not shown:
        return [], None
    hits = hits_of(entry, [revision.id for revision in shown])
    changes = [
        Change(
            revision.replaced,
            revision.text,
            shortened(difference(revision.text, after)),
            findings(hits[revision.id]),
        )
        for revision, after in zip(shown, texts_after, strict=False)
    ]
    return changes, shown[-1].id if len(revisions) > len(shown) else None


def _complaints(entry: Entry) -> list[Complaint]:
    closed = Case(None, [(Report.state == Report.OPEN, 0)], 1)
    reports = list(entry.reports.order_by(closed, Report.id.desc()).limit(MAX_REPORTS + 1))
    answers = (
        Answer.select(Answer, Decision, User)
        .join_from(Answer, Decision)
        .join_from(Decision, User, JOIN.LEFT_OUTER)
        .where(Answer.report.in_([report.id for report in reports]))
        .order_by(Answer.id)
    )
    newest = {answer.report_id: answer.decision for answer in answers}
    return [
        Complaint(report, None if report.state == Report.OPEN else newest.get(report.id))
        for report in reports
    ]
