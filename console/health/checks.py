"""Whether all that the console consists of works: what a monitor asks, and what it is told."""

import logging
import shutil
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from peewee import fn

from console import config, outages
from console.background import huey
from console.db import file_of
from console.health.beats import Kept, Worker, last
from console.storage import InstantField, db, now
from models import Beat, Delivery

log = logging.getLogger(__name__)

# Beyond these somebody must look. A receiver that is down is none of it: its deliveries are not due.
DUE_FOR = timedelta(minutes=15)
WAITING_TASKS = 100  # two are added a minute
FREE_BYTES = 500 * 1000**2
BACKUP_AGE = timedelta(days=2)  # of the last one, where there ever was one


class Health(NamedTuple):
    problems: list[str]  # keys of `seen`
    seen: dict[str, Any]

    @property
    def is_well(self) -> bool:
        return not self.problems


def look() -> Health:
    """Asks the database four short questions. Does not raise when it is away."""
    seen: dict[str, Any] = {"version": config.version()}
    problems = [*_disk(seen)]
    try:
        with db.connection_context():
            problems += [*_worker(seen), *_outbox(seen, now()), *_tasks(seen), *_backup(seen)]
        seen["database"] = "ok"
    except outages.ERRORS as error:
        log.error("the check of health", exc_info=error)
        seen["database"] = outages.kind_of(error) or "error"
        problems.append("database")
    return Health(problems, seen)


def _worker(seen: dict[str, Any]) -> list[str]:
    worker = Worker(last(Beat.WORKER))
    seen["worker"] = {"last_beat": _iso(worker.last_beat)}
    return ["worker"] if worker.is_silent else []


def _outbox(seen: dict[str, Any], at: datetime) -> list[str]:
    due = Delivery.select(fn.COUNT(Delivery.id), fn.MIN(Delivery.due))
    number, oldest = due.where(Delivery.pending(), Delivery.due <= at).scalar(as_tuple=True)
    oldest = InstantField().python_value(oldest)
    seen["outbox"] = {"due": number, "oldest": _iso(oldest)}
    return ["outbox"] if oldest and at - oldest > DUE_FOR else []


def _tasks(seen: dict[str, Any]) -> list[str]:
    seen["tasks"] = {"waiting": huey.pending_count()}
    return ["tasks"] if seen["tasks"]["waiting"] > WAITING_TASKS else []


def _backup(seen: dict[str, Any]) -> list[str]:
    made = last(Beat.BACKUP)
    seen["backup"] = {"last": _iso(made)}
    return ["backup"] if made and now() - made > BACKUP_AGE else []


def _disk(seen: dict[str, Any]) -> list[str]:
    file = file_of(config.settings().database_url)
    free = shutil.disk_usage(file.parent if file else config.ROOT).free
    seen["disk"] = {"free_bytes": free}
    return ["disk"] if free < FREE_BYTES else []


def _iso(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None


health = Kept(look)
