"""Who came in, left, and was refused stands in the log; no secret does."""

import json
import logging
import re

import pytest

from console import outages
from console.outages import Sparing, security_log
from console.people import links, signin, users
from tests.cast import PASSWORD, event, link_in
from tests.intake.test_webhook import PATH, send
from tests.people.authenticator import Device
from tests.people.test_passkeys import add
from tests.people.test_passkeys import sign_in as enter_by_passkey

NOT_MINE = "quiet lantern seldom swims"


@pytest.fixture(autouse=True)
def _as_the_server_logs(caplog):
    caplog.set_level(logging.INFO, security_log.name)


@pytest.fixture
def said(caplog):
    def said() -> list[str]:
        """The lines since it was asked last."""
        lines = [r.getMessage() for r in caplog.records if r.name == "furtka.security"]
        caplog.clear()
        return lines

    return said


def enter(browse, name: str, password: str):
    return browse().submit("/people/sign-in", name=name, password=password)


def test_signing_in_and_out(browse, anna, said):
    client = browse(anna)
    assert said() == ["signed in (password): 'anna' from '127.0.0.1'"]
    client.submit("/people/sign-out")
    assert said() == ["signed out: 'anna' from '127.0.0.1'"]


def test_a_refused_sign_in_without_what_was_typed(browse, anna, said):
    enter(browse, "anna", NOT_MINE)
    enter(browse, PASSWORD, "anna")  # typed into the wrong field
    assert said() == [
        "password refused (wrong): 'anna' from '127.0.0.1'",
        "password refused (wrong): 'no such user' from '127.0.0.1'",
    ]


def test_an_account_that_is_off(browse, anna, administrator, said):
    users.deactivate(anna)
    enter(browse, "anna", PASSWORD)
    assert said() == ["password refused (account off): 'anna' from '127.0.0.1'"]


def test_throttling(browse, anna, said):
    for _attempt in range(signin.PER_ACCOUNT_AND_ADDRESS):
        enter(browse, "anna", NOT_MINE)
    said()
    assert enter(browse, "anna", PASSWORD).status_code == 429
    assert said() == ["sign-in throttled: too many failures of one account, from '127.0.0.1'"]


def test_throttling_of_a_network(browse, anna, monkeypatch, said):
    monkeypatch.setattr(signin, "PER_ADDRESS", 1)
    enter(browse, "anna", NOT_MINE)
    said()
    enter(browse, "anna", PASSWORD)
    assert said() == ["sign-in throttled: too many failures from '127.0.0.1'"]


def test_the_wrong_present_password(browse, anna, said):
    client = browse(anna)
    said()
    client.submit("/people/account", current=NOT_MINE, password=NOT_MINE)
    assert said() == ["password refused (wrong): 'anna' from '127.0.0.1'"]


def test_by_what_somebody_signed_in_or_confirmed(browse, anna, said):
    client, device = browse(anna), Device()
    add(client, device)
    said()
    assert client.submit("/people/confirm", current=PASSWORD).status_code == 307
    assert said() == ["confirmed (password): 'anna' from '127.0.0.1'"]
    options = client.get("/people/passkeys/options-to-sign-in").json
    client.submit("/people/passkeys/confirm", response=json.dumps(device.sign(options)))
    assert said() == ["confirmed (passkey): 'anna' from '127.0.0.1'"]
    enter_by_passkey(browse(), device)
    assert said() == ["signed in (passkey): 'anna' from '127.0.0.1'"]
    browse().submit(link_in(links.make(None, anna)), password=NOT_MINE)
    assert said() == ["signed in (link): 'anna' from '127.0.0.1'"]


def test_a_passkey_that_is_refused(browse, anna, said):
    client, device = browse(anna), Device()
    said()
    enter_by_passkey(browse(), device)
    client.submit("/people/passkeys/confirm", response="{}")
    assert said() == [
        "passkey refused: from '127.0.0.1'",
        "passkey refused: 'anna' from '127.0.0.1'",
    ]


def test_a_webhook_that_is_not_signed(app, leoncin, said):
    client = app.test_client()
    send(client, leoncin, event(), secret="whsec_" + "A" * 43 + "=")
    client.post(PATH, data=b"{}")
    assert said() == ["webhook refused: 'leoncin' from '127.0.0.1', not signed"] * 2
    send(client, leoncin, event())
    assert said() == []


def test_what_is_not_for_them_of_who_has_signed_in(browse, anna, elsewhere, said):
    client = browse(anna)
    said()
    for path in ("/people/users", "/groups/czosnow/rules", "/entries/99"):
        assert client.get(path).status_code == 404
    assert said() == [
        "refused: 'anna' asked for GET '/people/users'",
        "refused: 'anna' asked for GET '/groups/czosnow/rules'",
        "refused: 'anna' asked for GET '/entries/99'",
    ]


def test_what_scanners_try_is_left_out(browse, anna, said):
    stranger, client = browse(), browse(anna)
    said()
    stranger.get("/people/users")
    for each in (stranger, client):
        assert each.get("/wp-login.php").status_code in {303, 404}
        assert each.get("/static/none.js").status_code == 404
    assert said() == []


def test_a_form_without_its_token(browse, anna, said):
    client = browse(anna)
    said()
    assert client.post("/people/sign-out").status_code == 419
    assert said() == ["form without a valid token: '/people/sign-out'"]


def test_no_line_can_be_forged_by_a_line_end(browse, anna, said):
    client = browse(anna)
    said()
    client.get("/groups/a%0Asigned in: 'boss'/rules")
    (line,) = said()
    assert "\n" not in line


def test_nor_in_the_line_of_an_unexpected_error(app, browse, administrator, monkeypatch, caplog):
    def broken(_user, _slug):
        raise RuntimeError("a bug")

    client = browse(administrator)
    monkeypatch.setattr("console.groups.rule_views.find_group", broken)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    assert client.get("/groups/a%0Asigned in: 'boss'/rules").status_code == 500
    (line,) = [r.getMessage() for r in caplog.records if "unexpected" in r.getMessage()]
    assert "\n" not in line


def test_a_flood_is_cut_and_counted(monkeypatch):
    clock = iter([0.0] * 100 + [61.0, 62.0])
    monkeypatch.setattr("console.outages.time.monotonic", lambda: next(clock))
    sparing = Sparing()

    def line() -> str | None:
        record = logging.LogRecord("x", logging.INFO, "", 0, "refused: %r", ("eve",), None)
        return record.getMessage() if sparing.filter(record) else None

    assert [line() for _number in range(100)] == ["refused: 'eve'"] * 60 + [None] * 40
    assert line() == "refused: 'eve' (40 like it were left out)"
    assert line() == "refused: 'eve'"


def test_the_server_shows_them(monkeypatch, caplog):
    caplog.set_level(logging.WARNING, security_log.name)
    monkeypatch.setattr(security_log, "filters", [])
    handlers: list[logging.Handler] = []
    monkeypatch.setattr(logging.getLogger(), "handlers", handlers)
    outages.set_up_logging()
    assert security_log.isEnabledFor(logging.INFO)
    (handler,) = handlers
    line = handler.format(logging.LogRecord("x", logging.INFO, "", 0, "said", (), None))
    assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4} x INFO said", line)
    assert [type(each) for each in security_log.filters] == [Sparing]
