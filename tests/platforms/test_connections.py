"""flask group secret | address: a group's connection by webhook."""

import json
import socket
from dataclasses import replace

import pytest
from standardwebhooks import Webhook

from console import config
from console.entries import decisions
from console.errors import Refused
from console.outbox.connections import connection_of
from console.platforms import connections, webhook
from console.platforms.errors import DeliveryError
from models import AuditRecord, Connection, Delivery
from tests.cast import secret_of, submission
from tests.platforms.test_outbox import receiver  # noqa: F401  a real server on this machine


@pytest.fixture
def run(app):
    def run(*args: str):
        return app.test_cli_runner().invoke(args=["group", *args])

    return run


def secrets(group) -> dict[str, str]:
    return connection_of(group.id).secrets


def test_secret_shows_the_groups_secret_and_changes_nothing(run, leoncin):
    before = secrets(leoncin)
    result = run("secret", "leoncin")
    assert (result.exit_code, result.output) == (0, before["current"] + "\n")
    assert secrets(leoncin) == before


def test_a_group_is_put_on_facebook_by_a_command(run, leoncin):
    assert run("platform", "leoncin").output == "webhook\n"
    assert run("platform", "leoncin", "facebook-group").output == "facebook-group\n"
    assert connection_of(leoncin.id).platform == "facebook-group"
    assert AuditRecord.get(AuditRecord.act == "platform.chosen").detail == "facebook-group"


def test_a_platform_that_does_not_exist_is_refused_with_those_that_do(run, leoncin):
    result = run("platform", "leoncin", "myspace")
    assert result.exit_code == 1
    assert "Those that exist: facebook-group, webhook" in result.output
    assert connection_of(leoncin.id).platform == "webhook"


def test_what_waited_on_the_platform_before_is_cancelled(leoncin, anna, held):
    connections.set_address(leoncin, "http://127.0.0.1:9/")
    decisions.release(held, anna, submission(held))
    connections.choose_platform(leoncin, "facebook-group")
    assert [delivery.state for delivery in Delivery.select()] == [Delivery.CANCELLED]


def test_every_group_has_a_long_secret_of_its_own(leoncin, elsewhere):
    assert secrets(leoncin) != secrets(elsewhere)
    for group in (leoncin, elsewhere):
        assert secrets(group)["current"].startswith("whsec_")
        assert len(secrets(group)["current"]) >= 40


def test_changing_the_secret_keeps_the_one_before(run, leoncin):
    before = secrets(leoncin)["current"]
    result = run("secret", "leoncin", "--change")
    assert result.output == secrets(leoncin)["current"] + "\n"
    assert secrets(leoncin)["current"] != before
    assert secrets(leoncin)["former"] == before


def test_a_second_change_ends_the_first_secret(run, leoncin):
    second = run("secret", "leoncin", "--change").output.strip()
    run("secret", "leoncin", "--change")
    assert secrets(leoncin)["former"] == second


def test_withdrawing_ends_the_secret_before(run, leoncin):
    before = secrets(leoncin)["current"]
    run("secret", "leoncin", "--change")
    assert run("secret", "leoncin", "--withdraw").exit_code == 0
    assert "former" not in secrets(leoncin)
    assert secrets(leoncin)["current"] != before


def test_a_leaked_secret_can_be_ended_at_once(run, leoncin):
    before = secrets(leoncin)["current"]
    result = run("secret", "leoncin", "--change", "--withdraw")
    assert result.exit_code == 0
    assert before not in secrets(leoncin).values()


@pytest.fixture
def taken(monkeypatch):
    """Whatever is sent is taken, without a network; the keys of what was."""
    keys: list[str] = []

    def post(_connection, key, _body):
        keys.append(key)
        return 204

    monkeypatch.setattr(webhook, "_post", post)
    return keys


def test_address_sets_shows_and_clears_where_decisions_are_sent(run, leoncin, taken):
    assert run("address", "leoncin").output.startswith("none")
    url = "https://platform.example/furtka"
    assert run("address", "leoncin", url).output.splitlines()[-1] == url
    assert connection_of(leoncin.id).settings == {"address": url}
    assert run("address", "leoncin").output == url + "\n"
    assert run("address", "leoncin", "--none").output.startswith("none")
    assert connection_of(leoncin.id).settings == {}


def test_a_new_address_is_tried_again_after_the_former_was_given_up(run, leoncin, taken):
    Connection.update(state=Connection.OFF, state_reason="HTTP 410").execute()
    run("address", "leoncin", "https://platform.example/")
    assert connection_of(leoncin.id).state == Connection.ON
    assert connection_of(leoncin.id).state_reason == ""


def test_of_an_address_that_wants_no_more_it_is_said_that_nothing_is_sent(run, leoncin, taken):
    run("address", "leoncin", "https://platform.example/")
    Connection.update(state=Connection.OFF, state_reason="HTTP 410").execute()
    shown = run("address", "leoncin").output
    assert "Nothing is sent there" in shown
    assert "HTTP 410" in shown
    assert "Nothing" not in run("address", "leoncin", "https://platform.example/").output


@pytest.mark.parametrize(
    "url", ["ftp://platform.example", "platform.example", "javascript:alert(1)", "file:///etc"]
)
def test_an_address_that_is_not_of_the_web_is_refused(run, leoncin, url):
    result = run("address", "leoncin", url)
    assert result.exit_code == 1
    assert "does not begin with https://" in result.output
    assert connection_of(leoncin.id).settings == {}


# --- what the worker would refuse is refused at once ----------------------------------------------


@pytest.fixture
def in_use(app, monkeypatch):
    """As outside of development; names lead where the table says."""
    config.use(replace(config.settings(), allow_private_addresses=False))
    known = {"inside.example": ["10.1.2.3"], "both.example": ["8.8.8.8", "fc00::1"]}
    known |= {"outside.example": ["8.8.8.8"]}
    real = socket.getaddrinfo

    def look_up(host, *more, **how):
        if host.endswith(".example") and host not in known:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [each for at in known.get(host, [host]) for each in real(at, *more, **how)]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://127.0.0.1/", "private network"),
        ("https://2130706433/", "private network"),
        ("https://[::1]:8443/", "private network"),
        ("https://[::ffff:10.0.0.1]/", "private network"),
        ("https://inside.example/hook", "private network"),
        ("https://both.example/hook", "private network"),
        ("http://outside.example/", "does not begin with https://"),
        ("https://a..b/", "cannot be read"),
        (f"https://{'x' * 64}.pl/", "cannot be read"),
        ("https://[::1/", "cannot be read"),
        ("https://outside.example:99999/", "cannot be read"),
        ("https://", "cannot be read"),
    ],
)
def test_an_address_that_the_worker_would_refuse_is_refused(run, leoncin, in_use, taken, url, why):
    before = {"address": "https://outside.example/"}
    Connection.update(settings=before).execute()
    AuditRecord.delete().execute()
    result = run("address", "leoncin", url)
    assert result.exit_code == 1
    assert why in result.output
    assert "The address is what it was before" in result.output
    assert connection_of(leoncin.id).settings == before
    assert (taken, AuditRecord.select().count()) == ([], 0)


@pytest.mark.parametrize("host", ["outside.example", "unknown.example", "8.8.8.8"])
def test_any_other_is_set(run, leoncin, in_use, taken, host):
    """A name that nobody knows yet too: the worker would try it again."""
    assert run("address", "leoncin", f"https://{host}/hook").exit_code == 0
    assert connection_of(leoncin.id).settings == {"address": f"https://{host}/hook"}
    assert len(taken) == 1


def test_in_development_plain_http_and_the_own_network_may_be_set(leoncin):
    connections.set_address(leoncin, "http://127.0.0.1:9/")
    with pytest.raises(Refused, match="nie zaczyna się od https://"):
        connections.set_address(leoncin, "ftp://127.0.0.1/")


# --- the test message -----------------------------------------------------------------------------


def test_a_test_message_is_sent_and_what_became_of_it_is_said(run, leoncin, receiver):  # noqa: F811
    url = connection_of(leoncin.id).settings["address"]
    result = run("address", "leoncin", url)
    assert (result.exit_code, "The test message was taken" in result.output) == (0, True)
    ((headers, body),) = receiver.got
    message = Webhook(secret_of(leoncin)).verify(body, headers)
    assert (message["type"], message["data"]) == ("connection.test", {"group": "leoncin"})
    assert set(message) == set(json.loads(body)) == {"type", "timestamp", "data"}


def test_one_that_is_not_taken_does_not_lose_the_address(run, leoncin, receiver):  # noqa: F811
    url = connection_of(leoncin.id).settings["address"]
    run("address", "leoncin", "--none")
    receiver.answers = [500]
    said = run("address", "leoncin", url).output
    assert "not taken: the receiver did not take it: HTTP 500" in said
    assert "The address is set all the same" in said
    assert said.splitlines()[-1] == url
    assert connection_of(leoncin.id).settings == {"address": url}
    assert connection_of(leoncin.id).state == Connection.ON


def test_one_that_cannot_even_be_sent_neither(run, leoncin):
    said = run("address", "leoncin", "http://127.0.0.1:9/").output
    assert "not taken: nobody answers at the address" in said
    assert connection_of(leoncin.id).settings == {"address": "http://127.0.0.1:9/"}


def test_who_wants_no_more_messages_says_so_already_to_the_test(run, leoncin, receiver):  # noqa: F811
    receiver.answers = [410]
    said = run("address", "leoncin", connection_of(leoncin.id).settings["address"]).output
    assert "not taken: the receiver wants no more messages: HTTP 410" in said
    assert "Nothing is sent there" in said


def test_no_test_message_goes_without_tls(leoncin, in_use, taken):
    Connection.update(settings={"address": "http://outside.example/"}).execute()
    with pytest.raises(DeliveryError, match="does not begin with https://"):
        webhook.send_test(connection_of(leoncin.id))
    assert taken == []


@pytest.mark.parametrize("command", ["secret", "address"])
def test_an_unknown_group_is_said(run, leoncin, command):
    result = run(command, "nowhere")
    assert result.exit_code == 1
    assert "nowhere" in result.output
