"""The trail of an entry: everything that happened to it, in sentences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple

from peewee import JOIN, ModelSelect, fn

from console import clock
from console.groups.whitelist import REASONS
from console.language import N_, _, ngettext
from console.screening.wording import describe_hit
from models import (
    Answer,
    Decision,
    Delivery,
    Entry,
    Group,
    Hit,
    Profile,
    Report,
    Revision,
    Rule,
    Screener,
    User,
    Violation,
)


class Line(NamedTuple):
    at: datetime
    sentence: str
    detail: str = ""


def trail(entry: Entry) -> list[Line]:
    """The lines of the trail, oldest first."""
    lines = [_arrival(entry)]
    lines += [_edit(revision) for revision in entry.revisions]
    reasons_of = _screening_reasons(entry)
    decisions = with_rules(decisions_with_people().where(Decision.entry == entry))
    lines += _reports(entry, {decision.id: decision for decision in decisions})
    lines += [_decision_line(decision, reasons_of(decision)) for decision in decisions]
    deliveries = entry.deliveries.select(Delivery, Decision).join(Decision)
    lines += [line for delivery in deliveries if (line := _delivery(delivery))]
    return sorted(lines, key=lambda line: line.at)


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
    """Sets `rules` of each decision: the names of the rules that it tagged or untagged."""
    decisions = list(decisions)
    ids = [decision.id for decision in decisions]
    names = defaultdict(list)
    for tagged, untagged, name in (
        Violation.select(Violation.tagged, Violation.untagged, Rule.name)
        .join(Rule)
        .where(Violation.tagged.in_(ids) | Violation.untagged.in_(ids))
        .order_by(Rule.position)
        .tuples()
        .iterator()
    ):
        for decision_id in filter(None, (tagged, untagged)):
            names[decision_id].append(name)
    for decision in decisions:
        has_rules = decision.verb not in ("undo", "release")
        decision.rules = list(dict.fromkeys(names[decision.id])) if has_rules else []
    return decisions


def _decision_line(decision: Decision, reasons: list[str]) -> Line:
    note = [decision.note] if decision.is_staffs and decision.note else []
    before = []
    if clock.known_later(decision.happened, decision.at):
        before = [_("on the platform already %(when)s") % {"when": clock.exact(decision.happened)}]
    details = [*decision.rules, *reasons, *note, *before]
    return Line(decision.at, sentence(decision), ", ".join(details))


def _screening_reasons(entry: Entry) -> Callable[[Decision], list[str]]:
    """A function that gives, for a decision of screening, the hits in the text as it was then."""
    revisions = list(entry.revisions.select(Revision.id, Revision.replaced).order_by(Revision.id))
    columns = Hit, Screener.kind, Screener.name
    hits = list(entry.hits.select(*columns).join(Screener).order_by(Hit.start))

    def reasons(decision: Decision) -> list[str]:
        if decision.actor != Decision.SCREENING:
            return []
        text = next((r.id for r in revisions if r.replaced > decision.at), None)
        words = (
            describe_hit(hit.screener.kind, hit.screener.name, hit.form, hit.base, hit.cue)
            for hit in hits
            if hit.revision_id == text and hit.mode == Screener.ON
        )
        return list(dict.fromkeys(words))

    return reasons


OUTCOMES = {
    "release": N_("Released"),
    "remove": N_("Removed"),
    "keep": N_("Kept"),
    "hold": N_("Put on hold"),
    "tag": N_("Tagged"),
    "untag": N_("Untagged"),
    "undo": N_("Undone"),
}


# Who decided where it was no user of the console.
ACTORS = {
    Decision.SCREENING: N_("screening"),
    Decision.PLATFORM: N_("the platform"),
    Decision.PLATFORM_STAFF: N_("staff, on the platform itself"),
    Decision.AUTHOR: N_("the author, on the platform"),
}


def sentence(decision: Decision) -> str:
    """What was decided and by whom: "Removed – anna"."""
    return f"{outcome(decision)} – {actor(decision)}"


def outcome(decision: Decision) -> str:
    if decision.actor == Decision.SCREENING and decision.note == "failed":
        return _("Put on hold: it could not be checked")
    if decision.verb == "release" and decision.to_state == Entry.HELD:
        return _("Let go, but still held here")
    if decision.actor == Decision.PLATFORM and decision.note:
        return _("Put on hold: %(reason)s") % {"reason": decision.note}
    return _(OUTCOMES[decision.verb])


def actor(decision: Decision) -> str:
    return decision.by.name if decision.by else _(ACTORS[decision.actor])


def delivery_words(delivery: Delivery | None) -> str:
    """What is known of the delivery to the platform; None: nothing needs to be done there."""
    if delivery is None:
        return _("recorded here")
    words = {
        Delivery.RECORDED: _("recorded here"),
        Delivery.PENDING: _("waiting to be sent to the platform"),
        Delivery.DELIVERED: _("sent to the platform"),
        Delivery.TO_DO: _("recorded – to be carried out on the platform by hand"),
        Delivery.DONE: _("done on the platform"),
        Delivery.NOT_POSSIBLE: _("it cannot be done on the platform"),
        Delivery.CANCELLED: _("undone before it was sent"),
        Delivery.FAILED: _("could not be sent to the platform – given up"),
    }
    return words[delivery.state]


def _arrival(entry: Entry) -> Line:
    past, outside = _("past screening: %(why)s"), _("not on the whitelist: %(why)s")
    cover = past if entry.whitelisted else outside
    why = cover % {"why": _(REASONS[entry.whitelist_reason])}
    if entry.captured_by:
        how = _("Added by hand – %(who)s") % {"who": entry.captured_by.name}
    else:
        how = _("Came in")
    return Line(entry.received, how, why)


def _edit(revision: Revision) -> Line:
    return Line(revision.replaced, _("The author changed it"))


def _reports(entry: Entry, decisions: dict[int, Decision]) -> list[Line]:
    """The reports; also the answer of those that an earlier decision answered at once."""
    answers = Answer.select().join(Report).where(Report.entry == entry).order_by(Answer.id.desc())
    # Decisions that were made since `decisions` was read are missing there.
    known = (answer for answer in answers if answer.decision_id in decisions)
    first = {answer.report_id: decisions[answer.decision_id] for answer in known}
    lines = []
    for report in entry.reports.where(Report.reason != ""):
        who = report.reporter_name or _("somebody")
        detail = ": ".join(filter(None, (report.reason, report.note)))
        if clock.known_later(report.created, report.received):
            already = _("on the platform already %(when)s") % {"when": clock.exact(report.created)}
            detail = f"{detail} ({already})"
        lines.append(Line(report.received, _("Reported – %(who)s") % {"who": who}, detail))
        if report.withdrawn:
            gone = _("The report was withdrawn – %(who)s") % {"who": who}
            lines.append(Line(report.withdrawn, gone))
        answer = first.get(report.id)
        if answer and answer.at < report.received:  # answered at once
            before = f"{sentence(answer)}, {clock.exact(answer.at)}"
            lines.append(Line(report.received, _("Answered at once, as before"), before))
    return lines


def _delivery(delivery: Delivery) -> Line | None:
    if delivery.state == Delivery.PENDING and delivery.attempts == 0:
        return None
    at = delivery.settled or delivery.due
    assert delivery.decision is not None
    verb = outcome(delivery.decision)
    tries = ngettext("%(n)d attempt", "%(n)d attempts", delivery.attempts) % {
        "n": delivery.attempts
    }
    detail = "; ".join(filter(None, (tries if delivery.attempts else "", delivery.last_error)))
    return Line(at, f"„{verb}”: {delivery_words(delivery)}", detail)
