"""Whether all that the console consists of works: what monitors and administrators are told."""

import logging
import shutil
import time
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, NamedTuple

from peewee import fn

from console import config, outages
from console.background import huey
from console.db import file_of
from console.health import beats
from console.storage import InstantField, db, now
from models import Beat, Delivery

log = logging.getLogger(__name__)

# Beyond these somebody must look. A receiver that is down is none of it: its deliveries are not due.
SILENT_AFTER = timedelta(minutes=1)
DUE_FOR = timedelta(minutes=15)
WAITING_TASKS = 100  # two are added a minute
FREE_BYTES = 500 * 1000**2
BACKUP_AGE = timedelta(days=2)  # of the last one, where there ever was one

KEPT_SECONDS = 10.0
PATIENCE_SECONDS = 2.0  # while another thread looks


class Health(NamedTuple):
    problems: list[str]  # keys of `seen`
    seen: dict[str, Any]


class Kept:
    """Keeps what was seen for some seconds, so that it costs the same however many ask."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._until = 0.0
        self._health = Health([], {})

    def get(self) -> Health | None:
        """None while the look of another thread takes too long."""
        if not self._lock.acquire(timeout=PATIENCE_SECONDS):
            return None
        try:
            if time.monotonic() >= self._until:
                self.keep(look())
            return self._health
        finally:
            self._lock.release()

    def keep(self, health: Health) -> None:
        self._health, self._until = health, time.monotonic() + KEPT_SECONDS

    def forget(self) -> None:
        self._until = 0.0


health = Kept()


def look() -> Health:
    """Asks the database four short questions. Does not raise when it is away."""
    free = _free_bytes()
    seen: dict[str, Any] = {"version": config.version(), "disk": {"free_bytes": free}}
    problems = ["disk"] if free < FREE_BYTES else []
    try:
        with db.connection_context():
            problems += _in_database(seen, now())
        seen["database"] = "ok"
    except outages.ERRORS as error:
        log.error("the check of health", exc_info=error)
        seen["database"] = outages.kind_of(error) or "error"
        problems.append("database")
    return Health(problems, seen)


def _in_database(seen: dict[str, Any], at: datetime) -> list[str]:
    last_beat, last_backup = beats.last(Beat.WORKER), beats.last(Beat.BACKUP)
    number, oldest = _due(at)
    tasks = huey.pending_count()
    seen["worker"] = {"last_beat": last_beat}
    seen["outbox"] = {"due": number, "oldest": oldest}
    seen["tasks"] = {"waiting": tasks}
    seen["backup"] = {"last": last_backup}
    amiss = {
        "worker": last_beat is None or at - last_beat > SILENT_AFTER,
        "outbox": oldest is not None and at - oldest > DUE_FOR,
        "tasks": tasks > WAITING_TASKS,
        "backup": last_backup is not None and at - last_backup > BACKUP_AGE,
    }
    return [name for name in amiss if amiss[name]]


def _due(at: datetime) -> tuple[int, datetime | None]:
    """How many deliveries are due, and since when the first of them."""
    due = Delivery.select(fn.COUNT(Delivery.id), fn.MIN(Delivery.due))
    number, oldest = due.where(Delivery.pending(), Delivery.due <= at).scalar(as_tuple=True)
    return number, InstantField().python_value(oldest)


def _free_bytes() -> int:
    """Where the database is; on PostgreSQL, where the console is."""
    file = file_of(config.settings().database_url)
    try:
        return shutil.disk_usage(file.parent if file else config.ROOT).free
    except OSError:  # the disk itself is away
        return 0
