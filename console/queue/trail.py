"""The trail of an entry: everything that happened to it, in sentences."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from peewee import JOIN, Field, Function, ModelSelect, Value, fn

from console import clock
from console.groups.whitelist import REASONS
from console.language import N_, _, ngettext
from console.outbox.deliveries import OPEN, reason
from console.queue.hits import hits_of
from console.queue.sentences import delivery_news, delivery_words, outcome, outgoing, sentence
from console.screening.wording import describe_hits
from console.storage import R
from console.text.excerpts import excerpt
from console.text.names import shown_name
from models import (
    Answer,
    Completion,
    Decision,
    Delivery,
    Entry,
    Group,
    Profile,
    Report,
    Revision,
    Rule,
    User,
    Violation,
)

PAGE = 50
COMPLETED = {
    Completion.TEXT: N_("Text added by hand"),
    Completion.AUTHOR: N_("Author named by hand"),
    Completion.ADDRESS: N_("Address added by hand"),
}
EPOCH = datetime.fromtimestamp(0, UTC)
MAX_ID = 2**31 - 1
LINES = 3  # of a detail; reports and edits stand whole elsewhere on the entry's page


class Line(NamedTuple):
    at: datetime
    sentence: str
    detail: str = ""


class Key(NamedTuple):
    """The place of a happening in the trail (keyset pagination).

    Happenings of one moment stand in the order of their sources, and those of a source by id.
    """

    at: datetime
    source: int
    id: int

    @classmethod
    def parse(cls, text: str | None) -> Key | None:
        key = re.fullmatch(r"([0-9]{1,16})-([0-6])-([0-9]{1,9})", text or "")
        if key is None:
            return None
        micros, source, id = map(int, key.groups())
        return cls(EPOCH + timedelta(microseconds=micros), source, id)

    def __str__(self) -> str:
        return f"{(self.at - EPOCH) // timedelta(microseconds=1)}-{self.source}-{self.id}"


ARRIVAL, EDIT, REPORT, WITHDRAWAL, DECISION, DELIVERY, COMPLETION = range(7)
Happening = tuple[Key, list[Line]]


class Trail(NamedTuple):
    lines: list[Line]  # the oldest first
    older: Key | None  # of the oldest happening here, where there are older ones


def trail(entry: Entry, before: Key | None = None) -> Trail:
    """The newest PAGE happenings, or those before a key."""
    happenings = [
        *_arrival(entry, before),
        *_edits(entry, before),
        *_reports(entry, before),
        *_withdrawals(entry, before),
        *_decisions(entry, before),
        *_deliveries(entry, before),
        *_completions(entry, before),
    ]
    happenings.sort(key=lambda happening: happening[0])
    shown = happenings[-PAGE:]
    return Trail(
        [_bounded(line) for _key, lines in shown for line in lines],
        shown[0][0] if len(happenings) > PAGE else None,
    )


def _bounded(line: Line) -> Line:
    return line._replace(detail=excerpt(line.detail, LINES))


def _newest(
    query: ModelSelect[R], source: int, at: Field | Function, before: Key | None
) -> ModelSelect[R]:
    """The newest PAGE + 1 rows of a source before the key; `at` is the column of their moment."""
    id = query.model.id
    if before:
        # A function, unlike a column, does not turn a moment into what the database has.
        moment = Value(before.at, converter=Decision.at.db_value)
        ties = id < (
            before.id if source == before.source else 0 if source > before.source else MAX_ID
        )
        query = query.where((at < moment) | ((at == moment) & ties))
    return query.order_by(at.desc(), id.desc()).limit(PAGE + 1)


def decisions_about(profile: Profile, most: int) -> list[Decision]:
    """The newest decisions of staff on the author's entries, newest first."""
    theirs = Decision.profile == profile, Decision.actor.in_(Decision.STAFFS)
    return with_rules(
        decisions_with_people().where(*theirs).order_by(Decision.id.desc()).limit(most)
    )


def decisions_with_people() -> ModelSelect[Decision]:
    """A query for decisions with an excerpt of the entry, its author and group, and the user."""
    excerpt = fn.SUBSTR(Entry.text, 1, 120).alias("text").bind_to(Entry)
    return (
        Decision.select(Decision, Entry.id, Entry.kind, excerpt, Profile.name, Group, User)
        .join_from(Decision, Entry)
        .join_from(Decision, Profile)
        .join_from(Decision, Group)
        .join_from(Decision, User, JOIN.LEFT_OUTER)
    )


def with_rules(decisions: Iterable[Decision]) -> list[Decision]:
    """Sets `rules` of each decision: the names, on their day, of those that it tagged or untagged."""
    decisions = list(decisions)
    ids = [decision.id for decision in decisions]
    names: dict[int, dict[int, str]] = defaultdict(dict)  # by decision and rule
    for tagged, untagged, rule_id, name in (
        Violation.select(Violation.tagged, Violation.untagged, Violation.rule, Violation.rule_name)
        .join(Rule)
        .where(Violation.tagged.in_(ids) | Violation.untagged.in_(ids))
        .order_by(Rule.position, Violation.id)
        .tuples()
        .iterator()
    ):
        for decision_id in filter(None, (tagged, untagged)):
            names[decision_id][rule_id] = name
    for decision in decisions:
        has_rules = decision.verb not in ("undo", "release")
        decision.rules = list(names[decision.id].values()) if has_rules else []
    return decisions


def _decisions(entry: Entry, before: Key | None) -> Iterator[Happening]:
    query = decisions_with_people().where(Decision.entry == entry)
    decisions = with_rules(_newest(query, DECISION, Decision.at, before))
    reasons = _screening_reasons(entry, decisions)
    # What has not happened yet is told beside what it follows from.
    unsettled = outgoing().where(Delivery.decision.in_(decisions), Delivery.state.in_(OPEN))
    outside = {row.decision_id: _outside(row) for row in unsettled.order_by(Delivery.id)}
    for decision in decisions:
        note = [decision.note] if decision.is_staffs and decision.note else []
        told = [*decision.rules, *reasons.get(decision.id, ()), *note]
        told += [*_already(decision.happened, decision.at), *outside.get(decision.id, ())]
        line = Line(decision.at, sentence(decision), ", ".join(told))
        yield Key(decision.at, DECISION, decision.id), [line]


def _screening_reasons(entry: Entry, decisions: list[Decision]) -> dict[int, list[str]]:
    """{id of a decision of screening: the hits in the text as it was then, in words}"""
    ids = [each.id for each in decisions if each.actor == Decision.SCREENING]
    if not ids:
        return {}
    edited_after = (Revision.entry == Decision.entry) & (Revision.replaced > Decision.at)
    text = Revision.select(fn.MIN(Revision.id)).where(edited_after)
    rows = (
        Decision.select(Decision.id, text.alias("text"))
        .where(Decision.id.in_(ids))
        .tuples()
        .iterator()
    )
    texts: dict[int, int | None] = dict(rows)
    hits = hits_of(entry, list(filter(None, texts.values())))
    return {id: describe_hits(hit for hit in hits[text] if hit.holds) for id, text in texts.items()}


def _arrival(entry: Entry, before: Key | None) -> Iterator[Happening]:
    key = Key(entry.received, ARRIVAL, 0)
    if before and key >= before:
        return
    past, outside = _("past screening: %(why)s"), _("not on the whitelist: %(why)s")
    cover = past if entry.whitelisted else outside
    why = cover % {"why": _(REASONS[entry.whitelist_reason])}
    if entry.captured_by:
        how = _("Added by hand – %(who)s") % {"who": entry.captured_by.name}
    else:
        how = _("Came in")
    told = "; ".join([why, *_already(entry.created, entry.received)])
    yield key, [Line(entry.received, how, told)]


def _edits(entry: Entry, before: Key | None) -> Iterator[Happening]:
    moments = entry.revisions.select(Revision.id, Revision.replaced)
    for revision in _newest(moments, EDIT, Revision.replaced, before):
        line = Line(revision.replaced, _("The author changed it"))
        yield Key(revision.replaced, EDIT, revision.id), [line]


def _reports(entry: Entry, before: Key | None) -> Iterator[Happening]:
    """The reports; also the answer of those that an earlier decision answered at once."""
    whole = entry.reports.where(Report.reason != "")  # not one that is only known as withdrawn
    reports = list(_newest(whole, REPORT, Report.received, before))
    if not reports:
        return
    answers = (
        Answer.select(Answer, Decision, User)
        .join_from(Answer, Decision)
        .join_from(Decision, User, JOIN.LEFT_OUTER)
        .where(Answer.report.in_([report.id for report in reports]))
        .order_by(Answer.id.desc())
    )
    first = {answer.report_id: answer.decision for answer in answers}
    for report in reports:
        reason = ": ".join(filter(None, (report.reason, report.note)))
        detail = "; ".join([reason, *_already(report.created, report.received)])
        words = _("Reported – %(who)s") % {"who": _reporter(report)}
        lines = [Line(report.received, words, detail)]
        answer = first.get(report.id)
        if answer and answer.at < report.received:  # answered at once
            told = f"{sentence(answer)}, {clock.exact(answer.at)}"
            lines.append(Line(report.received, _("Answered at once, as before"), told))
        yield Key(report.received, REPORT, report.id), lines


def _withdrawals(entry: Entry, before: Key | None) -> Iterator[Happening]:
    withdrawn = entry.reports.where(Report.withdrawn.is_null(False))
    for report in _newest(withdrawn, WITHDRAWAL, Report.withdrawn, before):
        words = _("The report was withdrawn – %(who)s") % {"who": _reporter(report)}
        assert report.withdrawn
        yield Key(report.withdrawn, WITHDRAWAL, report.id), [Line(report.withdrawn, words)]


def _reporter(report: Report) -> str:
    return shown_name(report.reporter_name) if report.reporter_name else _("somebody")


def _already(happened: datetime, known: datetime) -> list[str]:
    """What is added where something was known here much later than it happened."""
    if not clock.known_later(happened, known):
        return []
    return [_("on the platform already %(when)s") % {"when": clock.exact(happened)}]


def _outside(delivery: Delivery) -> list[str]:
    """How it stands with a delivery that is not settled."""
    return [delivery_news(delivery), *_attempts(delivery)]


def _attempts(delivery: Delivery) -> list[str]:
    count = delivery.attempts
    return [ngettext("%(n)d attempt", "%(n)d attempts", count) % {"n": count}] if count else []


def _deliveries(entry: Entry, before: Key | None) -> Iterator[Happening]:
    """The deliveries that are settled."""
    query = outgoing(Decision).join_from(Delivery, Decision)
    query = query.where(Delivery.entry == entry, Delivery.state.not_in(OPEN))
    for delivery in _newest(query, DELIVERY, fn.COALESCE(Delivery.settled, Delivery.due), before):
        assert delivery.decision is not None
        words = f"„{outcome(delivery.decision)}”: {delivery_words(delivery)}"
        detail = "; ".join([*_attempts(delivery), *filter(None, [reason(delivery)])])
        at = delivery.settled or delivery.due  # RECORDED ones were never settled
        yield Key(at, DELIVERY, delivery.id), [Line(at, words, detail)]


def _completions(entry: Entry, before: Key | None) -> Iterator[Happening]:
    """Only an entry that was captured by hand has any."""
    if entry.captured_by_id is None:
        return
    query = entry.completions.select(Completion, User).join(User)
    for each in _newest(query, COMPLETION, Completion.at, before):
        line = Line(each.at, f"{_(COMPLETED[each.what])} – {each.by.name}")
        yield Key(each.at, COMPLETION, each.id), [line]
