"""The database, and the building blocks of models.py: base model, timestamps, indexes and locks."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TypeVar

from peewee import (
    AutoField,
    DatabaseProxy,
    DateTimeField,
    Expression,
    Field,
    Model,
    ModelSelect,
    Ordering,
    Value,
)

db = DatabaseProxy()

BATCH = 500  # rows deleted at once
NO_KEY = "FOR NO KEY UPDATE"
PAUSE_SECONDS = 0.02  # for whoever waits to write

R = TypeVar("R", bound="Row")


def is_postgres() -> bool:
    return bool(db.for_update)


def now() -> datetime:
    return datetime.now(UTC)


def locked(query: ModelSelect[R], *, skip_locked: bool = False) -> ModelSelect[R]:
    """Locks the rows on PostgreSQL. SQLite has one writer, so its rows are locked anyway.

    Not FOR UPDATE, for which a row that only refers to one of these would wait: the worker, which
    tells of a delivery, and a decision on its entry would wait for each other (deadlock).
    """
    if not is_postgres():
        return query
    return query.for_update(NO_KEY, skip_locked=skip_locked)  # type: ignore[arg-type]  # its stub


class InstantField(DateTimeField):
    """An aware datetime in UTC. On SQLite it is text of fixed width, which sorts as time."""

    field_type = "TIMESTAMPTZ"

    def db_value(self, value):
        if isinstance(value, datetime):
            return value.astimezone(UTC).isoformat(" ", "microseconds")
        return value

    def python_value(self, value):
        if isinstance(value, str):
            return datetime.fromisoformat(value)  # as db_value wrote it, in UTC
        return value and value.astimezone(UTC)


def moment(at: datetime | None) -> Value:
    """The moment as a column holds it, to be compared with an expression."""
    return Value(at, converter=InstantField().db_value)


class Row(Model):
    """The base of all models."""

    id = AutoField()

    class Meta:
        database = db
        legacy_table_names = False


def delete_in_batches(model: type[Row], *where: Expression) -> int:
    """Deletes what meets the conditions, in transactions so short that others write in between."""
    oldest = model.select(model.id).where(*where).order_by(model.id).limit(BATCH)
    total = 0
    while number := model.delete().where(model.id.in_(oldest)).execute():
        total += number
        time.sleep(PAUSE_SECONDS)
    return total


def partial_index(name: str, *fields: Field | Ordering, where: Expression) -> None:
    """Indexes only the rows under a condition.

    The planner uses it only for queries that contain that condition literally, without parameters.
    """
    first = fields[0]
    model = (first.node if isinstance(first, Ordering) else first).model
    model.add_index(model.index(*fields, where=where, name=name))
