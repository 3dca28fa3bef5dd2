"""Screens an entry as it comes in; saves screeners."""

import hashlib
import logging
from dataclasses import replace
from datetime import datetime, timedelta

from peewee import fn

from console.prepared import first, insert, prepared
from console.queue.steps import step
from console.screening.delivered import delivered
from console.screening.engine import Context, Found, Recent, Screening, Spec, holds
from console.screening.expand import expand_words
from console.screening.folding import fold
from models import Decision, Entry, Group, Match, Screener, now

log = logging.getLogger(__name__)

# How far back a repeated text is looked for, and in how many entries.
LOOK_BACK_HOURS, LOOK_AT = 72, 20

# The screeners as they were at a stamp, by group; put in place whole, so that threads agree.
_compiled: tuple[tuple, dict[int | None, Screening]] = ((), {})


def screen(entry: Entry, at: datetime) -> None:
    """Keeps what the screeners find in the entry, and holds it when one that is on found something.

    A failure never loses the entry: it is held, and says that it could not be checked.
    """
    try:
        found = screening_of(entry.group_id).run(entry.text, _context(entry))
    except Exception:
        log.exception("entry %s could not be screened", entry.id)
        _hold(entry, at, failed=True)
        return
    for match in found:
        _keep(entry, match)
    if holds(found) and entry.is_published:
        _hold(entry, at)


def screening_of(group_id: int | None) -> Screening:
    """The group's screeners, compiled; kept until one of them is changed."""
    global _compiled
    now_stamp, (stamp, of_group) = first(_stamp()), _compiled
    if now_stamp != stamp:
        of_group = {}
        _compiled = now_stamp, of_group
    if group_id not in of_group:
        mine = Screener.group.is_null() | (Screener.group == group_id)
        of_group[group_id] = Screening([spec(s) for s in Screener.select().where(mine)])
    return of_group[group_id]


def spec(screener: Screener) -> Spec:
    return Spec(
        id=screener.id,
        name=screener.name,
        kind=screener.kind,
        mode=screener.mode,
        version=screener.version,
        rule=screener.rule,
        settings=screener.settings,
    )


def save(new: Spec, group: Group | None = None) -> tuple[Screener, list[str]]:
    """Adds a screener, or changes the one of that id: it is then a version on.

    Words given without forms are inflected now, so that matching needs no dictionary; the notes say
    which could not be. ValueError says what is wrong with the settings.
    """
    settings, notes = _inflected(new)
    Screening([replace(new, settings=settings)])
    values = {"name": new.name, "kind": new.kind, "mode": new.mode, "rule": new.rule}
    values |= {"settings": settings, "changed": now()}
    if new.id is None:
        return Screener.create(group=group, version=new.version, **values), notes
    Screener.update(version=Screener.version + 1, **values).where(Screener.id == new.id).execute()
    return Screener.get_by_id(new.id), notes


def deliver() -> None:
    """Gives a console without any screeners those that every console begins with."""
    if not Screener.select().exists():
        for each in delivered():
            save(each)


def _inflected(new: Spec) -> tuple[dict, list[str]]:
    settings, notes = dict(new.settings), []
    for key in ("alone", "with_cue") if new.kind == "words" else ():
        bases = settings.get(key, {})
        forms, remarks = expand_words([base for base, given in bases.items() if not given])
        settings[key] = {base: given or forms[base.strip()] for base, given in bases.items()}
        notes += remarks
    return settings, list(dict.fromkeys(notes))


def fingerprint(text: str) -> str:
    """The same for texts that fold to the same: case, marks and spacing do not count."""
    folded = " ".join(fold(text).split())
    return hashlib.blake2b(folded.encode(errors="replace"), digest_size=16).hexdigest()


def _context(entry: Entry) -> Context:
    before = list(_by_author(entry.profile_id, entry.id))
    long_ago = entry.created - timedelta(hours=LOOK_BACK_HOURS)
    alike = _same_text(entry.group_id, entry.fingerprint, long_ago, entry.profile_id)

    def recent(rows, same_author: bool) -> list[Recent]:
        ages = ((text, (entry.created - created).total_seconds() / 3600) for text, created in rows)
        return [Recent(text, abs(age), same_author) for text, age in ages]

    return Context(
        links=tuple(entry.links),
        earlier_posts=len(before),
        recent=tuple(recent(before, True) + recent(alike, False)),
    )


@prepared
def _stamp():
    return Screener.select(fn.COUNT(Screener.id), fn.MAX(Screener.changed)).tuples()


@prepared
def _by_author(profile_id, entry_id):
    others = (Entry.profile == profile_id) & (Entry.id != entry_id)
    texts = Entry.select(Entry.text, Entry.created).where(others)
    return texts.order_by(Entry.created.desc()).limit(LOOK_AT).tuples()


@prepared
def _same_text(group_id, fingerprint, since, profile_id):
    alike = (Entry.group == group_id) & (Entry.fingerprint == fingerprint) & (Entry.created > since)
    texts = Entry.select(Entry.text, Entry.created).where(alike, Entry.profile != profile_id)
    return texts.limit(LOOK_AT).tuples()


def _keep(entry: Entry, found: Found) -> None:
    insert(
        Match,
        entry=entry,
        screener=found.screener_id,
        screener_version=found.version,
        mode=found.mode,
        start=found.start,
        end=found.end,
        form=found.form,
        base=found.base,
        cue=found.cue,
    )


def _hold(entry: Entry, at: datetime, failed: bool = False) -> None:
    if not entry.is_published:
        return
    entry.held_since, entry.urgency = at, 0
    entry.held_by = Decision.SCREENING
    entry.held_reason = "failed" if failed else ""
    entry.save(only=[Entry.held_since, Entry.urgency, Entry.held_by, Entry.held_reason])
    step(entry, "hold", Entry.HELD, actor=Decision.SCREENING, at=at, note=entry.held_reason)
