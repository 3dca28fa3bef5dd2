"""What a card says of an entry, gathered for a whole page at once: no query per card."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from markupsafe import Markup, escape
from peewee import JOIN, Case, fn

from console.queue.decisions import is_undoable
from console.screening.wording import in_words
from models import Decision, Delivery, Entry, Match, Report, Rule, Screener, User, Violation


@dataclass
class Past:
    """What became of the author's entries before."""

    released: int = 0
    removed: int = 0
    last_rule: str = ""


@dataclass
class Card:
    entry: Entry
    rules: list[Rule]
    past: Past
    matches: list[Match] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    tags: list[Rule] = field(default_factory=list)
    outcome: Decision | None = None
    undoable: bool = False
    delivery: Delivery | None = None

    @property
    def reasons(self) -> list[str]:
        """The screeners' words, each once."""
        return list(dict.fromkeys(why(match) for match in self.matches if match.mode == "on"))

    @property
    def suggested(self) -> list[Rule]:
        """The rules that the screeners suggest, which nobody has tagged yet."""
        codes = {match.screener.rule for match in self.matches if match.mode == "on"}
        return [rule for rule in self.rules if rule.code in codes and rule not in self.tags]

    @property
    def report_reasons(self) -> list[tuple[str, int]]:
        counts: dict[str, int] = defaultdict(int)
        for report in self.reports:
            counts[report.reason] += 1
        return sorted(counts.items(), key=lambda item: -item[1])

    def text(self, limit: int | None = None) -> Markup:
        return marked(self.entry.text, self.matches, limit)


def why(match: Match) -> str:
    screener = match.screener
    return in_words(screener.kind, screener.name, match.form, match.base, match.cue)


def marked(text: str, matches: Iterable[Match], limit: int | None = None) -> Markup:
    """The text, escaped, with what was matched in <mark>; cut after `limit` characters."""
    end = len(text) if limit is None or len(text) <= limit else limit
    parts, at = [], 0
    for match in sorted(matches, key=lambda m: (m.start, -m.end)):
        if match.mode != "on" or match.start < at or match.end > end or match.end <= match.start:
            continue
        parts += [escape(text[at : match.start]), _mark(text[match.start : match.end])]
        at = match.end
    parts.append(escape(text[at:end]))
    if end < len(text):
        parts.append("…")
    return Markup("").join(parts)


def _mark(text: str) -> Markup:
    return Markup("<mark>") + escape(text) + Markup("</mark>")


def cards(entries: list[Entry]) -> list[Card]:
    """A card for each entry, in five queries however many there are."""
    ids = [entry.id for entry in entries]
    pasts, last_removals = _pasts({entry.profile_id for entry in entries})
    tags, last_rules = _tags(ids, last_removals)
    matches = _by_entry(
        Match.select(Match, Screener.kind, Screener.name, Screener.rule)
        .join(Screener)
        .where(Match.entry.in_(ids), Match.revision.is_null())
    )
    reports = _by_entry(
        Report.select()
        .where(Report.entry.in_(ids), Report.state == Report.OPEN)
        .order_by(Report.received)
    )
    rules = defaultdict(list)
    for rule in (
        Rule.select()
        .where(Rule.group.in_({entry.group_id for entry in entries}), ~Rule.retired)
        .order_by(Rule.position)
    ):
        rules[rule.group_id].append(rule)
    for profile_id, rule_name in last_rules.items():
        pasts[profile_id].last_rule = rule_name
    return [
        Card(
            entry,
            rules[entry.group_id],
            pasts[entry.profile_id],
            matches[entry.id],
            reports[entry.id],
            tags[entry.id],
        )
        for entry in entries
    ]


def decided(card: Card) -> Card:
    """The card with its newest decision, and whether that can be undone."""
    card.outcome = (
        Decision.select(Decision, User)
        .join(User, JOIN.LEFT_OUTER)
        .where(Decision.entry == card.entry)
        .order_by(Decision.id.desc())
        .first()
    )
    card.undoable = is_undoable(card.outcome)
    card.delivery = card.outcome and card.outcome.deliveries.first()
    return card


def _by_entry(rows) -> dict[int, list]:
    found = defaultdict(list)
    for row in rows:
        found[row.entry_id].append(row)
    return found


def _pasts(profile_ids: set[int]) -> tuple[dict[int, Past], list[int]]:
    """Per profile what staff released and removed, undone decisions apart; and the last removals."""
    undo = Decision.alias()
    counts = (
        Decision.select(
            Decision.profile,
            fn.SUM(Case(None, [(Decision.verb == "release", 1)], 0)),
            fn.SUM(Case(None, [(Decision.verb == "remove", 1)], 0)),
            fn.MAX(Case(None, [(Decision.verb == "remove", Decision.id)], None)),
        )
        .join(undo, JOIN.LEFT_OUTER, on=(undo.undoes == Decision.id))
        .where(
            Decision.profile.in_(profile_ids),
            Decision.verb.in_(["release", "remove"]),
            Decision.actor == Decision.STAFF,
            undo.id.is_null(),
        )
        .group_by(Decision.profile)
        .tuples()
    )
    pasts: dict[int, Past] = defaultdict(Past)
    last_removals = []
    for profile_id, released, removed, last_removal in counts:
        pasts[profile_id] = Past(int(released), int(removed))
        if last_removal:
            last_removals.append(last_removal)
    return pasts, last_removals


def _tags(ids: list[int], last_removals: list[int]):
    """The rules that stand on the entries, and per profile the rule of its last removal."""
    tags, last_rules = defaultdict(list), {}
    rows = (
        Violation.select(Violation.entry, Violation.untagged, Decision.id, Decision.profile, Rule)
        .join_from(Violation, Decision, on=(Violation.tagged == Decision.id), attr="by_decision")
        .join_from(Violation, Rule)
        .where(Violation.entry.in_(ids) | Violation.tagged.in_(last_removals))
        .order_by(Rule.position)
    )
    wanted, last = set(ids), set(last_removals)
    for row in rows:
        if row.entry_id in wanted and row.untagged_id is None:
            tags[row.entry_id].append(row.rule)
        if row.by_decision.id in last:
            last_rules.setdefault(row.by_decision.profile_id, row.rule.name)
    return tags, last_rules
