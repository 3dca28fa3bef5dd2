"""Screens incoming entries; saves screeners."""

import hashlib
import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from peewee import fn

import models
from console.audit import record
from console.entries.steps import mark_held, step
from console.errors import Changed, NotFound
from console.prepared import first, insert, prepared
from console.screening.builtin import builtin_screeners
from console.screening.context import context_now
from console.screening.engine import MODES, Context, Screening, Spec, in_order
from console.screening.expand import Remark, expand_words
from console.screening.hits import Hit, holds
from console.screening.reading import Reading
from console.storage import db, now
from console.text.folding import fold
from models import Decision, Entry, Group, Screener, User

log = logging.getLogger(__name__)

# (version of all screeners, {group's id: compiled screeners}), replaced as one for other threads.
_compiled: tuple[tuple | None, dict[int | None, Screening]] = (None, {})
_damaged: tuple[tuple | None, set[int]] = (None, set())


class Prescreened(NamedTuple):
    """What the pure screeners found in a text, before the transaction that takes it in."""

    screening: Screening
    reading: Reading
    hits: list[Hit]


def prescreen(group_id: int, text: str, links: Iterable[str]) -> Prescreened | None:
    """Runs the screeners that take their time on a hostile text, while nobody waits for a lock.

    None: that failed. `screen` does it again, and says so; likewise where the screeners that are
    taken here, without asking the database, have changed.
    """
    try:
        screening = _compiled[1].get(group_id) or screening_of(group_id)
        reading = Reading(text, Context(tuple(links)))
        return Prescreened(screening, reading, screening.run_pure(reading))
    except Exception:
        return None


def screen(entry: Entry, at: datetime, prescreened: Prescreened | None = None) -> None:
    """Stores the screeners' hits in the entry, and holds it if a hit is of a screener that is on.

    If screening fails, the entry is held with the reason "failed". `prescreened` is used where
    neither the text nor the screeners have changed since.
    """
    try:
        hits = _hits(entry, prescreened)
    except Exception:
        log.exception("entry %s could not be screened", entry.id)
        _hold(entry, at, failed=True)
        return
    for hit in hits:
        _store(entry, hit)
    if holds(hits) and entry.is_published:
        _hold(entry, at)


def _hits(entry: Entry, prescreened: Prescreened | None) -> list[Hit]:
    screening, context = screening_of(entry.group_id), context_now(entry)
    if prescreened and _is_of(prescreened, screening, entry):
        reading, hits = prescreened.reading, prescreened.hits
        reading.context = context
    else:
        reading = Reading(entry.text, context)
        hits = screening.run_pure(reading)
    return in_order(hits + screening.run_in_context(reading))


def _is_of(prescreened: Prescreened, screening: Screening, entry: Entry) -> bool:
    reading = prescreened.reading
    read = reading.text, reading.context.links
    return prescreened.screening is screening and read == (entry.text, tuple(entry.links))


def screening_of(group_id: int | None) -> Screening:
    """The group's screeners, compiled; cached until any screener changes. None: those of all groups."""
    global _compiled
    version_now, (version, by_group) = first(_version_of_screeners()), _compiled
    if version_now != version:
        by_group = {}
        _compiled = version_now, by_group
    if group_id not in by_group:
        by_group[group_id] = _compiled_for(group_id)
    return by_group[group_id]


def _compiled_for(group_id: int | None) -> Screening:
    """All screeners of the group that can be read: a damaged one must not stop the others."""
    mine = Screener.group.is_null() | (Screener.group == group_id)
    try:
        return Screening([spec(screener) for screener in Screener.select().where(mine)])
    except Exception:
        ids = set(Screener.select(Screener.id).where(mine).tuples().iterator())
        usable = [found for (id,) in sorted(ids) if (found := readable(id))]
        left_out = {id for (id,) in ids} - {each.id for each in usable}
        log.error("damaged screeners are left out: %s", sorted(left_out))
        return Screening(usable)


def damaged() -> set[int]:
    """The ids of the screeners that cannot be run as they are stored."""
    global _damaged
    version_now, (version, found) = first(_version_of_screeners()), _damaged
    if version_now != version:
        try:
            Screening([replace(spec(each), mode=Screener.ON) for each in Screener.select()])
            found = set()
        except Exception:
            ids = list(Screener.select(Screener.id).tuples().iterator())
            found = {id for (id,) in ids if readable(id) is None}
        _damaged = version_now, found
    return found


def readable(id: int) -> Spec | None:
    """The definition of a screener; None when it is damaged, so that it cannot be run."""
    try:
        found = spec(Screener.get_by_id(id))
        Screening([replace(found, mode=Screener.ON)])
    except Exception:
        return None
    return found


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


def save(
    new: Spec, group: Group | None = None, *, by: User | None = None
) -> tuple[Screener, list[Remark]]:
    """Adds a screener, or changes the one with the id of `new`. None for the group means all groups.

    Words without forms are inflected; the remarks name those that could not be. Raises Invalid when
    the settings cannot be used, Changed when `new.version` is not the stored one (optimistic lock).
    """
    new, remarks = inflected(new)
    Screening([new])
    with db.atomic():
        screener = _write(new, group)
        act = "screener.added" if new.id is None else "screener.changed"
        record(by, act, new.name, new.mode)
    return screener, remarks


def _write(new: Spec, group: Group | None = None) -> Screener:
    values = {
        "name": new.name,
        "kind": new.kind,
        "mode": new.mode,
        "rule": new.rule,
        "settings": new.settings,
        "group": group,
        "changed": now(),
    }
    if new.id is None:
        return Screener.create(version=new.version, **values)
    same = (Screener.id == new.id) & (Screener.version == new.version)
    if not Screener.update(version=Screener.version + 1, **values).where(same).execute():
        raise Changed
    return Screener.get_by_id(new.id)


def switch(screener: Screener, mode: str, *, by: User | None = None) -> None:
    """Turns a screener on, off, or on trial."""
    if mode not in MODES:
        raise NotFound
    other = (Screener.id == screener.id) & (Screener.mode != mode)
    switched = Screener.update(mode=mode, version=Screener.version + 1, changed=now()).where(other)
    with db.atomic():
        if switched.execute():
            record(by, "screener.switched", screener.name, mode)


def install_builtin() -> None:
    """Adds the built-in screeners, unless there are screeners already: that is nobody's act."""
    if not Screener.select().exists():
        for builtin in builtin_screeners():
            _write(inflected(builtin)[0])


def inflected(new: Spec) -> tuple[Spec, list[Remark]]:
    """Adds forms to the words without any; the remarks name those that could not be inflected."""
    settings, remarks = dict(new.settings), []
    for key in ("alone", "with_cue") if new.kind == "words" else ():
        bases = settings.get(key, {})
        forms, more = expand_words([base for base, given in bases.items() if not given])
        settings[key] = {base: given or forms[base.strip()] for base, given in bases.items()}
        remarks += more
    return replace(new, settings=settings), list(dict.fromkeys(remarks))


@lru_cache(maxsize=16)  # as in entries/search_index.py
def fingerprint(text: str) -> str:
    """A hash of the folded text: equal when only case, diacritics or spacing differ; "" of none."""
    folded = " ".join(fold(text).split())
    if not folded:
        return ""
    return hashlib.blake2b(folded.encode(errors="replace"), digest_size=16).hexdigest()


@prepared
def _version_of_screeners():
    # Not the newest time alone: the clocks of two machines may differ.
    counted = fn.COUNT(Screener.id), fn.SUM(Screener.version), fn.MAX(Screener.changed)
    return Screener.select(*counted).tuples()


def _store(entry: Entry, hit: Hit) -> None:
    insert(
        models.Hit,
        entry=entry,
        screener=hit.screener_id,
        screener_version=hit.version,
        mode=hit.mode,
        start=hit.start,
        end=hit.end,
        form=hit.form,
        base=hit.base,
        cue=hit.cue,
    )


def _hold(entry: Entry, at: datetime, failed: bool = False) -> None:
    if not entry.is_published:
        return
    reason = "failed" if failed else ""
    mark_held(entry, Decision.SCREENING, reason, at)
    step(entry, "hold", Entry.HELD, actor=Decision.SCREENING, at=at, note=reason)
