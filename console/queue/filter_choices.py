"""The filters of the lists, with their names: those in force, and those to choose from."""

from typing import NamedTuple

from peewee import fn

from console.entries.names import TOPIC_NAMES
from console.groups import unit_kinds
from console.language import N_, _
from console.queue.criteria import ANY_UNIT, RESIDENT, Criteria, day_of
from console.text.names import shown_name
from models import Group, Rule, Screener

AUTHOR_KIND_NAMES = {
    RESIDENT: N_("Without a unit"),
    ANY_UNIT: N_("All units"),
    **unit_kinds.UNIT_KIND_NAMES,
}
AGE_NAMES = {
    "1h": N_("last hour"),
    "24h": N_("last 24 hours"),
    "7d": N_("last 7 days"),
    "30d": N_("last 30 days"),
    "old1h": N_("more than an hour ago"),
    "old24h": N_("more than 24 hours ago"),
    "old7d": N_("more than 7 days ago"),
}


class Chip(NamedTuple):
    """A filter in force, and the criteria without it."""

    label: str
    rest: Criteria


class Choices(NamedTuple):
    """The choices of each filter: (value, name)."""

    kinds: list[tuple[str, str]]
    ages: list[tuple[str, str]]
    screeners: list[tuple[int, str]]
    rules: list[tuple[str, str]]
    topics: list[tuple[str, str]]


def chips(
    criteria: Criteria, names: dict[str, str | None], group: Group | None = None
) -> list[Chip]:
    """The filters in force; `names` are those of the page."""
    unknown = _("unknown")
    author = names.get("author")
    labels = {
        "group": _("Group: %(name)s") % {"name": group.name} if group else "",
        "kind": criteria.kind
        and _("Author: %(name)s") % {"name": _(AUTHOR_KIND_NAMES[criteria.kind])},
        "screener": _("Screener: “%(name)s”") % {"name": names.get("screener") or unknown},
        "rule": _("Rule: %(name)s") % {"name": names.get("rule") or unknown},
        "age": criteria.age and _("When: %(age)s") % {"age": _(AGE_NAMES[criteria.age])},
        "published_from": criteria.published_from
        and _("Published from: %(day)s") % {"day": _shown(criteria.published_from)},
        "published_to": criteria.published_to
        and _("Published to: %(day)s") % {"day": _shown(criteria.published_to)},
        "topic": criteria.topic and _("Topic: %(name)s") % {"name": _(TOPIC_NAMES[criteria.topic])},
        "author": _("Author: %(name)s") % {"name": shown_name(author) if author else unknown},
    }
    return [
        Chip(label, criteria.without(name))
        for name, label in labels.items()
        if getattr(criteria, name)
    ]


def _shown(day: str) -> str:
    """A day as people write it; an impossible one as it was written."""
    known = day_of(day)
    return known.strftime("%d.%m.%Y") if known else day


def choices(groups: list[Group]) -> Choices:
    """All choices; screeners and rules only of these groups."""
    ids = [group.id for group in groups]
    here = Screener.group.is_null() | Screener.group.in_(ids)
    screeners = Screener.select(Screener.id, Screener.name).where(here).order_by(Screener.name)
    rules = Rule.select(Rule.code, fn.MIN(Rule.name)).where(Rule.group.in_(ids))
    rules = rules.group_by(Rule.code).order_by(fn.MIN(Rule.position), Rule.code)
    return Choices(
        kinds=[(kind, _(words)) for kind, words in AUTHOR_KIND_NAMES.items()],
        ages=[(age, _(words)) for age, words in AGE_NAMES.items()],
        screeners=list(screeners.tuples().iterator()),
        rules=list(rules.tuples().iterator()),
        topics=[(topic, _(words)) for topic, words in TOPIC_NAMES.items()],
    )
