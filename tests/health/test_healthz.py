"""/healthz: ok or not for everybody; what is amiss for whoever asks on the machine itself."""

import time
from dataclasses import replace
from datetime import timedelta

import pytest
from playhouse.test_utils import count_queries

from console import create_app
from console.entries import decisions
from console.health import beats, checks
from console.platforms import connections
from console.platforms.courier import Dispatcher
from console.storage import db, now
from models import Beat, Delivery
from tests.cast import DAY, submission

pytestmark = pytest.mark.databases("sqlite", "postgres")

PATH = "/healthz"


@pytest.fixture
def ask(browse):
    """What /healthz answers now, not what it kept."""
    beats.beat(Beat.WORKER)

    def asked(**how):
        checks.health.forget()
        return browse().get(PATH, **how)

    return asked


def test_all_is_well(ask):
    answer = ask()
    assert answer.status_code == 200
    assert answer.json["ok"] is True
    assert answer.json["problems"] == []
    assert answer.json["database"] == "ok"
    assert answer.json["outbox"] == {"due": 0, "oldest": None}
    assert answer.json["tasks"] == {"waiting": 0}
    assert answer.json["disk"]["free_bytes"] > 0
    assert answer.json["backup"] == {"last": None}  # on PostgreSQL it is made elsewhere


@pytest.mark.parametrize(
    "how",
    [
        {"headers": {"X-Forwarded-For": "203.0.113.9"}},
        {"headers": {"X-Forwarded-For": "127.0.0.1"}},
        {"headers": {"Forwarded": "for=127.0.0.1"}},
        {"environ_overrides": {"REMOTE_ADDR": "203.0.113.9"}},
        {"base_url": "http://moderacja.example"},
    ],
    ids=str,
)
def test_a_stranger_learns_only_whether_it_is_well(ask, how):
    answer = ask(**how)
    assert answer.status_code == 200
    assert answer.json == {"ok": True}
    Beat.delete().execute()
    answer = ask(**how)
    assert answer.status_code == 503
    assert answer.json == {"ok": False}


def test_no_session_is_read_or_made(ask):
    answer = ask(headers={"Cookie": "session=nonsense"})
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_worker_that_is_silent_for_a_minute_is_a_problem(ask):
    Beat.update(at=now() - timedelta(seconds=50)).execute()
    assert ask().status_code == 200
    Beat.update(at=now() - timedelta(seconds=70)).execute()
    answer = ask()
    assert answer.status_code == 503
    assert answer.json["problems"] == ["worker"]
    assert answer.json["worker"]["last_beat"] < now().isoformat()


def test_the_worker_says_that_it_lives(ask):
    Beat.delete().execute()
    db.close()
    with Dispatcher():
        deadline = time.monotonic() + 10
        while ask().status_code == 503 and time.monotonic() < deadline:
            time.sleep(0.05)
    assert ask().status_code == 200


@pytest.fixture
def delivery(leoncin, anna, held) -> Delivery:
    connections.set_address(leoncin, "https://platform.example/")
    decisions.release(held, anna, submission(held))
    return Delivery.get()


def test_a_backlog_of_the_outbox_is_a_problem_and_a_receiver_that_is_down_is_none(ask, delivery):
    Delivery.update(due=now() - timedelta(minutes=20)).execute()
    answer = ask()
    assert answer.status_code == 503
    assert answer.json["problems"] == ["outbox"]
    assert answer.json["outbox"]["due"] == 1
    Delivery.update(due=now() + timedelta(hours=2), attempts=4).execute()
    assert ask().json["outbox"] == {"due": 0, "oldest": None}


def test_a_backlog_of_tasks_is_a_problem(ask, monkeypatch):
    monkeypatch.setattr(checks.huey, "pending_count", lambda: 101)
    assert ask().json["problems"] == ["tasks"]


def test_a_disk_that_is_nearly_full_is_a_problem(ask, monkeypatch):
    monkeypatch.setattr(checks, "FREE_BYTES", 1 << 60)
    assert ask().json["problems"] == ["disk"]


def test_backups_that_have_stopped_are_a_problem(ask):
    beats.beat(Beat.BACKUP)
    assert ask().json["problems"] == []
    Beat.update(at=now() - 3 * DAY).where(Beat.name == Beat.BACKUP).execute()
    assert ask().json["problems"] == ["backup"]


@pytest.mark.parametrize(
    ("url", "problems"),
    [
        ("postgresql://u:p@127.0.0.1:1/nowhere", ["database"]),
        ("sqlite:////nowhere/furtka.db", ["disk", "database"]),  # its disk is away
    ],
)
def test_without_a_database_it_answers_all_the_same(app, url, problems):
    before = db.obj
    away = create_app(replace(app.config["SETTINGS"], database_url=url)).test_client()
    checks.health.forget()
    try:
        answer = away.get(PATH)
        assert answer.status_code == 503
        assert answer.json["problems"] == problems
        assert answer.json["database"] == "away"
        assert "127.0.0.1" not in answer.text
    finally:
        db.initialize(before)


def test_many_who_ask_cost_one_look(browse):
    checks.health.forget()
    client = browse()
    with count_queries() as first:
        client.get(PATH)
    with count_queries() as more:
        for _time in range(50):
            client.get(PATH)
    assert 0 < first.count <= 6
    assert more.count == 0


def test_whoever_asks_while_another_looks_for_long_is_told_that_it_is_not_well(browse, monkeypatch):
    monkeypatch.setattr(checks, "PATIENCE_SECONDS", 0.01)
    with checks.health._lock:
        answer = browse().get(PATH)
    assert answer.status_code == 503
    assert answer.json == {"ok": False}
