"""The search criteria of a list: parsed from the query string, and turned into queries."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import NamedTuple

from peewee import (
    CompoundSelectQuery,
    Expression,
    Field,
    Function,
    ModelSelect,
    Select,
    SelectBase,
    fn,
)

from console.clock import starts_at
from console.entries import search_index
from console.storage import db, moment
from models import Entry, Hit, Profile, Rule, Screener, Unit, Violation

ANY_UNIT, RESIDENT = "unit", "resident"
AUTHOR_KINDS = (RESIDENT, ANY_UNIT, *Unit.KINDS)
YOUNGER = {
    "1h": timedelta(hours=1),
    "24h": timedelta(hours=24),
    "7d": timedelta(days=7),
    "30d": timedelta(days=30),
}
OLDER = {f"old{name}": age for name, age in YOUNGER.items() if name != "30d"}


class Criteria(NamedTuple):
    """Search criteria; empty ones are not in force. `group` only names one: callers check access."""

    q: str = ""
    group: str = ""
    kind: str = ""  # of the author's unit
    screener: int | None = None
    rule: str = ""
    age: str = ""  # time in the list; in "all", time since the entry was received
    author: int | None = None
    published_from: str = ""  # a day in Warsaw, as is the next: 2026-11-25; both are included
    published_to: str = ""
    topic: str = ""

    @classmethod
    def parse(cls, args: Mapping[str, str]) -> Criteria:
        """Reads a query string; invalid values are ignored."""
        values = {name: args.get(name, "").strip() for name in cls._fields}
        kind, age, topic = values["kind"], values["age"], values["topic"]
        return cls(
            q=values["q"][: search_index.LONGEST_QUERY],
            group=values["group"],
            kind=kind if kind in AUTHOR_KINDS else "",
            screener=_id(values["screener"]),
            rule=values["rule"][:255],
            age=age if age in YOUNGER or age in OLDER else "",
            author=_id(values["author"]),
            published_from=values["published_from"][:20],
            published_to=values["published_to"][:20],
            topic=topic if topic in Entry.TOPICS else "",
        )

    @property
    def is_empty(self) -> bool:
        return self._replace(group="") == Criteria()

    @property
    def is_unsearchable(self) -> bool:
        """Whether there is a search text without a word that can be searched for."""
        return bool(self.q) and not search_index.is_searchable(self.q)

    @property
    def wrong_day(self) -> str:
        """A day that there is not, as it was written; "" when both can be used."""
        days = self.published_from, self.published_to
        return next((day for day in days if day and day_of(day) is None), "")

    def args(self) -> dict[str, str | int]:
        """The criteria as a query string's parameters."""
        return {name: value for name, value in self._asdict().items() if value}

    def without(self, *names: str) -> Criteria:
        """The criteria with these filters removed."""
        return self._replace(**{name: self._field_defaults[name] for name in names})


def filter_sets(criteria: Criteria) -> list[SelectBase]:
    """For each filter in force a query for the ids of its entries.

    There is none for residents, who write most entries: see `is_by_resident`.
    """
    sets: list[SelectBase] = []
    if criteria.author:
        sets.append(Entry.select(Entry.id).where(Entry.profile == criteria.author))
    if criteria.screener:
        sets.append(_with_hit(Hit.screener == criteria.screener))
    if criteria.rule:
        sets.append(_with_rule(criteria.rule))
    if criteria.topic:
        sets.append(Entry.select(Entry.id).where(Entry.has_topic(), Entry.topic == criteria.topic))
    if criteria.kind and criteria.kind != RESIDENT:
        sets.append(Entry.select(Entry.id).where(Entry.profile.in_(_profiles(criteria.kind))))
    return sets


def published(criteria: Criteria, created: Field | Function = Entry.created) -> list[Expression]:
    """The conditions of the days of publication, which must be possible ones."""
    first, last = day_of(criteria.published_from), day_of(criteria.published_to)
    conditions = []
    if first:
        conditions.append(created >= moment(starts_at(first)))
    if last:
        conditions.append(created < moment(starts_at(last + timedelta(days=1))))
    return conditions


def is_by_resident() -> Expression:
    return Entry.profile.not_in(_profiles(ANY_UNIT))


def _profiles(kind: str) -> ModelSelect[Profile]:
    units = Profile.select(Profile.id).join(Unit)
    return units if kind == ANY_UNIT else units.where(Unit.kind == kind)


def _with_hit(by: Expression) -> ModelSelect[Hit]:
    """Entries in whose present text these screeners have hits, on or on trial."""
    return Hit.select(Hit.entry).where(by, Hit.revision.is_null())


def _with_rule(code: str) -> CompoundSelectQuery:
    """Entries that are tagged with the rule, or for which a screener suggests it."""
    rules = Rule.select(Rule.id).where(Rule.code == code)
    tagged = Violation.select(Violation.entry)
    tagged = tagged.where(Violation.rule.in_(rules), Violation.untagged.is_null())
    screeners = Screener.select(Screener.id).where(Screener.rule == code)
    return tagged.union_all(_with_hit(Hit.screener.in_(screeners)))


def name_queries(criteria: Criteria, group_ids: list[int] | None) -> dict[str, Select]:
    """{filter: a query for the name of its value}, if these groups have it; None means all groups."""

    def of_groups(group: Field, *other: Expression) -> list[Expression]:
        return [] if group_ids is None else [reduce(or_, other, group.in_(group_ids))]

    names: dict[str, Select] = {}
    if criteria.screener:
        where = of_groups(Screener.group, Screener.group.is_null())
        names["screener"] = Screener.select(Screener.name).where(
            Screener.id == criteria.screener, *where
        )
    if criteria.rule:
        names["rule"] = Rule.select(fn.MIN(Rule.name)).where(
            Rule.code == criteria.rule, *of_groups(Rule.group)
        )
    if criteria.author:
        names["author"] = Profile.select(Profile.name).where(
            Profile.id == criteria.author, *of_groups(Profile.group)
        )
    return names


def fetch_names(names: dict[str, Select]) -> tuple:
    """Runs the queries of `name_queries` as one; returns their results."""
    return next(iter(Select(columns=list(names.values())).bind(db).tuples())) if names else ()


def day_of(text: str) -> date | None:
    """The day of a query string; None: there is no such day, or it is too far away to be meant."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1970 <= day.year < 9999 else None


def _id(text: str) -> int | None:
    return int(text) if re.fullmatch("[1-9][0-9]{0,8}", text) else None
