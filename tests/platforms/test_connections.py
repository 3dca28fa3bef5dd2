"""flask group secret | address: a group's connection by webhook."""

import pytest

from console.outbox.connections import connection_of
from models import Connection


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


def test_address_sets_shows_and_clears_where_decisions_are_sent(run, leoncin):
    assert run("address", "leoncin").output.startswith("none")
    url = "https://platform.example/furtka"
    assert run("address", "leoncin", url).output == url + "\n"
    assert connection_of(leoncin.id).settings == {"address": url}
    assert run("address", "leoncin").output == url + "\n"
    assert run("address", "leoncin", "--none").output.startswith("none")
    assert connection_of(leoncin.id).settings == {}


def test_a_new_address_is_tried_again_after_the_former_was_given_up(run, leoncin):
    Connection.update(state=Connection.OFF, state_reason="HTTP 410").execute()
    run("address", "leoncin", "https://platform.example/")
    assert connection_of(leoncin.id).state == Connection.ON
    assert connection_of(leoncin.id).state_reason == ""


def test_of_an_address_that_wants_no_more_it_is_said_that_nothing_is_sent(run, leoncin):
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
    assert result.exit_code == 2
    assert connection_of(leoncin.id).settings == {}


@pytest.mark.parametrize("command", ["secret", "address"])
def test_an_unknown_group_is_said(run, leoncin, command):
    result = run(command, "nowhere")
    assert result.exit_code == 1
    assert "nowhere" in result.output
