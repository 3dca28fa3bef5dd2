"""flask import: a file of messages, one a line."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest

from console.config import ROOT
from console.intake import importing
from console.storage import now
from models import Decision, Entry, Group, Hit, Report, Revision
from tests.cast import event


@pytest.fixture
def file(tmp_path) -> Path:
    return tmp_path / "week.jsonl"


@pytest.fixture
def run(app, leoncin, file):
    def run(group: str = "leoncin"):
        return app.test_cli_runner().invoke(args=["import", "--group", group, str(file)])

    return run


def write(file: Path, *lines) -> None:
    texts = (line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines)
    file.write_bytes(b"".join(text + b"\n" for text in texts))


def rejects(file: Path) -> list[dict]:
    path = Path(f"{file}.rejected.jsonl")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def posts(count: int) -> list[dict]:
    """Posts of a few authors; every tenth is one that screening holds."""
    start = now() - timedelta(hours=1)
    return [
        event(
            at=start + timedelta(milliseconds=number),
            id=f"p{number}",
            author={"id": f"a{number % 7}", "name": f"Autor {number % 7}"},
            text=f"Wpis {number}" + (" to idiota" if number % 10 == 0 else ""),
        )
        for number in range(count)
    ]


def everything() -> dict:
    """All that the database holds of the entries, without ids and the moments of arrival."""
    entries = {
        e.external_id: (e.text, e.state, e.version, e.profile.external_id, e.urgency)
        for e in Entry.select()
    }
    counted = (Decision, Hit, Report, Revision)
    return entries, [model.select().count() for model in counted]


def test_every_line_is_taken_and_the_end_says_how_many(run, file):
    write(file, *posts(20), event("report.created", entry_id="p1"))
    result = run()
    assert result.exit_code == 0, result.output
    assert "21 taken, 0 rejected" in result.output
    assert Entry.select().count() == 20
    assert Entry.select().where(Entry.held()).count() == 2
    assert Report.select().count() == 1
    assert not Path(f"{file}.rejected.jsonl").exists()


def test_progress_counts_every_byte(app, leoncin, file):
    write(file, *posts(importing.BATCH + 10), b"", b"no JSON")
    told = []
    importing.import_file(leoncin, file, told.append)
    assert len(told) == 2  # once a batch
    assert sum(told) == file.stat().st_size


def test_bad_lines_are_set_aside_with_number_and_reason_and_the_rest_is_taken(run, file):
    good = posts(5)
    future = event(id="later", created_at=(now() + timedelta(days=1)).isoformat())
    write(
        file,
        good[0],
        b"this is no JSON",
        good[1],
        event(id="p8") | {"type": "entry.deleted"},
        b'{"type": "\xff\xfe"}',
        good[2],
        {},
        future,
        *good[3:],
    )
    result = run()
    assert result.exit_code == 1
    assert "5 taken, 5 rejected" in result.output
    assert f"{file}.rejected.jsonl" in result.output
    set_aside = rejects(file)
    assert [each["line"] for each in set_aside] == [2, 4, 5, 7, 8]
    for each, reason in zip(set_aside, ("JSON", "type", "", "type", "created_at"), strict=True):
        assert each["reason"]
        assert reason in each["reason"]
    assert set_aside[0]["text"] == "this is no JSON"
    assert {e.external_id for e in Entry.select()} == {f"p{n}" for n in range(5)}


def test_blank_lines_are_no_messages_but_count_in_line_numbers(run, file):
    write(file, b"", posts(1)[0], b"   ", b"\r", b"broken")
    result = run()
    assert "1 taken, 1 rejected" in result.output
    assert [each["line"] for each in rejects(file)] == [5]
    assert Entry.select().count() == 1


def test_windows_line_ends_and_a_missing_last_one_do_no_harm(run, file):
    first, second = posts(2)
    file.write_bytes(json.dumps(first).encode() + b"\r\n" + json.dumps(second).encode())
    assert run().exit_code == 0
    assert Entry.select().count() == 2


def test_an_empty_file_is_taken(run, file):
    write(file)
    result = run()
    assert (result.exit_code, "0 rejected" in result.output) == (0, True)


def test_a_line_of_more_than_a_mebibyte_is_set_aside(run, file):
    write(file, event(text="x" * importing.LONGEST_LINE), *posts(1))
    assert run().exit_code == 1
    (rejected,) = rejects(file)
    assert rejected["line"] == 1
    assert len(rejected["text"]) <= 2000
    assert Entry.select().count() == 1


def test_a_second_run_changes_nothing(run, file):
    edits = [event("entry.updated", id=f"p{n}", text=f"Zmieniony {n}") for n in range(3)]
    reports = [event("report.created", id=f"r{n}", entry_id=f"p{n}") for n in range(3)]
    held = event("entry.held", id="p5", text="Wpis 5", held={"by": "platform"})
    write(file, *posts(20), *edits, *reports, held, b"broken")
    assert run().exit_code == 1
    before, set_aside = everything(), rejects(file)
    assert run().exit_code == 1
    assert everything() == before
    assert rejects(file) == set_aside  # those of this run only, not of both


def test_a_run_without_rejects_takes_the_former_list_of_them_away(run, file):
    write(file, b"broken")
    run()
    write(file, *posts(1))
    assert run().exit_code == 0
    assert not Path(f"{file}.rejected.jsonl").exists()


def test_what_was_written_later_may_stand_earlier_in_the_file(run, file):
    edit = event("entry.updated", id="p0", text="Drugi")
    answer = event(id="c", kind="comment", parent_id="p0")
    write(file, event("report.created", entry_id="p0"), answer, edit, posts(1)[0])
    assert run().exit_code == 0
    post = Entry.get(Entry.external_id == "p0")
    assert post.text == "Drugi"
    assert Entry.get(Entry.external_id == "c").parent == post
    assert post.is_reported


def test_an_unknown_group_is_said(run, file):
    write(file, *posts(1))
    result = run("nowhere")
    assert result.exit_code == 1
    assert "nowhere" in result.output
    assert not Entry.select().exists()


def test_a_missing_file_is_said(run, leoncin):
    assert run().exit_code == 2


@pytest.mark.slow
def test_a_run_that_was_killed_is_finished_by_the_next_one(app, run, file, leoncin, tmp_path):
    """SIGKILL between two batches or within one: whole batches stay, and nothing comes twice."""
    count = 6 * importing.BATCH
    write(file, *posts(count))
    environment = os.environ | {
        "DATABASE_URL": app.config["SETTINGS"].database_url,
        "SECRET_KEY": app.config["SETTINGS"].secret_key,
        "FURTKA_INSTANCE": str(tmp_path),
    }
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "import", "--group", "leoncin"]
    process = subprocess.Popen([*command, str(file)], cwd=ROOT, env=environment)
    try:
        until = time.monotonic() + 60
        while Entry.select().count() < 2 * importing.BATCH:
            assert process.poll() is None, "the import ended before it could be killed"
            assert time.monotonic() < until
            time.sleep(0.02)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    kept = Entry.select().count()
    assert 0 < kept < count
    assert kept % importing.BATCH == 0
    assert run().exit_code == 0
    entries, counts = everything()
    assert len(entries) == Entry.select().count() == count
    held = [entry for entry in entries.values() if entry[1] == "held"]
    assert len(held) == count / 10
    # Each was held once: one decision, one match; the others were never touched again.
    assert counts == [len(held), len(held), 0, 0]
    assert {entry[2] for entry in held} == {2}
    assert Group.select().count() == 1


def test_a_removal_that_says_too_little_of_what_is_not_known_is_rejected_alone(leoncin, tmp_path):
    removal = {"type": "entry.removed", "timestamp": now().isoformat(), "data": {"id": "unknown"}}
    file = tmp_path / "week.jsonl"
    file.write_text("\n".join(map(json.dumps, (event(id="a"), removal, event(id="b")))))
    assert importing.import_file(leoncin, file) == importing.Result(taken=2, rejected=1)
    assert "the entry is not known" in (tmp_path / "week.jsonl.rejected.jsonl").read_text()
