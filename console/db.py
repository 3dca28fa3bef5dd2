"""Opens the database and runs its migrations."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from huey.contrib.sql_huey import SqlStorage
from peewee import Database, InterfaceError, OperationalError, SqliteDatabase
from playhouse.db_url import connect, parse, register_database
from playhouse.migrations import Runner
from playhouse.pool import PooledSqliteDatabase
from playhouse.schema_diff import diff_models

import models
from console.outages import BUSY, kind_of
from console.storage import db

MIGRATIONS = Path(__file__).parent / "migrations"
MIGRATING = 3, 0  # names an advisory lock

BUSY_SECONDS = 5  # for so long a writer waits for another
SQLITE_PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": "full",  # a decision that was answered survives a power cut
    "foreign_keys": 1,
    "busy_timeout": BUSY_SECONDS * 1000,
    "cache_size": -64_000,  # kB
    "mmap_size": 1 << 30,
    "temp_store": "memory",
}


class _Sqlite(PooledSqliteDatabase):
    """Looks for a free writer's lock every millisecond: SQLite's own steps grow to 100 ms."""

    def begin(self, lock_type: str | None = None) -> None:
        """Raises OperationalError ("database is locked") after BUSY_SECONDS."""
        until = time.monotonic() + BUSY_SECONDS
        self.execute_sql("PRAGMA busy_timeout = 0")
        try:
            while True:
                try:
                    return super().begin(lock_type)
                except OperationalError as error:
                    if kind_of(error) != BUSY or time.monotonic() > until:
                        raise
                time.sleep(0.001)
        finally:
            self.execute_sql(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000:.0f}")


register_database(_Sqlite, "sqlite+pool")


def open_database(url: str, connections: int = 30) -> Database:
    """A connection pool for a sqlite:/// or postgresql:// URL, bound to the models.

    connections  the most that this process opens to PostgreSQL, whose own limit is 100 by default;
                 whoever finds none free waits for it

    Every transaction on SQLite begins IMMEDIATE: one that reads first and writes later would
    otherwise fail, not wait, when another writes in between.
    """
    scheme, rest = url.split(":", 1)
    pool: dict[str, Any] = {"max_connections": 600, "timeout": 10}
    if scheme == "sqlite":
        pool |= {"pragmas": SQLITE_PRAGMAS, "lock_type": "IMMEDIATE"}
        pool |= {"check_same_thread": False}  # the pool hands a connection to one thread at a time
    else:
        pool |= {"max_connections": connections, "stale_timeout": 300}
    database = connect(f"{scheme}+pool:{rest}", unquote_user=True, unquote_password=True, **pool)
    db.initialize(database)
    return database


class Unusable(SystemExit):
    """The database cannot be used as it is; the message says what to do. Ends the process."""


@contextmanager
def connected() -> Iterator[None]:
    """A connection for a command, or for the start of a server; raises Unusable."""
    _connect(db.obj)
    try:
        _require_migrated()
        yield
    finally:
        db.close()


def _connect(database: Database) -> None:
    if isinstance(database, SqliteDatabase) and not Path(database.database).exists():
        raise Unusable("There is no database yet. Run: flask --app wsgi migrate")
    try:
        database.connect(reuse_if_open=True)
    except (OperationalError, InterfaceError) as error:
        reason = str(error).strip().splitlines()[0]  # a PostgreSQL's goes on with hints
        raise Unusable(f"The database cannot be reached: {reason}") from None


def _require_migrated() -> None:
    migrations = Runner(db.obj, str(MIGRATIONS)).status()
    if any(not migration.applied for migration in migrations):
        raise Unusable("The database is not up to date. Run: flask --app wsgi migrate")
    if unknown := [migration.name for migration in migrations if migration.path is None]:
        raise Unusable(
            f"The database is of a newer version of Furtka (it has {unknown[-1]}). Install that one."
        )


@contextmanager
def migrating(database: Database) -> Iterator[list[str]]:
    """Applies the missing migrations; gives their names, and commits with the block.

    It is one transaction under one lock: what is killed leaves nothing half done, and a second one
    waits for the first.
    """
    is_sqlite = isinstance(database, SqliteDatabase)  # its transactions are one at a time anyway
    if is_sqlite:
        file = Path(database.database)
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.touch(0o600)  # what residents wrote is not for every user of the machine
    _connect(database)
    with database.connection_context():
        if is_sqlite:  # without effect within a transaction
            database.execute_sql("PRAGMA foreign_keys = 0")
        with database.atomic():
            if not is_sqlite:
                database.execute_sql("SELECT pg_advisory_xact_lock(%s, %s)", MIGRATING)
            applied = Runner(database, str(MIGRATIONS)).up()
            SqlStorage("furtka", database=database)  # creates huey's own tables
            yield applied
        if is_sqlite:
            database.execute_sql("PRAGMA foreign_keys = 1")


def migrate(database: Database) -> list[str]:
    """Applies the missing migrations; returns their names."""
    with migrating(database) as applied:
        return applied


def file_of(url: str) -> Path | None:
    """The file of a SQLite database; None for PostgreSQL."""
    return Path(parse(url)["database"]) if url.startswith("sqlite:") else None


def checkpoint(url: str) -> None:
    """Brings all that is in SQLite's write-ahead log into the file itself."""
    file = file_of(url)
    if file and file.exists():
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def drift(database: Database) -> str:
    """A description of how the tables differ from the models; empty when they agree."""
    return str(diff_models(database, models.TABLES))
