"""What the list of screeners says beside each: what it found lately, and the rules it may suggest."""

from datetime import timedelta

from peewee import fn

from console.groups.builtin import BUILTIN_RULES
from console.storage import now
from models import Entry, Hit, Rule, Screener

DAYS = 7


def found_lately() -> dict[tuple[int, str], int]:
    """{(screener's id, mode): entries} of the last days, in which it found something in that mode.

    Entries' ids grow as they come in, so the first one of those days is found from the newest
    backwards, and no index by time is needed.
    """
    before = Entry.select(Entry.id).where(Entry.received < now() - timedelta(days=DAYS))
    last_before = before.order_by(Entry.id.desc()).limit(1).scalar() or 0
    rows = (
        Hit.select(Hit.screener, Hit.mode, fn.COUNT(Hit.entry.distinct()))
        .where(Hit.entry > last_before)
        .group_by(Hit.screener, Hit.mode)
    )
    return {(screener, mode): count for screener, mode, count in rows.tuples().iterator()}


def rule_names() -> dict[str, str]:
    """{code: name} of every rule that some group has, the built-in ones first."""
    rows = Rule.select(Rule.code, fn.MIN(Rule.name)).where(~Rule.retired).group_by(Rule.code)
    present: dict[str, str] = dict(rows.order_by(Rule.code).tuples().iterator())
    builtin = {code: present.pop(code, name) for code, name in BUILTIN_RULES.items()}
    return builtin | present


def all_in_order() -> list[Screener]:
    """Those of all groups first, then as they were made."""
    return list(Screener.select().order_by(Screener.group.is_null(False), Screener.id))
