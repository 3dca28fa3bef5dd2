"""Screens an entry as it comes in; saves screeners."""

import hashlib
import logging
from dataclasses import replace
from datetime import datetime

from peewee import fn

import models
from console.entries.steps import mark_held, step
from console.errors import Changed, NotFound
from console.prepared import first, insert, prepared
from console.screening.builtin import builtin_screeners
from console.screening.context import context_now
from console.screening.engine import MODES, Screening, Spec
from console.screening.expand import Remark, expand_words
from console.screening.hits import Hit, holds
from console.storage import now
from console.text.folding import fold
from models import Decision, Entry, Group, Screener

log = logging.getLogger(__name__)

# The screeners as they were at a stamp, by group; put in place whole, so that threads agree.
_compiled: tuple[tuple | None, dict[int | None, Screening]] = (None, {})


def screen(entry: Entry, at: datetime) -> None:
    """Keeps what the screeners find in the entry, and holds it when one that is on found something.

    A failure never loses the entry: it is held, and says that it could not be checked.
    """
    try:
        found = screening_of(entry.group_id).run(entry.text, context_now(entry))
    except Exception:
        log.exception("entry %s could not be screened", entry.id)
        _hold(entry, at, failed=True)
        return
    for hit in found:
        _keep(entry, hit)
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


def save(new: Spec, group: Group | None = None) -> tuple[Screener, list[Remark]]:
    """Adds a screener of one group or of all, or changes the one of that id: it is then a version on.

    Words given without forms are inflected now, so that matching needs no dictionary; the remarks say
    which could not be. Invalid says what is wrong with the settings. Changed: the screener is not
    of the version any more that the new one was made from.
    """
    new, remarks = inflected(new)
    Screening([new])
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
        return Screener.create(version=new.version, **values), remarks
    same = (Screener.id == new.id) & (Screener.version == new.version)
    if not Screener.update(version=Screener.version + 1, **values).where(same).execute():
        raise Changed
    return Screener.get_by_id(new.id), remarks


def switch(screener: Screener, mode: str) -> None:
    """Turns a screener on, off, or on trial."""
    if mode not in MODES:
        raise NotFound
    other = (Screener.id == screener.id) & (Screener.mode != mode)
    Screener.update(mode=mode, version=Screener.version + 1, changed=now()).where(other).execute()


def install_builtin() -> None:
    """Gives a console without any screeners those that every console begins with."""
    if not Screener.select().exists():
        for each in builtin_screeners():
            save(each)


def inflected(new: Spec) -> tuple[Spec, list[Remark]]:
    """The same with forms for the words that came without; remarks say which could not be inflected."""
    settings, remarks = dict(new.settings), []
    for key in ("alone", "with_cue") if new.kind == "words" else ():
        bases = settings.get(key, {})
        forms, more = expand_words([base for base, given in bases.items() if not given])
        settings[key] = {base: given or forms[base.strip()] for base, given in bases.items()}
        remarks += more
    return replace(new, settings=settings), list(dict.fromkeys(remarks))


def fingerprint(text: str) -> str:
    """The same for texts that fold to the same: case, marks and spacing do not count."""
    folded = " ".join(fold(text).split())
    return hashlib.blake2b(folded.encode(errors="replace"), digest_size=16).hexdigest()


@prepared
def _stamp():
    # Not the newest moment alone: the clocks of two machines may disagree.
    counted = fn.COUNT(Screener.id), fn.SUM(Screener.version), fn.MAX(Screener.changed)
    return Screener.select(*counted).tuples()


def _keep(entry: Entry, hit: Hit) -> None:
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
