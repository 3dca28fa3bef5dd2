"""Opens the database of a URL and brings its tables up to date."""

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
    """The pooled database of a sqlite:/// or postgresql:// URL, bound to the models.

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
    """Applies what is missing; returns the names of the migrations applied."""
    applied = Runner(database, str(MIGRATIONS)).up()
    SqlStorage("furtka", database=database)  # makes the worker's own tables
    return applied


def drift(database: Database) -> str:
    """In words, where the tables differ from the models; empty where they agree."""
    return str(diff_models(database, models.TABLES))
