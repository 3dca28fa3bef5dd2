"""Builds the cards of a page, with a fixed number of queries however many cards there are."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from markupsafe import Markup
from peewee import SQL, Case, Function, Select, fn

import models
from console.entries.replies import HeldReply, removed_or_below
from console.prepared import prepared
from console.queue.card_rows import CardRow
from console.screening.hits import Finding, Hit, findings, highlight
from console.screening.wording import describe_hits
from console.storage import db
from console.text.excerpts import reach
from models import Decision, Delivery, Entry, Media, Report, Rule, Screener, Violation

LINES = 12  # of a text in a list; the whole stands on the entry's page

# In the order of the fields of `Hit`.
HIT_COLUMNS = (
    *(getattr(models.Hit, name) for name in ("start", "end", "form", "base", "cue", "mode")),
    Screener.kind,
    Screener.name,
    Screener.rule,
    models.Hit.screener_version,
)


REASONS = 5  # of an entry's open reports; the others are only counted


class AuthorHistory(NamedTuple):
    """The author's history: entries that staff released and removed, and the last rule broken."""

    released: int = 0
    removed: int = 0
    last_rule: str = ""


class CardRule(NamedTuple):
    """A rule as a button or tag on a card; a tag has the name that the rule had on its day."""

    code: str
    name: str


class OpenReports(NamedTuple):
    """An entry's open reports. All that name no reporter count as one person's."""

    total: int
    people: int
    distinct: int  # how many reasons there are
    reasons: tuple[tuple[str, int], ...]  # the most frequent REASONS, and how many people gave each


@dataclass
class Card:
    entry: CardRow
    rules: tuple[CardRule, ...]
    past: AuthorHistory
    hits: tuple[Hit, ...]
    reports: OpenReports | None
    tags: tuple[CardRule, ...]
    pictures: tuple[int, ...] = ()  # the ids of the console's own
    is_below_removed: bool = False  # by more than two steps
    outcome: Decision | None = None
    undoable: bool = False
    delivery: Delivery | None = None
    held_replies: tuple[HeldReply, ...] = ()  # of what is removed; as many as are offered at once
    removed_replies: int = 0  # with it

    @property
    def links(self) -> list[str]:
        return json.loads(self.entry.links)

    @property
    def media(self) -> list[dict]:
        return json.loads(self.entry.media)

    @property
    def reasons(self) -> list[str]:
        """Why it is held: the hits in words, those of one kind together."""
        return describe_hits(hit for hit in self.hits if hit.holds)

    @property
    def findings(self) -> list[Finding]:
        return findings(self.hits)

    @property
    def suggested(self) -> list[CardRule]:
        """The rules that screeners suggest and that the entry is not tagged with."""
        codes = {hit.rule for hit in self.hits if hit.holds} - {tag.code for tag in self.tags}
        return [rule for rule in self.rules if rule.code in codes]

    @property
    def suggested_codes(self) -> tuple[str, ...]:
        return tuple(rule.code for rule in self.suggested)

    def is_settled(self, list_name: str | None) -> bool:
        """Whether its newest decision takes it out of that list; a tag or an undo does not."""
        if self.outcome is None or self.entry.reported_since:
            return False
        if self.outcome.verb == "hold":
            return self.outcome.is_staffs and list_name == "incoming"
        ends = self.outcome.verb in ("release", "remove", "keep")
        return ends and self.entry.state != Entry.HELD

    def is_decided_since(self, moment: float) -> bool:
        """`moment`: seconds since the epoch."""
        return self.outcome is not None and self.outcome.at.timestamp() > moment

    @cached_property
    def is_long(self) -> bool:
        return reach(self.entry.text, LINES) < len(self.entry.text)

    def text(self, *, whole: bool | None) -> Markup:
        is_cut = self.is_long and not whole
        return highlight(self.entry.text, self.hits, LINES if is_cut else None)


def cards(entries: list[CardRow]) -> list[Card]:
    """A card for each entry, in their order, without decisions; in at most seven queries."""
    ids = [entry.id for entry in entries]
    past = _histories({entry.profile_id for entry in entries})
    rules = _grouped(_rules, sorted({entry.group_id for entry in entries}), CardRule._make)
    tags = _grouped(_tags, ids, CardRule._make)
    screened = [entry.id for entry in entries if not entry.whitelisted]
    hits = _grouped(_hits, screened, lambda row: Hit(*row))
    reported = [entry.id for entry in entries if entry.reported_since]
    reports = _grouped(_open_reports, reported, tuple)
    pictured = [entry.id for entry in entries if entry.is_pictured]
    pictures = _grouped(_pictures, pictured, lambda row: row[0])
    deep = sorted({entry.above_parent_id for entry in entries if entry.above_parent_id})
    below_removed = removed_or_below(deep)
    return [
        Card(
            entry,
            rules.get(entry.group_id, ()),
            past.get(entry.profile_id, AuthorHistory()),
            hits.get(entry.id, ()),
            _summary(reports.get(entry.id)),
            tags.get(entry.id, ()),
            pictures.get(entry.id, ()),
            entry.above_parent_id in below_removed,
        )
        for entry in entries
    ]


def rules_of(cards: list[Card]) -> tuple[CardRule, ...]:
    """The rules of all the cards' groups, each code once."""
    return tuple({rule.code: rule for card in cards for rule in card.rules}.values())


def _grouped(query: Callable[[list], Iterator[tuple]], ids: list[int], make: Callable) -> dict:
    """{id: the rows of the query that begin with it}, the rest of each row turned into an object."""
    groups = defaultdict(list)
    for row in query(ids) if ids else ():
        groups[row[0]].append(make(row[1:]))
    return {id: tuple(objects) for id, objects in groups.items()}


@prepared
def _hits(ids):
    return (
        models.Hit.select(models.Hit.entry, *HIT_COLUMNS)
        .join(Screener)
        .where(models.Hit.entry.in_(ids), models.Hit.revision.is_null())
        .order_by(models.Hit.id)
        .tuples()
    )


def _summary(rows: tuple[tuple, ...] | None) -> OpenReports | None:
    if rows is None:
        return None
    total, people, distinct, *_first = rows[0]
    reasons = tuple((reason, by) for _total, _people, _distinct, reason, by in rows)
    return OpenReports(total, people, distinct, reasons)


@prepared
def _open_reports(ids):
    """Per entry: its totals, in each row, and its most frequent reasons, a row for each.

    An entry may have thousands of reports, each with a reason of its own; so the database counts.
    """
    open_ones = Report.entry.in_(ids) & (Report.state == Report.OPEN)
    people = fn.COUNT(Report.reporter_id.distinct())
    reason = fn.LOWER(Report.reason)  # "Spam" is "spam"
    totals = (
        Report.select(Report.entry, fn.COUNT(SQL("*")), people, fn.COUNT(reason.distinct()))
        .where(open_ones)
        .group_by(Report.entry)
        .cte("totals", columns=("entry_id", "reports", "people", "reasons"))
    )
    order = fn.ROW_NUMBER().over(
        partition_by=[Report.entry], order_by=[people.desc(), fn.MIN(Report.id)]
    )
    ranked = (
        Report.select(Report.entry, fn.MIN(Report.reason), people, order)
        .where(open_ones)
        .group_by(Report.entry, reason)
        .cte("ranked", columns=("entry_id", "reason", "people", "place"))
    )
    columns = (totals.c.entry_id, totals.c.reports, totals.c.people, totals.c.reasons)
    return (
        Select([ranked], [*columns, ranked.c.reason, ranked.c.people])
        .join(totals, on=(totals.c.entry_id == ranked.c.entry_id))
        .where(ranked.c.place <= REASONS)
        .order_by(ranked.c.entry_id, ranked.c.place)
        .with_cte(totals, ranked)
        .bind(db)
        .tuples()
    )


@prepared
def _rules(group_ids):
    mine = Rule.group.in_(group_ids) & ~Rule.retired
    return (
        Rule.select(Rule.group, Rule.code, Rule.name).where(mine).order_by(Rule.position).tuples()
    )


@prepared
def _tags(ids):
    return (
        Violation.select(Violation.entry, Rule.code, Violation.rule_name)
        .join(Rule)
        .where(Violation.entry.in_(ids), Violation.untagged.is_null())
        .order_by(Rule.position)
        .tuples()
    )


@prepared
def _pictures(ids):
    """Only their ids: an index has them, without the pictures."""
    return (
        Media.select(Media.entry, Media.id).where(Media.entry.in_(ids)).order_by(Media.id).tuples()
    )


def _histories(profile_ids: set[int]) -> dict[int, AuthorHistory]:
    return {row[0]: AuthorHistory(*row[1:]) for row in _decisions_by_author(list(profile_ids))}


@prepared
def _decisions_by_author(profile_ids):
    """Per profile: the numbers of releases and removals by staff that were not undone, and the rule
    of the last removal.

    The states of an undo tell what it reversed, so an index is enough to answer the query.
    """

    def count(verb: str, state: str) -> Function:
        reversed_ = (Decision.verb == "undo") & (Decision.from_state == state)
        changed = Decision.to_state != state
        return fn.SUM(Case(None, [(Decision.verb == verb, 1), (reversed_ & changed, -1)], 0))

    # What staff removed on the platform itself names no rule.
    is_removal = (Decision.verb == "remove") & (Decision.actor == Decision.STAFF)
    last_removal = fn.MAX(Case(None, [(is_removal, Decision.id)], None))
    last_rule = Violation.select(fn.MIN(Violation.rule_name)).where(
        Violation.tagged == last_removal, Violation.untagged.is_null()
    )
    counts = count("release", Entry.PUBLISHED), count("remove", Entry.REMOVED)
    return (
        Decision.select(Decision.profile, *counts, fn.COALESCE(last_rule, ""))
        .where(
            Decision.profile.in_(profile_ids),
            Decision.verb.in_(["release", "remove", "undo"]),
            Decision.actor.in_(Decision.STAFFS),
        )
        .group_by(Decision.profile)
        .tuples()
    )
