"""When the worker last said that it lives, and when the last backup was made: a row for each."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock
from typing import Generic, NamedTuple, TypeVar

from console.storage import now
from models import Beat

T = TypeVar("T")

EVERY_SECONDS = 10.0  # the worker's
SILENT_AFTER = timedelta(minutes=1)
KEPT_SECONDS = 5.0
PATIENCE_SECONDS = 2.0  # while another thread looks


class Kept(Generic[T]):
    """Keeps what a look brought for some seconds, so that it costs the same whoever asks."""

    def __init__(self, look: Callable[[], T]):
        self._look = look
        self._lock = Lock()
        self._value: T | None = None
        self._until = 0.0

    def get(self) -> T | None:
        """What was seen; None while the look of another thread takes too long."""
        if not self._lock.acquire(timeout=PATIENCE_SECONDS):
            return None
        try:
            if time.monotonic() >= self._until:
                self._value = self._look()
                self._until = time.monotonic() + KEPT_SECONDS
            return self._value
        finally:
            self._lock.release()

    def forget(self) -> None:
        self._until = 0.0


class Worker(NamedTuple):
    last_beat: datetime | None  # none: it has never run

    @property
    def is_silent(self) -> bool:
        return self.last_beat is None or now() - self.last_beat > SILENT_AFTER


def beat(name: str) -> None:
    this = Beat.insert(name=name, at=now())
    this.on_conflict(conflict_target=[Beat.name], preserve=[Beat.at]).execute()


def last(name: str) -> datetime | None:
    row = Beat.get_or_none(Beat.name == name)
    return row.at if row else None


worker = Kept(lambda: Worker(last(Beat.WORKER)))
