"""Only for what every page, decision or message passes: lists, cards, session, access, intake.

To write a query's SQL costs peewee several times what SQLite needs to answer it (docs/performance.md).
`prepared` keeps the text of such a query and only changes its parameters; `insert` does so for the
rows that a message or a step writes. Everywhere else peewee is called as usual. This module uses
private names of peewee, whose version is pinned.
"""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache, partial, wraps
from typing import Any, TypeVar

from peewee import ROW, BooleanField, DateTimeField, Field, JSONField, Node, Value

from console.storage import InstantField, R, Row, db

T = TypeVar("T")
_INSTANT = InstantField()


class _Slot:
    """Stands for a parameter while the SQL is worked out."""


def prepared(build: Callable[..., Any]) -> Callable[..., Iterator[Any]]:
    """Makes a function that builds a select into one that runs it with the arguments it is given.

    Each argument is a parameter of the SQL, or a list of them for IN. What the query depends on
    otherwise must not come in as an argument. Returns the rows.
    """
    texts: dict[tuple, tuple] = {}
    makers: dict[tuple, Callable[[tuple], Any]] = {}

    @wraps(build)
    def run(*given):
        arguments = [_padded(a) if isinstance(a, list) else a for a in given]
        flat = [v for a in arguments for v in (a if isinstance(a, list) else (a,))]
        shape = type(db.obj), *(len(a) if isinstance(a, list) else None for a in arguments)
        if shape not in texts:
            texts[shape] = _worked_out(build, arguments)
        query, sql, parameters = texts[shape]
        values = [flat[p] if is_slot else p for is_slot, p in parameters]
        cursor = db.execute_sql(sql, [_stored(value) for value in values])
        if shape not in makers:
            makers[shape] = _maker(query, cursor)
        return map(makers[shape], cursor.fetchall())

    return run


def _padded(values: list) -> list:
    """To the next power of two, with the last one again: so that few lengths need a text."""
    missing = (1 << (len(values) - 1).bit_length()) - len(values)
    return values + values[-1:] * missing if values else values


def first(rows: Iterator[T]) -> T | None:
    return next(rows, None)


def _worked_out(build, arguments):
    slots: list[_Slot] = []

    def slot() -> Value:
        slots.append(_Slot())
        return Value(slots[-1], converter=False)

    query = build(*([slot() for _ in a] if isinstance(a, list) else slot() for a in arguments))
    sql, parameters = query.sql()
    places = {id(each): number for number, each in enumerate(slots)}
    return query, sql, [(id(p) in places, places.get(id(p), p)) for p in parameters]


def _maker(query: Any, cursor: Any) -> Callable[[tuple], Any]:
    """Of a row makes a model, as peewee does, or a tuple, of which only few columns differ."""
    if query._row_type == ROW.TUPLE:
        columns = [(n, c) for n, c in enumerate(query._returning) if _differs(c)]
        return partial(_converted, [(n, column.python_value) for n, column in columns])
    wrapper = query._get_cursor_wrapper(cursor)
    wrapper.initialize()  # it finds out which column goes where: longer than most queries take
    wrapper.cursor = None
    return wrapper.process_row


def _differs(column: Node) -> bool:
    return isinstance(column, (BooleanField, DateTimeField, JSONField))


def _converted(differing: list, row: tuple) -> tuple:
    if not differing:
        return row
    values = list(row)
    for number, convert in differing:
        if values[number] is not None:
            values[number] = convert(values[number])
    return tuple(values)


def _stored(value: Any) -> Any:
    return _INSTANT.db_value(value) if isinstance(value, datetime) else value


def insert(model: type[R], **values: Any) -> R:
    """`model.create(**values)`, with the SQL worked out once."""
    row = model(**values)
    sql, fields = _insert(type(db.obj), model)  # type: ignore[arg-type]  # models are hashable
    cursor = db.execute_sql(
        sql, [_in_column(field, row.__data__.get(field.name)) for field in fields]
    )
    row.id = cursor.fetchone()[0] if db.returning_clause else cursor.lastrowid
    row._dirty.clear()  # type: ignore[attr-defined]  # private
    return row


def _in_column(field: Field, value: Any) -> Any:
    return json.dumps(value) if isinstance(field, JSONField) else field.db_value(value)


@cache
def _insert(_dialect: type, model: type[Row]) -> tuple[str, list[Field]]:
    slots = {_Slot(): field for field in model._meta.sorted_fields if field is not model.id}
    query = model.insert({field: Value(slot, converter=False) for slot, field in slots.items()})
    sql, parameters = (query.returning(model.id) if db.returning_clause else query).sql()
    return sql, [slots[slot] for slot in parameters]
