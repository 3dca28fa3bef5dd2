"""What is logged, and how: above all when the database is away, full, locked or read-only.

SQLite raises the same error for a wrong query as for a full disk, so its words tell them apart.
"""

import logging
import time
from threading import Lock

from peewee import InterfaceError, OperationalError, SqliteDatabase
from playhouse.pool import MaxConnectionsExceeded

from console.storage import db

BUSY, FULL, READ_ONLY, AWAY = "busy", "full", "read-only", "away"
ERRORS = OperationalError, InterfaceError, MaxConnectionsExceeded
QUIET_SECONDS = 30  # a log line for an outage, then no other for so long
LONGEST_PAUSE = 30.0

_WORDS = {
    "locked": BUSY,
    "exceeded": BUSY,
    "too many clients": BUSY,
    "remaining connection slots": BUSY,
    "is full": FULL,
    "no space left": FULL,
    "readonly": READ_ONLY,
    "read-only": READ_ONLY,
    "unable to open": AWAY,
    "disk i/o": AWAY,
}


def kind_of(error: BaseException | None) -> str | None:
    """BUSY, FULL, READ_ONLY or AWAY; None: the error is something else.

    A transaction that SQLite has rolled back already fails once more when it is left, so the cause
    may be an earlier error.
    """
    if not isinstance(error, ERRORS):
        return None
    if "cannot rollback" in str(error):
        return kind_of(error.__context__ and error.__context__.__context__)
    words = str(error).lower()
    known = next((kind for part, kind in _WORDS.items() if part in words), None)
    return known or (None if isinstance(db.obj, SqliteDatabase) else AWAY)


class OncePerOutage(logging.Filter):
    """Of an outage each logger says one line, without a traceback; again after QUIET_SECONDS."""

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        kind = kind_of(error)
        if kind is None:
            return True
        at = time.monotonic()
        if at - self._said.get(record.name, -QUIET_SECONDS) < QUIET_SECONDS:
            return False
        self._said[record.name] = at
        reason = str(error).strip().splitlines()[0]
        record.msg, record.args = "the database is %s: %s", (kind, reason)
        record.exc_info = record.exc_text = None
        return True


# Who came in, left, and was refused. It never names a secret, nor what was typed as a name unless
# there is such a user: people type their passwords there. What others chose is written with %r.
security_log = logging.getLogger("furtka.security")


class Sparing(logging.Filter):
    """Passes at most MOST lines of a kind in so many SECONDS: strangers must not fill the disk.

    The next one after that says how many were left out.
    """

    MOST, SECONDS = 60, 60

    def __init__(self) -> None:
        super().__init__()
        self._lock = Lock()
        self._counted: dict[str, tuple[float, int]] = {}  # by kind: since when, and how many

    def filter(self, record: logging.LogRecord) -> bool:
        at = time.monotonic()
        with self._lock:
            since, number = self._counted.get(record.msg, (at, 0))
            is_over = at - since >= self.SECONDS
            self._counted[record.msg] = (at, 1) if is_over else (since, number + 1)
        if is_over and number > self.MOST:
            record.msg = f"{record.getMessage()} ({number - self.MOST} like it were left out)"
            record.args = ()
        return is_over or number < self.MOST


def set_up_logging() -> None:
    """Sends all log records to standard error, those of outages once."""
    handler = logging.StreamHandler()
    handler.addFilter(OncePerOutage())
    security_log.setLevel(logging.INFO)
    security_log.addFilter(Sparing())
    logging.basicConfig(
        format="%(asctime)s %(name)s %(levelname)s %(message)s",
        datefmt="%Y-%m-%dT%H:%M:%S%z",  # with the zone: an hour of October comes twice
        handlers=[handler],
    )
