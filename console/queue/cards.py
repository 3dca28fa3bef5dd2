"""What a card says of an entry, gathered for a whole page at once: no query per card."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from markupsafe import Markup
from peewee import JOIN, Case, Function, fn

import models
from console.entries.decisions import is_undoable
from console.prepared import prepared
from console.queue.card_rows import CardRow
from console.screening.hits import Hit, marked
from models import Decision, Delivery, Entry, Report, Rule, Screener, User, Violation

# In the order of the fields of `Hit`.
HIT_COLUMNS = (
    *(getattr(models.Hit, name) for name in ("start", "end", "form", "base", "cue", "mode")),
    Screener.kind,
    Screener.name,
    Screener.rule,
    models.Hit.screener_version,
)


class Past(NamedTuple):
    """What became of the author's entries before."""

    released: int = 0
    removed: int = 0
    last_rule: str = ""


class Named(NamedTuple):
    """A rule."""

    code: str
    name: str


@dataclass
class Card:
    entry: CardRow
    rules: tuple[Named, ...]
    past: Past
    hits: tuple[Hit, ...]
    reports: tuple[str, ...]  # the reason of each open one
    tags: tuple[Named, ...]
    outcome: Decision | None = None
    undoable: bool = False
    delivery: Delivery | None = None

    @property
    def links(self) -> list[str]:
        return json.loads(self.entry.links)

    @property
    def media(self) -> list[dict]:
        return json.loads(self.entry.media)

    @property
    def reasons(self) -> list[str]:
        """The screeners' words, each once."""
        return list(dict.fromkeys(str(hit) for hit in self.hits if hit.holds))

    @property
    def suggested(self) -> list[Named]:
        """The rules that the screeners suggest, which nobody has tagged yet."""
        codes = {hit.rule for hit in self.hits if hit.holds}
        return [rule for rule in self.rules if rule.code in codes and rule not in self.tags]

    @property
    def suggested_codes(self) -> tuple[str, ...]:
        return tuple(rule.code for rule in self.suggested)

    def is_settled(self, list_name: str | None) -> bool:
        """Its newest decision leaves nothing to do in that list; a tag or an undo leaves it waiting."""
        if self.outcome is None or self.entry.reported_since:
            return False
        if self.outcome.verb == "hold":
            return self.outcome.is_staffs and list_name == "incoming"
        ends = self.outcome.verb in ("release", "remove", "keep")
        return ends and self.entry.state != Entry.HELD

    def is_decided_since(self, moment: float) -> bool:
        """`moment`: seconds since the epoch."""
        return self.outcome is not None and self.outcome.at.timestamp() > moment

    @property
    def report_reasons(self) -> list[tuple[str, int]]:
        return Counter(self.reports).most_common()

    def text(self, limit: int | None = None) -> Markup:
        return marked(self.entry.text, self.hits, limit)


def cards(entries: list[CardRow]) -> list[Card]:
    """A card for each entry, in at most five queries however many there are."""
    ids = [entry.id for entry in entries]
    past = _pasts({entry.profile_id for entry in entries})
    rules = _grouped(_rules, sorted({entry.group_id for entry in entries}), Named._make)
    tags = _grouped(_tags, ids, Named._make)
    screened = [entry.id for entry in entries if not entry.whitelisted]
    hits = _grouped(_hits, screened, lambda row: Hit(*row))
    reported = [entry.id for entry in entries if entry.reported_since]
    reports = _grouped(_open_reports, reported, lambda row: row[0])
    return [
        Card(
            entry,
            rules.get(entry.group_id, ()),
            past.get(entry.profile_id, Past()),
            hits.get(entry.id, ()),
            reports.get(entry.id, ()),
            tags.get(entry.id, ()),
        )
        for entry in entries
    ]


def decided(cards: list[Card]) -> list[Card]:
    """The cards with their newest decisions, and whether those can be undone."""
    ids = [card.entry.id for card in cards]
    newest = {decision.entry_id: decision for decision in _newest(ids)} if ids else {}
    told = [decision.id for decision in newest.values()]
    deliveries = {each.decision_id: each for each in _deliveries(told)} if told else {}
    for card in cards:
        card.outcome = newest.get(card.entry.id)
        card.undoable = is_undoable(card.outcome)
        card.delivery = deliveries.get(card.outcome.id) if card.outcome else None
    return cards


def rules_of(cards: list[Card]) -> tuple[Named, ...]:
    """The rules of all the cards' groups, each code once."""
    return tuple({rule.code: rule for card in cards for rule in card.rules}.values())


def _grouped(query: Callable[[list], Iterator[tuple]], ids: list[int], made: Callable) -> dict:
    """The rows of a query, by the id that each begins with."""
    found = defaultdict(list)
    for row in query(ids) if ids else ():
        found[row[0]].append(made(row[1:]))
    return {id: tuple(rows) for id, rows in found.items()}


@prepared
def _hits(ids):
    return (
        models.Hit.select(models.Hit.entry, *HIT_COLUMNS)
        .join(Screener)
        .where(models.Hit.entry.in_(ids), models.Hit.revision.is_null())
        .order_by(models.Hit.id)
        .tuples()
    )


@prepared
def _open_reports(ids):
    open_ones = Report.entry.in_(ids) & (Report.state == Report.OPEN)
    rows = Report.select(Report.entry, Report.reason).where(open_ones)
    return rows.order_by(Report.id).tuples()


@prepared
def _rules(group_ids):
    mine = Rule.group.in_(group_ids) & ~Rule.retired
    return (
        Rule.select(Rule.group, Rule.code, Rule.name).where(mine).order_by(Rule.position).tuples()
    )


@prepared
def _tags(ids):
    return (
        Violation.select(Violation.entry, Rule.code, Rule.name)
        .join(Rule)
        .where(Violation.entry.in_(ids), Violation.untagged.is_null())
        .order_by(Rule.position)
        .tuples()
    )


@prepared
def _newest(ids):
    newest = Decision.select(fn.MAX(Decision.id)).where(Decision.entry.in_(ids))
    return (
        Decision.select(Decision, User.id, User.name)
        .join(User, JOIN.LEFT_OUTER)
        .where(Decision.id.in_(newest.group_by(Decision.entry)))
    )


@prepared
def _deliveries(decision_ids):
    return Delivery.select().where(Delivery.decision.in_(decision_ids))


def _pasts(profile_ids: set[int]) -> dict[int, Past]:
    return {row[0]: Past(*row[1:]) for row in _verdicts(list(profile_ids))}


@prepared
def _verdicts(profile_ids):
    """Per profile: how many staff released and removed, and the rule of the last removal that stands.

    Between which states an undo leads tells what it reversed, so the index answers all of it.
    """

    def count(verb: str, state: str) -> Function:
        reversed_ = (Decision.verb == "undo") & (Decision.from_state == state)
        changed = Decision.to_state != state
        return fn.SUM(Case(None, [(Decision.verb == verb, 1), (reversed_ & changed, -1)], 0))

    last_removal = fn.MAX(Case(None, [(Decision.verb == "remove", Decision.id)], None))
    last_rule = (
        Rule.select(fn.MIN(Rule.name))
        .join(Violation)
        .where(Violation.tagged == last_removal, Violation.untagged.is_null())
    )
    counts = count("release", Entry.PUBLISHED), count("remove", Entry.REMOVED)
    return (
        Decision.select(Decision.profile, *counts, fn.COALESCE(last_rule, ""))
        .where(
            Decision.profile.in_(profile_ids),
            Decision.verb.in_(["release", "remove", "undo"]),
            Decision.actor == Decision.STAFF,
        )
        .group_by(Decision.profile)
        .tuples()
    )
