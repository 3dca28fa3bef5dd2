"""Fills an empty console with any number of entries, in one transaction and without the verbs.

Through the verbs a million entries would take half an hour. bench/rows.py makes the rows as the
verbs would have left them.
"""

from bench.rows import Rows
from console.storage import db

BATCH = 10_000
QUICK = {"foreign_keys": 0, "synchronous": 0, "journal_mode": "off", "cache_size": -400_000}


def fill(count: int) -> None:
    """Adds that many entries, with everything that belongs to them."""
    usual = {name: _pragma(name) for name in QUICK}
    for name, value in QUICK.items():
        _pragma(name, value)
    rows = Rows(count)
    with db.atomic():
        indexes = _drop_indexes()
        _insert("profile", rows.profiles())
        for start in range(0, count, BATCH):
            for number in range(start + 1, min(start + BATCH, count) + 1):
                rows.entry(number)
            for table, waiting in rows.taken().items():
                _insert(table, waiting)
        for sql in indexes:
            db.execute_sql(sql)
    for name, value in usual.items():
        _pragma(name, value)
    assert not db.execute_sql("PRAGMA foreign_key_check").fetchall()


def _pragma(name: str, value=None):
    setting = "" if value is None else f" = {value}"
    row = db.execute_sql(f"PRAGMA {name}{setting}").fetchone()
    return row and row[0]


def _drop_indexes() -> list[str]:
    """An index is built faster once the rows are there; returns the SQL that does so."""
    indexes = db.execute_sql(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    ).fetchall()
    for name, _sql in indexes:
        db.execute_sql(f'DROP INDEX "{name}"')
    return [sql for _name, sql in indexes]


def _insert(table: str, rows: list[dict]) -> None:
    columns = list(rows[0])
    names = ", ".join(f'"{column}"' for column in columns)
    marks = ", ".join("?" for _ in columns)
    values = (tuple(row.values()) for row in rows)
    db.connection().executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', values)
