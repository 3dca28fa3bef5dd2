"""Searches the decisions of all groups, for administrators."""

from datetime import timedelta
from typing import NamedTuple

from console import clock
from console.entries.names import ACTORS
from console.queue.criteria import day_of
from console.queue.trail import decisions_with_people, with_rules
from models import Decision, Group, Rule, User, Violation

PAGE = 100


class Filter(NamedTuple):
    """What to search for; "" means any. `person` is a user's id or one of ACTORS."""

    group: str = ""
    person: str = ""
    verb: str = ""
    rule: str = ""
    day: str = ""

    @property
    def wrong_day(self) -> str:
        """The day, as it was written, when there is none such; else ""."""
        return self.day if self.day and day_of(self.day) is None else ""


def all_decisions(criteria: Filter, before: int | None) -> list[Decision]:
    """The newest PAGE + 1 decisions, each with its entry, author, group, user and rules.

    before  the id of the last decision of the page before (keyset pagination)
    """
    if criteria.wrong_day:
        return []
    query = decisions_with_people().order_by(Decision.id.desc()).limit(PAGE + 1)
    if criteria.group:
        query = query.where(Group.slug == criteria.group)
    if criteria.person in ACTORS:
        query = query.where(Decision.actor == criteria.person)
    elif criteria.person:
        chosen = User.select(User.id).where(User.id.cast("text") == criteria.person)
        query = query.where(Decision.by.in_(chosen))
    if criteria.verb:
        query = query.where(Decision.verb == criteria.verb)
    if criteria.rule:
        tagged = Violation.select(Violation.tagged).join(Rule).where(Rule.code == criteria.rule)
        query = query.where(Decision.id.in_(tagged))
    if day := day_of(criteria.day):
        start = clock.starts_at(day)
        end = clock.starts_at(day + timedelta(days=1))
        query = query.where(Decision.at >= start, Decision.at < end)
    if before:
        query = query.where(Decision.id < before)
    return with_rules(query)
