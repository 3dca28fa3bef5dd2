"""What has served is deleted by the clock, some rows at a time; what the trail tells is kept."""

from datetime import timedelta

import pytest

from console import jobs, storage
from console.background import huey
from console.entries import decisions
from console.entries.events import newest
from console.people import signin
from console.platforms import connections
from console.queue.trail import trail
from console.screening import replay
from console.storage import db, now
from models import Delivery, Event, Replay, SignInFailure
from tests.cast import DAY, idiot_screener, submission

MINUTE = timedelta(minutes=1)


def prune() -> None:
    jobs.prune.call_local()


def test_failures_to_sign_in_go_when_no_limit_counts_them(app):
    for number in range(3):
        SignInFailure.create(account="anna", address=f"a{number}", at=now() - signin.WINDOW)
        SignInFailure.create(account="anna", address=f"b{number}", at=now() - MINUTE)
    prune()
    assert {row.address for row in SignInFailure.select()} == {"b0", "b1", "b2"}


def test_old_events_go_but_the_newest_stays_for_the_numbers_after_it(leoncin, held):
    Event.update(at=now() - 2 * DAY).execute()
    last = newest()
    prune()
    assert [row.id for row in Event.select()] == [last]


def test_a_task_that_is_done_leaves_nothing_in_the_tables_of_tasks(leoncin, administrator):
    made = replay.begin(idiot_screener(), leoncin, 500, administrator)
    replay.run_soon(made.id)
    assert huey.pending_count() == 1
    huey.execute(huey.dequeue())
    assert Replay.get().state == Replay.DONE
    for table in ("task", "schedule", "kv", "counter"):
        assert db.execute_sql(f"SELECT COUNT(*) FROM {table}").fetchone() == (0,), table


def test_others_write_between_the_batches(app, monkeypatch):
    left = []
    rows = [{"account": "a", "address": "b", "at": now() - DAY} for _row in range(1200)]
    SignInFailure.insert_many(rows).execute()
    monkeypatch.setattr(
        storage.time, "sleep", lambda _seconds: left.append(SignInFailure.select().count())
    )
    prune()
    assert left == [700, 200, 0]


@pytest.mark.parametrize("state", [Delivery.DELIVERED, Delivery.CANCELLED, Delivery.FAILED])
def test_a_delivery_is_kept_however_old_since_it_is_a_line_of_the_trail(leoncin, anna, held, state):
    connections.set_address(leoncin, "https://platform.example/")
    decisions.release(held, anna, submission(held))
    Delivery.update(state=state, settled=now() - 4000 * DAY).execute()
    before = trail(held)
    prune()
    assert Delivery.select().count() == 1
    assert trail(held) == before
