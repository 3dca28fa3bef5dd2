"""What a card says of an entry, gathered for a whole page at once: no query per card."""

from collections import defaultdict
from dataclasses import dataclass, field

from markupsafe import Markup, escape
from peewee import JOIN, Case, fn

from console.prepared import first, prepared
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
    rule_names: tuple[tuple[str, str], ...]  # code and name of each
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
        codes -= {rule.code for rule in self.tags}
        return [rule for rule in self.rules if rule.code in codes] if codes else []

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


def marked(text: str, matches: list[Match], limit: int | None = None) -> Markup:
    """The text, escaped, with what was matched in <mark>; cut after `limit` characters."""
    if not matches and (limit is None or len(text) <= limit):
        return escape(text)
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
    """A card for each entry, in at most five queries however many there are."""
    ids = [entry.id for entry in entries]
    pasts, last_removals = _pasts([entry.profile_id for entry in entries])
    tags, last_rules = _tags(ids, last_removals)
    matches = _by_entry(_matches, [entry.id for entry in entries if not entry.whitelisted])
    reports = _by_entry(_open_reports, [entry.id for entry in entries if entry.is_reported])
    rules = defaultdict(list)
    for rule in _rules(sorted({entry.group_id for entry in entries})):
        rules[rule.group_id].append(rule)
    names = {group: tuple((r.code, r.name) for r in of) for group, of in rules.items()}
    for profile_id, rule_name in last_rules.items():
        pasts[profile_id].last_rule = rule_name
    return [
        Card(
            entry,
            rules[entry.group_id],
            names.get(entry.group_id, ()),
            pasts[entry.profile_id],
            matches[entry.id],
            reports[entry.id],
            tags[entry.id],
        )
        for entry in entries
    ]


def decided(card: Card) -> Card:
    """The card with its newest decision, and whether that can be undone."""
    card.outcome = first(_newest(card.entry.id))
    card.undoable = is_undoable(card.outcome)
    card.delivery = first(_delivery(card.outcome.id)) if card.outcome else None
    return card


@prepared
def _matches(ids):
    return (
        Match.select(Match, Screener.kind, Screener.name, Screener.rule)
        .join(Screener)
        .where(Match.entry.in_(ids), Match.revision.is_null())
    )


@prepared
def _open_reports(ids):
    open_ones = Report.entry.in_(ids) & (Report.state == Report.OPEN)
    return Report.select(Report.entry, Report.reason).where(open_ones).order_by(Report.received)


@prepared
def _rules(group_ids):
    mine = Rule.group.in_(group_ids) & ~Rule.retired
    return (
        Rule.select(Rule.id, Rule.group, Rule.code, Rule.name).where(mine).order_by(Rule.position)
    )


@prepared
def _newest(id):
    return (
        Decision.select(Decision, User.id, User.name)
        .join(User, JOIN.LEFT_OUTER)
        .where(Decision.entry == id)
        .order_by(Decision.id.desc())
        .limit(1)
    )


@prepared
def _delivery(decision_id):
    return Delivery.select().where(Delivery.decision == decision_id)


def _by_entry(query, ids: list[int]) -> dict[int, list]:
    found = defaultdict(list)
    for row in query(ids) if ids else ():
        found[row.entry_id].append(row)
    return found


@prepared
def _verdicts(profile_ids):
    """Per profile, what staff released and removed, undone decisions apart; and the last removal."""
    undo = Decision.alias()
    return (
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


def _pasts(profile_ids: list[int]) -> tuple[dict[int, Past], list[int]]:
    pasts: dict[int, Past] = defaultdict(Past)
    last_removals = []
    for profile_id, released, removed, last_removal in _verdicts(profile_ids):
        pasts[profile_id] = Past(int(released), int(removed))
        if last_removal:
            last_removals.append(last_removal)
    return pasts, last_removals


@prepared
def _violations(ids, decision_ids):
    return (
        Violation.select(
            Violation.entry, Violation.untagged, Decision.id, Decision.profile, Rule.code, Rule.name
        )
        .join_from(Violation, Decision, on=(Violation.tagged == Decision.id), attr="by_decision")
        .join_from(Violation, Rule)
        .where(Violation.entry.in_(ids) | Violation.tagged.in_(decision_ids))
        .order_by(Rule.position)
    )


def _tags(ids: list[int], last_removals: list[int]):
    """The rules that stand on the entries, and per profile the rule of its last removal."""
    tags, last_rules = defaultdict(list), {}
    wanted, last = set(ids), set(last_removals)
    for row in _violations(ids, last_removals):
        if row.entry_id in wanted and row.untagged_id is None:
            tags[row.entry_id].append(row.rule)
        if row.by_decision.id in last:
            last_rules.setdefault(row.by_decision.profile_id, row.rule.name)
    return tags, last_rules
