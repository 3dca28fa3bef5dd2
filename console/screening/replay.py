"""Replays: runs a screener over the newest entries, to show what it would have held.

The row holds the progress: a run continues from `checked`, and saves each step only if no other worker
has saved one meanwhile (optimistic lock). So a crash loses nothing, and two workers do no harm.
"""

import logging
from datetime import datetime, timedelta

from console.background import huey
from console.errors import Refused
from console.language import _
from console.screening.context import context_then
from console.screening.engine import Context, Screening, Spec
from console.screening.hits import Hit
from console.screening.verbs import inflected
from console.storage import db, delete_in_batches, now
from models import Decision, Entry, Group, Profile, Replay, Screener, User

log = logging.getLogger(__name__)

SIZES = (500, 2000, 10_000)
CHUNK = 100  # entries judged between two writes: the page shows each step
EXAMPLES = 20
GIVEN_UP = timedelta(hours=1)
RETENTION = timedelta(days=30)
_NEED_CONTEXT = {"repeat", "newcomer"}
_OPEN = (Replay.WAITING, Replay.RUNNING)


def begin(spec: Spec, group: Group | None, last_n: int, by: User) -> Replay:
    """Creates a replay over the newest entries of a group; None means all groups.

    Raises Refused for a size that is not in SIZES, Invalid for settings that cannot be used.
    """
    if last_n not in SIZES:
        raise Refused(_("Choose how many entries to look through."))
    spec, _remarks = inflected(spec)
    Screening([spec])
    ids = _newest(group.id if group else None, last_n)
    definition = {
        "name": spec.name,
        "kind": spec.kind,
        "rule": spec.rule,
        "settings": spec.settings,
        # For the way back to the form.
        "mode": spec.mode,
        "version": spec.version,
    }
    return Replay.create(
        screener=spec.id,
        group=group,
        by=by,
        spec=definition | {"newest": max(ids, default=0)},
        total=len(ids),
    )


@huey.task()
def run_soon(id: int) -> None:
    """Queues a replay for the worker."""
    with db.connection_context():
        if row := Replay.get_or_none(Replay.id == id):
            run(row)


def run(replay: Replay) -> None:
    """Runs the rest of a replay."""
    try:
        _go_on(replay)
    except Exception:
        log.exception("replay %s failed", replay.id)
        _end(replay, Replay.FAILED)


def unfinished() -> list[int]:
    """The ids of the replays that are not finished. Those that take too long fail."""
    of_old = Replay.state.in_(_OPEN) & (Replay.created < now() - GIVEN_UP)
    Replay.update(state=Replay.FAILED, finished=now()).where(of_old).execute()
    return [row.id for row in Replay.select(Replay.id).where(Replay.state.in_(_OPEN))]


def prune(at: datetime) -> None:
    """Deletes old replays; each holds a copy of a whole screener."""
    delete_in_batches(Replay, Replay.finished < at - RETENTION)


def screening_of_replay(replay: Replay) -> Screening:
    definition = {key: replay.spec[key] for key in ("name", "kind", "rule", "settings")}
    return Screening([Spec(id=replay.screener_id, mode=Screener.ON, version=1, **definition)])


def examples(replay: Replay) -> list[tuple[Entry, list[Hit]]]:
    """Some of the entries that it would have held, with the hits."""
    screening = screening_of_replay(replay)
    rows = _read(replay.examples)
    return [(row, screening.run(row.text, _context(replay, row))) for row in rows]


def _go_on(replay: Replay) -> None:
    screening = screening_of_replay(replay)
    ids = _newest(replay.group_id, replay.total, replay.spec["newest"])
    while replay.state in _OPEN and replay.checked < len(ids):
        part = ids[replay.checked :][:CHUNK]
        stopped = [row for row in _read(part) if screening.run(row.text, _context(replay, row))]
        if not _advance(replay, len(part), stopped):
            return  # another worker runs it
    if replay.state in _OPEN:
        _end(replay, Replay.DONE)


def _newest(group_id: int | None, count: int, up_to: int | None = None) -> list[int]:
    """The newest entries' ids, read once for a run: sorting ids is cheaper than sorting rows."""
    ids = Entry.select(Entry.id).order_by(Entry.id.desc()).limit(count)
    if group_id:
        ids = ids.where(Entry.group == group_id)
    if up_to is not None:
        ids = ids.where(Entry.id <= up_to)
    return [id for (id,) in ids.tuples().iterator()]


def _read(ids: list[int]) -> list[Entry]:
    """The entries with their authors, the newest first."""
    columns = Entry.id, Entry.text, Entry.links, Entry.created, Entry.state, Entry.fingerprint
    author = Profile.id, Profile.name, Profile.unit, Profile.nameless
    rows = Entry.select(*columns, Entry.group, Entry.profile, *author).join(Profile)
    return list(rows.where(Entry.id.in_(ids)).order_by(Entry.id.desc()))


def _advance(replay: Replay, count: int, stopped: list[Entry]) -> bool:
    """Saves one step, unless another worker did so first; whether it was saved."""
    ids = [row.id for row in stopped]
    step = {
        "state": Replay.RUNNING,
        "checked": replay.checked + count,
        "stopped": replay.stopped + len(ids),
        "stopped_released": replay.stopped_released + _released(ids),
        "stopped_units": replay.stopped_units + sum(bool(row.profile.unit_id) for row in stopped),
        "examples": (replay.examples + ids)[:EXAMPLES],
    }
    as_read = (Replay.id == replay.id) & (Replay.checked == replay.checked)
    updated = Replay.update(step).where(as_read, Replay.state.in_(_OPEN)).execute()
    if updated:
        replay.__data__.update(step)
    return bool(updated)


def _end(replay: Replay, state: str) -> None:
    ended = {"state": state, "finished": now()}
    mine = (Replay.id == replay.id) & Replay.state.in_(_OPEN)
    Replay.update(ended).where(mine).execute()
    replay.__data__.update(ended)


def _released(ids: list[int]) -> int:
    """How many of these entries staff have released."""
    released = Decision.select(Decision.entry).where(
        Decision.entry.in_(ids), Decision.actor == Decision.STAFF, Decision.verb == "release"
    )
    return Entry.select().where(Entry.id.in_(released), Entry.state == Entry.PUBLISHED).count()


def _context(replay: Replay, entry: Entry) -> Context:
    """The context when the entry came in, if the kind needs it."""
    if replay.spec["kind"] in _NEED_CONTEXT:
        return context_then(entry)
    return Context(links=tuple(entry.links))
