"""Administrators are told on every page of what has stopped; nobody else is disturbed."""

from datetime import datetime

import pytest
from playhouse.test_utils import count_queries

from console.health import beats, checks
from models import Beat

LONG_AGO = datetime.fromisoformat("2026-11-20T13:05:00Z")
WORDS = "Proces w tle nie działa od 20.11.2026 14:05."


@pytest.fixture
def silent(app):
    Beat.create(name=Beat.WORKER, at=LONG_AGO)
    checks.health.forget()


def test_an_administrator_is_told_on_every_page_since_when(browse, silent, administrator, leoncin):
    client = browse(administrator)
    for path in ("/queue/held", "/people/users", "/people/account", "/insight/decisions"):
        page = client.get(path).text
        assert WORDS in page, path
        assert "systemctl restart furtka-worker" in page


def test_that_it_never_ran_is_told_too(browse, administrator, leoncin):
    checks.health.forget()
    assert (
        "Proces w tle jeszcze nigdy nie działał." in browse(administrator).get("/queue/held").text
    )


def test_a_moderator_and_a_stranger_are_not_told(browse, silent, anna):
    assert "alarm" not in browse(anna).get("/queue/held").text
    assert "alarm" not in browse().get("/people/sign-in").text


def test_while_all_is_well_nobody_is_told_and_it_goes_when_it_is_over(
    browse, silent, administrator, leoncin
):
    client = browse(administrator)
    assert WORDS in client.get("/queue/held").text
    beats.beat(Beat.WORKER)
    checks.health.forget()  # as after some seconds
    assert "alarm" not in client.get("/queue/held").text


@pytest.mark.parametrize(
    ("problem", "told"),
    [
        ("outbox", "Proces w tle nie nadąża."),
        ("tasks", "Proces w tle nie nadąża."),
        ("disk", "Na dysku serwera kończy się miejsce."),
        ("backup", "Ostatnią kopię zapasową wykonano 20.11.2026 14:05."),
    ],
)
def test_what_else_has_stopped_is_told_likewise(browse, administrator, leoncin, problem, told):
    client = browse(administrator)
    checks.health.keep(checks.Health([problem], {"backup": {"last": LONG_AGO}}))
    assert told in client.get("/queue/held").text


def test_a_moderators_page_asks_nothing_for_it_and_an_administrators_only_now_and_then(
    browse, administrator, anna, leoncin
):
    def asked(client) -> int:
        with count_queries() as counted:
            client.get("/people/account")
        return counted.count

    for client, more in ((browse(anna), False), (browse(administrator), True)):
        asked(client)
        usual = asked(client)
        checks.health.forget()
        assert (asked(client) > usual) is more
        assert asked(client) == usual
