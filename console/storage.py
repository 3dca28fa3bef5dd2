"""What the schema in models.py is made with: the database, rows, moments, partial indexes and locks."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TypeVar

from peewee import AutoField, DatabaseProxy, DateTimeField, Expression, Field, Model, ModelSelect

db = DatabaseProxy()

R = TypeVar("R", bound="Row")


def is_postgres() -> bool:
    return bool(db.for_update)


def now() -> datetime:
    return datetime.now(UTC)


def locked(query: ModelSelect[R], *, skip_locked: bool = False) -> ModelSelect[R]:
    """The rows stay as they are until the transaction ends; SQLite has locked all of them anyway."""
    return query.for_update(skip_locked=skip_locked) if is_postgres() else query


class InstantField(DateTimeField):
    """A moment: an aware datetime in UTC; text of one width on SQLite, so that it sorts as time."""

    field_type = "TIMESTAMPTZ"

    def db_value(self, value):
        if isinstance(value, datetime):
            return value.astimezone(UTC).isoformat(" ", "microseconds")
        return value

    def python_value(self, value):
        if isinstance(value, str):
            value = datetime.fromisoformat(value)
        return value and value.astimezone(UTC)


class Row(Model):
    """What every table has."""

    id = AutoField()

    class Meta:
        database = db
        legacy_table_names = False


def partial_index(name: str, *fields: Field, where: Expression) -> None:
    """An index of only those rows; it is used where a query shows the same literal condition."""
    model = fields[0].model
    model.add_index(model.index(*fields, where=where, name=name))
