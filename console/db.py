"""Opens the database and runs its migrations."""

from pathlib import Path
from typing import Any

from huey.contrib.sql_huey import SqlStorage
from peewee import Database
from playhouse.db_url import connect, parse
from playhouse.migrations import Runner
from playhouse.schema_diff import diff_models

import models
from console.storage import db

MIGRATIONS = Path(__file__).parent / "migrations"

SQLITE_PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": "full",  # a decision that was answered survives a power cut
    "foreign_keys": 1,
    "busy_timeout": 10_000,  # ms that a writer waits for another
    "cache_size": -64_000,  # kB
    "mmap_size": 1 << 30,
    "temp_store": "memory",
}


def open_database(url: str) -> Database:
    """A connection pool for a sqlite:/// or postgresql:// URL, bound to the models.

    Every transaction on SQLite begins IMMEDIATE: one that reads first and writes later would
    otherwise fail, not wait, when another writes in between.
    """
    scheme, rest = url.split(":", 1)
    pool: dict[str, Any] = {"max_connections": 600, "timeout": 10}
    if scheme == "sqlite":
        Path(parse(url)["database"]).parent.mkdir(parents=True, exist_ok=True)
        pool |= {"pragmas": SQLITE_PRAGMAS, "lock_type": "IMMEDIATE"}
        pool |= {"check_same_thread": False}  # the pool hands a connection to one thread at a time
    else:
        pool |= {"max_connections": 64, "stale_timeout": 300}
    database = connect(f"{scheme}+pool:{rest}", **pool)
    db.initialize(database)
    return database


def migrate(database: Database) -> list[str]:
    """Applies the missing migrations; returns their names."""
    applied = Runner(database, str(MIGRATIONS)).up()
    SqlStorage("furtka", database=database)  # creates huey's own tables
    return applied


def drift(database: Database) -> str:
    """A description of how the tables differ from the models; empty when they agree."""
    return str(diff_models(database, models.TABLES))
