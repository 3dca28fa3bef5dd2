"""Reads what an entry's page shows beside its card: thread, reports, edits and trail."""

from collections import defaultdict
from datetime import datetime
from typing import NamedTuple

from peewee import JOIN, Case

import models
from console.queue.cards import HIT_COLUMNS
from console.queue.threads import Thread, thread_around
from console.queue.trail import Line, trail
from console.screening.hits import Hit
from console.text.differences import SAME, Piece, difference, shortened
from models import Answer, Decision, Entry, Report, Revision, Screener, User

MAX_CHANGES, MAX_REPORTS = 50, 200


class Change(NamedTuple):
    """An edit by the author, and the hits in the text before it."""

    at: datetime
    before: str
    pieces: list[Piece]
    hits: list[Hit]

    @property
    def left_the_text(self) -> bool:
        return all(kind == SAME for kind, _text in self.pieces)


class Complaint(NamedTuple):
    """A report, and the decision that answered it, if one did."""

    report: Report
    answer: Decision | None


class Story(NamedTuple):
    thread: Thread
    complaints: list[Complaint]  # the open ones first, then the newest; one more than MAX_REPORTS
    changes: list[Change]  # the newest first; one more than MAX_CHANGES
    trail: list[Line]

    @property
    def shown_complaints(self) -> list[Complaint]:
        return self.complaints[:MAX_REPORTS]

    @property
    def shown_changes(self) -> list[Change]:
        return self.changes[:MAX_CHANGES]


def story_of(entry: Entry) -> Story:
    return Story(thread_around(entry.id), _complaints(entry), _changes(entry), trail(entry))


def _changes(entry: Entry) -> list[Change]:
    newest_first = entry.revisions.order_by(Revision.id.desc()).limit(MAX_CHANGES + 1)
    revisions = list(newest_first)
    hits = _hits(entry, [revision.id for revision in revisions])
    texts_after = [entry.text, *(revision.text for revision in revisions)]
    return [
        Change(
            revision.replaced,
            revision.text,
            shortened(difference(revision.text, after)),
            hits[revision.id],
        )
        for revision, after in zip(revisions, texts_after, strict=False)
    ]


def _hits(entry: Entry, revision_ids: list[int]) -> dict[int, list[Hit]]:
    rows = (
        models.Hit.select(models.Hit.revision, *HIT_COLUMNS)
        .join(Screener)
        .where(models.Hit.entry == entry, models.Hit.revision.in_(revision_ids))
        .order_by(models.Hit.id)
        .tuples()
        .iterator()
    )
    hits = defaultdict(list)
    for revision_id, *hit in rows:
        hits[revision_id].append(Hit(*hit))
    return hits


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
