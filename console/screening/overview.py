"""Reads what the page of screeners shows: their recent hits, and the rules they can suggest."""

from __future__ import annotations

from datetime import timedelta

from peewee import ModelSelect, fn

from console.groups.builtin import BUILTIN_RULES
from console.storage import now
from models import Entry, Hit, Rule, Screener

DAYS = 7


def found_lately() -> dict[tuple[int, str], int]:
    """{(screener's id, mode): number of entries with its hits} of the last DAYS days.

    Ids grow as entries come in, so the time limit becomes a range of ids.
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
    """{code: name} of the rules of all groups, the built-in ones first."""
    rows = Rule.select(Rule.code, fn.MIN(Rule.name)).where(~Rule.retired).group_by(Rule.code)
    present: dict[str, str] = dict(rows.order_by(Rule.code).tuples().iterator())
    builtin = {code: present.pop(code, name) for code, name in BUILTIN_RULES.items()}
    return builtin | present


def all_in_order() -> list[Screener]:
    """All screeners, without settings; those for all groups first, then in the order of creation."""
    return list(without_settings().order_by(Screener.group.is_null(False), Screener.id))


def without_settings() -> ModelSelect[Screener]:
    shown = [field for field in Screener._meta.sorted_fields if field is not Screener.settings]
    return Screener.select(*shown)
