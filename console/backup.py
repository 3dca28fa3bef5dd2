"""Backups of a console on SQLite: one file with the database and the key that signs sessions."""

import os
import shutil
import sqlite3
import tarfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from console import outages
from console.config import SECRET_KEY_FILE, Settings
from console.db import file_of
from console.errors import Refused
from console.health import beats
from console.storage import db
from models import Beat

DATABASE, KEY = "furtka.db", "secret_key"
UNFINISHED = ".furtka-backup-"
GIVEN_UP_SECONDS = 24 * 3600
# Each finds what cannot be: the trail of every entry must explain the state that it is in.
UNEXPLAINED = """
WITH chain AS (
  SELECT entry_id, from_state, to_state, id,
    LAG(to_state, 1, 'published') OVER (PARTITION BY entry_id ORDER BY id) AS before,
    LEAD(id) OVER (PARTITION BY entry_id ORDER BY id) AS next
  FROM decision
)
SELECT COUNT(DISTINCT entry.id) FROM entry LEFT JOIN chain ON chain.entry_id = entry.id
WHERE chain.from_state <> chain.before
  OR (chain.next IS NULL AND entry.state <> COALESCE(chain.to_state, 'published'))
"""


def make(settings: Settings, file: Path) -> str:
    """Writes the backup; says what is in it. Raises Refused where it cannot be made."""
    if file_of(settings.database_url) is None:
        raise Refused(
            "This console is on PostgreSQL, which makes its own backups. Run:\n"
            "  pg_dump --format=custom --file=FILE DATABASE_URL\n"
            f"and keep a copy of the key that signs sessions: {_whereabouts_of_key()}."
        )
    if file.exists():
        raise Refused(f"{file} is there already; nothing was written over.")
    _sweep(file.absolute().parent)
    with TemporaryDirectory(dir=file.absolute().parent, prefix=UNFINISHED) as folder:
        copy, packed = Path(folder) / DATABASE, Path(folder) / "packed"
        with closing(sqlite3.connect(copy)) as target:
            db.connection().backup(target)
        with tarfile.open(packed, "w:gz", compresslevel=1) as tar:
            tar.add(copy, DATABASE)
            if SECRET_KEY_FILE.exists():
                tar.add(SECRET_KEY_FILE, KEY)
        packed.chmod(0o600)
        summary = check(packed)
        with open(packed, "rb") as written:
            os.fsync(written.fileno())
        packed.rename(file)
    with suppress(
        *outages.ERRORS
    ):  # a database that cannot be written to is backed up all the same
        beats.beat(Beat.BACKUP)
    return f"{file}: {summary}"


def _sweep(folder: Path) -> None:
    """Away with the copies of backups that were killed: each is as large as the database."""
    for left in folder.glob(f"{UNFINISHED}*"):
        with suppress(FileNotFoundError):  # another has just ended
            if time.time() - left.stat().st_mtime > GIVEN_UP_SECONDS:
                shutil.rmtree(left)


def check(file: Path) -> str:
    """Says what is in a backup. Raises Refused when it is not whole, or its trail is broken."""
    with _unpacked(file) as folder, closing(sqlite3.connect(folder / DATABASE)) as database:
        try:
            faults = [
                row[0] for row in database.execute("PRAGMA integrity_check") if row[0] != "ok"
            ]
            faults += [
                f"a row of {table} without its {parent}"
                for table, _row, parent, _key in database.execute("PRAGMA foreign_key_check")
            ]
            unexplained = database.execute(UNEXPLAINED).fetchone()[0]
            entries, decisions = (
                database.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]
                for table in ("entry", "decision")
            )
        except sqlite3.DatabaseError as error:
            raise Refused(f"The database in {file} cannot be read: {error}.") from None
        if unexplained:
            faults.append(f"entries in a state that their decisions do not explain: {unexplained}")
        if faults:
            raise Refused(f"{file} is not whole: {'; '.join(faults[:5])}.")
        has_key = (folder / KEY).exists()
    key = "with the key of sessions" if has_key else f"without a key: {_whereabouts_of_key()}"
    return f"whole, {key}; entries: {entries}, decisions: {decisions}"


def restore(settings: Settings, file: Path) -> str:
    """Puts back the database and the key, never over what is there."""
    target = file_of(settings.database_url)
    if target is None:
        raise Refused("This console is on PostgreSQL: use pg_restore.")
    if target.exists():
        raise Refused(f"{target} is there already. Move it away first; nothing was changed.")
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _unpacked(file, beside=target) as folder:
        if (folder / KEY).exists():
            (folder / KEY).replace(SECRET_KEY_FILE)
        _end_sessions(folder / DATABASE)
        (folder / DATABASE).chmod(0o600)
        (folder / DATABASE).rename(target)
    return f"Restored to {target}; everybody signs in anew. Now run: flask --app wsgi migrate"


def _end_sessions(file: Path) -> None:
    """One that has ended since the backup must not come back, nor a link that has been used."""
    with closing(sqlite3.connect(file)) as connection, connection:
        tables = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table'"
        ).fetchall()
        for table in {"session", "one_time_link"} & {name for (name,) in tables}:
            connection.execute(f"DELETE FROM {table}")


def _whereabouts_of_key() -> str:
    return str(SECRET_KEY_FILE) if SECRET_KEY_FILE.exists() else "the setting SECRET_KEY"


@contextmanager
def _unpacked(file: Path, beside: Path | None = None) -> Iterator[Path]:
    """A folder that holds what is in the backup."""
    with TemporaryDirectory(dir=beside and beside.parent, prefix=".furtka-restore-") as folder:
        try:
            with tarfile.open(file, "r:gz") as tar:
                for member in tar:
                    if member.name in (DATABASE, KEY) and member.isfile():
                        _write(tar.extractfile(member), Path(folder) / member.name)
        except (tarfile.TarError, EOFError, OSError) as error:
            raise Refused(f"{file} is no backup of Furtka, or a damaged one: {error}.") from None
        if not (Path(folder) / DATABASE).exists():
            raise Refused(f"{file} is no backup of Furtka: it holds no {DATABASE}.")
        yield Path(folder)


def _write(source: IO[bytes] | None, file: Path) -> None:
    """What `tar.extract` does safely only from Python 3.11.4 on; Debian 12 has 3.11.2."""
    assert source
    with source, open(file, "xb") as target:
        file.chmod(0o600)
        shutil.copyfileobj(source, target)
