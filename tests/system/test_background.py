"""What lies in the queue of background tasks runs only if this console has put it there."""

import pickle
from pathlib import Path

import pytest
from huey.serializer import Serializer

from console.background import huey
from console.screening import replay

pytestmark = pytest.mark.databases("sqlite")


class Touch:
    """As a pickle, it makes a file when it is read."""

    def __init__(self, path: Path):
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)


def work_once() -> None:
    """One turn of the worker, as `flask worker` runs it."""
    huey.create_consumer(workers=1, initial_delay=0.01)._create_worker().loop()


def test_a_task_that_was_written_into_the_database_is_not_even_read(app, tmp_path, caplog):
    huey.storage.enqueue(pickle.dumps(Touch(tmp_path / "run")))
    work_once()
    assert not (tmp_path / "run").exists()
    assert "Error reading from queue" in caplog.text


def test_a_task_of_before_is_dropped_and_the_worker_goes_on(app, monkeypatch, caplog):
    run = []
    monkeypatch.setattr(replay.Replay, "get_or_none", lambda _id: run.append("a task"))
    task = replay.run_soon.s(1)
    huey.storage.enqueue(Serializer().serialize(huey._registry.create_message(task)))
    replay.run_soon(2)
    work_once()
    assert (run, huey.pending_count()) == ([], 1)
    assert "Error reading from queue" in caplog.text
    work_once()
    assert (run, huey.pending_count()) == (["a task"], 0)
