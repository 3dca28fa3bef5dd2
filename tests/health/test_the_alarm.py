"""Administrators are told on every page of a worker that does not run; others are not disturbed."""

from datetime import datetime, timedelta

import pytest
from playhouse.test_utils import count_queries

from console.health import beats
from console.storage import now
from models import Beat

WORDS = "Proces w tle"


@pytest.fixture
def silent(app):
    Beat.update(at=datetime.fromisoformat("2026-11-20T13:05:00Z")).execute()
    beats.worker.forget()


def test_an_administrator_is_told_on_every_page_since_when(browse, silent, administrator, leoncin):
    client = browse(administrator)
    for path in ("/queue/held", "/people/users", "/people/account", "/insight/decisions"):
        page = client.get(path).text
        assert f"{WORDS} nie działa od 20.11.2026 14:05." in page, path
        assert "systemctl restart furtka-worker" in page


def test_that_it_never_ran_is_told_too(browse, administrator, leoncin):
    Beat.delete().execute()
    beats.worker.forget()
    assert f"{WORDS} jeszcze nigdy nie działał." in browse(administrator).get("/queue/held").text


def test_a_moderator_and_a_stranger_are_not_told(browse, silent, anna):
    assert WORDS not in browse(anna).get("/queue/held").text
    assert WORDS not in browse().get("/people/sign-in").text


def test_while_it_runs_nobody_is_told(browse, administrator, leoncin):
    Beat.update(at=now() - timedelta(seconds=50)).execute()
    beats.worker.forget()
    assert WORDS not in browse(administrator).get("/queue/held").text


def test_it_goes_when_the_worker_runs_again(browse, silent, administrator, leoncin):
    client = browse(administrator)
    assert WORDS in client.get("/queue/held").text
    beats.beat(Beat.WORKER)
    beats.worker.forget()  # as after some seconds
    assert WORDS not in client.get("/queue/held").text


def test_a_moderators_page_never_asks_and_an_administrators_only_after_some_seconds(
    browse, administrator, anna, leoncin
):
    beats.worker.forget()
    moderators, theirs = browse(anna), browse(administrator)

    def asked(client) -> int:
        with count_queries() as counted:
            client.get("/people/account")
        return counted.count

    asked(moderators)
    usual = asked(moderators)
    beats.worker.forget()
    assert asked(moderators) == usual
    first, second = asked(theirs), asked(theirs)
    assert first == second + 1
