"""Reads what a reporter's page shows: all that one person reported in a group, and what came of it."""

from __future__ import annotations

from typing import NamedTuple

from peewee import JOIN, ModelSelect, fn

from console.errors import NotFound
from models import Entry, Profile, Report

PAGE = 50


class Reporter(NamedTuple):
    name: str  # on the newest report
    counts: dict[str, int]  # {state of a report: number}, without those that there are none of
    reports: list[Report]  # newest first, each with its entry and that one's author, if it is here
    older: int | None  # the key of the next page: the last report's id

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def about(report: Report, before: int | None = None) -> Reporter:
    """The person who made this report; `before` is the key of the page (keyset pagination)."""
    if not report.reporter_id:
        raise NotFound
    rows = _theirs(report).order_by(Report.id.desc())
    newest = rows.first()
    page = list(rows.where(Report.id < before).limit(PAGE + 1) if before else rows.limit(PAGE + 1))
    return Reporter(
        newest.reporter_name,
        _counts(report),
        page[:PAGE],
        page[PAGE - 1].id if len(page) > PAGE else None,
    )


def _theirs(report: Report) -> ModelSelect[Report]:
    excerpt = fn.SUBSTR(Entry.text, 1, 200).alias("text").bind_to(Entry)
    return (
        Report.select(Report, Entry.id, Entry.kind, Entry.state, excerpt, Profile.name)
        .join_from(Report, Entry, JOIN.LEFT_OUTER)
        .join_from(Entry, Profile, JOIN.LEFT_OUTER)
        .where(Report.group == report.group_id, Report.reporter_id == report.reporter_id)
    )


def _counts(report: Report) -> dict[str, int]:
    return dict(
        Report.select(Report.state, fn.COUNT(Report.id))
        .where(Report.group == report.group_id, Report.reporter_id == report.reporter_id)
        .group_by(Report.state)
        .tuples()
        .iterator()
    )
