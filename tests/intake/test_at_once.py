"""What comes in at the same moment is joined all the same."""

import threading

import pytest

from console.intake.payload import read
from console.intake.receive import receive
from console.storage import db
from models import Entry, Report
from tests.cast import event

ROUNDS = 15


@pytest.mark.parametrize("what", ["report", "comment"])
def test_a_post_and_what_is_about_it_find_each_other(what, leoncin):
    for number in range(ROUNDS):
        post = event(id=f"p{number}")
        about = (
            event("report.created", id=f"r{number}", entry_id=f"p{number}")
            if what == "report"
            else event(id=f"c{number}", kind="comment", parent_id=f"p{number}")
        )
        _at_once(leoncin, post, about)
    assert not Report.select().where(Report.awaited_entry.is_null(False)).exists()
    assert not Entry.select().where(Entry.awaited_parent.is_null(False)).exists()
    assert Entry.select().where(Entry.reported()).count() == (ROUNDS if what == "report" else 0)


def test_the_same_event_twice_at_once_is_one_entry(leoncin):
    for number in range(ROUNDS):
        _at_once(leoncin, event(id=f"p{number}"), event(id=f"p{number}"))
    assert Entry.select().count() == ROUNDS


def _at_once(group, *messages) -> None:
    start, failures = threading.Barrier(len(messages)), []

    def send(message):
        with db.connection_context():
            start.wait(5)
            try:
                receive(group, read(message))
            except Exception as error:
                failures.append(error)

    threads = [threading.Thread(target=send, args=(message,)) for message in messages]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert failures == []
