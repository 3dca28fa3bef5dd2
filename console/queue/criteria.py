"""What is looked for: as the page's address says it, and each filter as the set of its entries."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from functools import reduce
from operator import or_
from typing import NamedTuple

from peewee import CompoundSelectQuery, Expression, Field, ModelSelect, Select, SelectBase, fn

from console.entries import search_index
from console.storage import db
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
    """What is looked for. `group` is only carried along; the caller says which groups may be seen."""

    q: str = ""
    group: str = ""
    kind: str = ""  # of the author's unit
    screener: int | None = None
    rule: str = ""
    age: str = ""  # since it came into the list; in "all", since it came in
    author: int | None = None

    @classmethod
    def parse(cls, args: Mapping[str, str]) -> Criteria:
        """From a page's address; what makes no sense there is left out."""
        said = {name: args.get(name, "").strip() for name in cls._fields}
        kind, age = said["kind"], said["age"]
        return cls(
            q=said["q"][: search_index.LONGEST_QUERY],
            group=said["group"],
            kind=kind if kind in AUTHOR_KINDS else "",
            screener=_id(said["screener"]),
            rule=said["rule"][:255],
            age=age if age in YOUNGER or age in OLDER else "",
            author=_id(said["author"]),
        )

    @property
    def is_empty(self) -> bool:
        return self._replace(group="") == Criteria()

    @property
    def is_unsearchable(self) -> bool:
        """Something is asked for, but there is no word in it."""
        return bool(self.q) and not search_index.is_searchable(self.q)

    def args(self) -> dict[str, str | int]:
        """For the page's address."""
        return {name: value for name, value in self._asdict().items() if value}

    def without(self, *names: str) -> Criteria:
        return self._replace(**{name: self._field_defaults[name] for name in names})


def sets(criteria: Criteria) -> list[SelectBase]:
    """The entries of each filter. Residents are no set: most are, so they are known by the profile."""
    sets: list[SelectBase] = []
    if criteria.author:
        sets.append(Entry.select(Entry.id).where(Entry.profile == criteria.author))
    if criteria.screener:
        sets.append(_matched(Hit.screener == criteria.screener))
    if criteria.rule:
        sets.append(_broke(criteria.rule))
    if criteria.kind and criteria.kind != RESIDENT:
        sets.append(Entry.select(Entry.id).where(Entry.profile.in_(_profiles(criteria.kind))))
    return sets


def by_resident() -> Expression:
    return Entry.profile.not_in(_profiles(ANY_UNIT))


def _profiles(kind: str) -> ModelSelect[Profile]:
    units = Profile.select(Profile.id).join(Unit)
    return units if kind == ANY_UNIT else units.where(Unit.kind == kind)


def _matched(by: Expression) -> ModelSelect[Hit]:
    """What these screeners found in an entry's text as it is now, on or on trial."""
    return Hit.select(Hit.entry).where(by, Hit.revision.is_null())


def _broke(code: str) -> CompoundSelectQuery:
    """What is tagged with the rule, or what a screener suggests it for."""
    rules = Rule.select(Rule.id).where(Rule.code == code)
    tagged = Violation.select(Violation.entry)
    tagged = tagged.where(Violation.rule.in_(rules), Violation.untagged.is_null())
    screeners = Screener.select(Screener.id).where(Screener.rule == code)
    return tagged.union_all(_matched(Hit.screener.in_(screeners)))


def names_of(criteria: Criteria, group_ids: list[int] | None) -> dict[str, Select]:
    """Selects what the filters are called, as far as these groups have them."""

    def mine(group: Field, *other: Expression) -> list[Expression]:
        return [] if group_ids is None else [reduce(or_, other, group.in_(group_ids))]

    names: dict[str, Select] = {}
    if criteria.screener:
        where = mine(Screener.group, Screener.group.is_null())
        names["screener"] = Screener.select(Screener.name).where(
            Screener.id == criteria.screener, *where
        )
    if criteria.rule:
        names["rule"] = Rule.select(fn.MIN(Rule.name)).where(
            Rule.code == criteria.rule, *mine(Rule.group)
        )
    if criteria.author:
        names["author"] = Profile.select(Profile.name).where(
            Profile.id == criteria.author, *mine(Profile.group)
        )
    return names


def called(names: dict[str, Select]) -> tuple:
    return next(iter(Select(columns=list(names.values())).bind(db).tuples())) if names else ()


def _id(text: str) -> int | None:
    return int(text) if re.fullmatch("[1-9][0-9]{0,8}", text) else None
