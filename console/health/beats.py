"""When the worker last said that it lives, and when the last backup was made: a row for each."""

from datetime import datetime

from console.storage import now
from models import Beat

EVERY_SECONDS = 10.0  # the worker's


def beat(name: str) -> None:
    this = Beat.insert(name=name, at=now())
    this.on_conflict(conflict_target=[Beat.name], preserve=[Beat.at]).execute()


def last(name: str) -> datetime | None:
    row = Beat.get_or_none(Beat.name == name)
    return row.at if row else None
