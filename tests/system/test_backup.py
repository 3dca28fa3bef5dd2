"""flask backup and flask restore: one file with all that a console on SQLite is."""

import os
import shutil
import sqlite3
import stat
import tarfile
import threading
from contextlib import closing
from dataclasses import replace

import pytest

from console import backup
from console import db as database_of
from console.entries import decisions
from console.errors import Refused
from console.health import beats
from console.people import links, sessions
from console.storage import db, now
from models import Beat, Decision, Entry, OneTimeLink, Session
from tests.cast import submission, take

pytestmark = pytest.mark.databases("sqlite")


@pytest.fixture
def settings(app, monkeypatch, tmp_path):
    monkeypatch.setattr(backup, "SECRET_KEY_FILE", tmp_path / "secret_key")
    backup.SECRET_KEY_FILE.write_text("the key of sessions")
    return app.config["SETTINGS"]


@pytest.fixture
def elsewhere_settings(settings, tmp_path):
    return replace(settings, database_url=f"sqlite:///{tmp_path / 'new' / 'furtka.db'}")


def test_what_is_restored_is_what_was_backed_up(
    settings, elsewhere_settings, held, anna, tmp_path, monkeypatch
):
    decisions.release(held, anna, submission(held))
    sessions.begin(anna, "Firefox", "192.0.2.1")
    links.make(None, anna)
    made = backup.make(settings, tmp_path / "copy")
    assert "entries: 1, decisions: 2" in made

    monkeypatch.setattr(backup, "SECRET_KEY_FILE", tmp_path / "new" / "secret_key")
    said = backup.restore(elsewhere_settings, tmp_path / "copy")
    assert "migrate" in said
    assert backup.SECRET_KEY_FILE.read_text() == "the key of sessions"
    restored = tmp_path / "new" / "furtka.db"
    assert stat.S_IMODE(restored.stat().st_mode) == 0o600
    before = db.obj
    try:
        with database_of.open_database(elsewhere_settings.database_url).connection_context():
            assert Entry.get().is_published
            assert [decision.verb for decision in Decision.select()] == ["hold", "release"]
            assert database_of.drift(db.obj) == ""
            assert not Session.select().exists()  # it may have been ended since
            assert not OneTimeLink.select().exists()
    finally:
        db.obj.close_all()
        db.initialize(before)


def test_it_takes_every_table_along_with_all_its_rows(settings, held, tmp_path):
    def content(database) -> dict[str, list]:
        names = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
        tables = [name for (name,) in database.execute(names).fetchall()]
        return {name: database.execute(f'SELECT * FROM "{name}"').fetchall() for name in tables}

    before = content(db.connection())
    backup.make(settings, tmp_path / "copy")
    with (
        backup._unpacked(tmp_path / "copy") as folder,
        closing(sqlite3.connect(folder / backup.DATABASE)) as copy,
    ):
        assert content(copy) == before
    assert {"entry", "entry_search", "task", "beat", "audit_record"} <= before.keys()


def test_its_moment_is_kept_and_that_of_one_that_failed_is_not(settings, tmp_path):
    with pytest.raises(Refused):
        backup.make(settings, backup.SECRET_KEY_FILE)  # there already
    assert beats.last(Beat.BACKUP) is None
    before = now()
    backup.make(settings, tmp_path / "copy")
    assert before <= beats.last(Beat.BACKUP) <= now()


def test_what_a_killed_backup_left_goes_with_the_next_but_not_what_is_being_made(
    settings, tmp_path
):
    killed, running = tmp_path / ".furtka-backup-old", tmp_path / ".furtka-backup-new"
    for folder in (killed, running):
        folder.mkdir()
        (folder / "furtka.db").touch()
    os.utime(killed, (0, 0))
    backup.make(settings, tmp_path / "copy")
    assert not killed.exists()
    assert running.exists()


def test_only_its_owner_can_read_a_backup(settings, tmp_path):
    backup.make(settings, tmp_path / "copy")
    assert stat.S_IMODE((tmp_path / "copy").stat().st_mode) == 0o600


def test_a_backup_made_while_others_write_is_whole(settings, leoncin, anna, tmp_path):
    stop = threading.Event()

    def write():
        number = 0
        while not stop.is_set():
            number += 1
            entry = take(leoncin, id=f"p{number}", text="Sąsiad to idiota.")
            decisions.release(entry, anna, submission(entry))
        db.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(5):
            backup.make(settings, tmp_path / f"copy-{number}")
    finally:
        stop.set()
        writer.join()
    for number in range(5):
        assert backup.check(tmp_path / f"copy-{number}").startswith("whole, ")


def test_nothing_is_written_over(settings, elsewhere_settings, tmp_path):
    backup.make(settings, tmp_path / "copy")
    size = (tmp_path / "copy").stat().st_size
    with pytest.raises(Refused, match="there already"):
        backup.make(settings, tmp_path / "copy")
    assert (tmp_path / "copy").stat().st_size == size
    with pytest.raises(Refused, match="there already"):
        backup.restore(settings, tmp_path / "copy")


def test_a_damaged_backup_is_refused_and_nothing_is_restored(
    settings, elsewhere_settings, tmp_path
):
    good = tmp_path / "copy"
    backup.make(settings, good)
    content = good.read_bytes()
    good.write_bytes(content[: len(content) // 2])
    for asked in (backup.check, lambda file: backup.restore(elsewhere_settings, file)):
        with pytest.raises(Refused, match="no backup of Furtka, or a damaged one"):
            asked(good)
    assert not (tmp_path / "new" / "furtka.db").exists()


def test_a_backup_whose_trail_does_not_explain_a_state_is_refused(settings, held, tmp_path):
    backup.make(settings, tmp_path / "copy")
    with backup._unpacked(tmp_path / "copy") as folder:
        with closing(sqlite3.connect(folder / backup.DATABASE)) as database:
            database.execute("UPDATE entry SET state = 'removed'")
            database.commit()
        with tarfile.open(tmp_path / "altered", "w:gz") as tar:
            tar.add(folder / backup.DATABASE, backup.DATABASE)
    with pytest.raises(Refused, match="do not explain: 1"):
        backup.check(tmp_path / "altered")


def test_it_needs_nothing_that_debians_python_lacks(
    settings, elsewhere_settings, tmp_path, monkeypatch
):
    """That of Debian 12 is 3.11.2; filters of what is extracted came with 3.11.4."""

    def extract(self, member, path="", set_attrs=True, *, numeric_owner=False):
        raise AssertionError("without a filter it could write anywhere")

    monkeypatch.setattr(tarfile.TarFile, "extract", extract)
    backup.make(settings, tmp_path / "copy")
    monkeypatch.setattr(backup, "SECRET_KEY_FILE", tmp_path / "new" / "secret_key")
    backup.restore(elsewhere_settings, tmp_path / "copy")
    assert stat.S_IMODE(backup.SECRET_KEY_FILE.stat().st_mode) == 0o600


def test_a_link_in_place_of_the_database_is_no_backup(settings, elsewhere_settings, tmp_path):
    (tmp_path / "link").symlink_to("/etc/passwd")
    with tarfile.open(tmp_path / "made", "w:gz") as tar:
        tar.add(tmp_path / "link", backup.DATABASE)
    with pytest.raises(Refused, match="it holds no furtka.db"):
        backup.restore(elsewhere_settings, tmp_path / "made")


def test_without_a_file_the_key_is_the_setting_that_somebody_must_keep(settings, tmp_path):
    backup.SECRET_KEY_FILE.unlink()
    assert "without a key: the setting SECRET_KEY" in backup.make(settings, tmp_path / "copy")


@pytest.mark.databases("postgres")
def test_on_postgresql_it_says_what_to_run(settings, tmp_path):
    with pytest.raises(Refused, match="pg_dump --format=custom"):
        backup.make(settings, tmp_path / "copy")
    with pytest.raises(Refused, match="pg_restore"):
        backup.restore(settings, tmp_path / "copy")


def test_the_commands_say_the_same(settings, app, tmp_path, monkeypatch):
    run = app.test_cli_runner()
    made = run.invoke(args=["backup", str(tmp_path / "copy")])
    assert "with the key of sessions" in made.output
    assert made.exit_code == 0
    checked = run.invoke(args=["restore", "--check", str(tmp_path / "copy")])
    assert checked.output.startswith("whole,")
    assert checked.exit_code == 0
    shutil.copy(backup.__file__, tmp_path / "no backup")
    refused = run.invoke(args=["restore", "--check", str(tmp_path / "no backup")])
    assert "Error: " in refused.output
    assert refused.exit_code == 1
