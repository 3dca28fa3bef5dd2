"""flask group add | contract | unit | profile | secret | address"""

import pytest

from console.clock import today
from console.groups.whitelist import covers
from models import Contract, Group, Profile
from tests.cast import fresh


@pytest.fixture
def run(app):
    def run(*args: str):
        return app.test_cli_runner().invoke(args=["group", *args])

    return run


def test_secret_shows_the_groups_secret_and_changes_nothing(run, leoncin):
    before = fresh(leoncin).__data__
    result = run("secret", "leoncin")
    assert (result.exit_code, result.output) == (0, leoncin.secret + "\n")
    assert fresh(leoncin).__data__ == before


def test_every_group_has_a_long_secret_of_its_own(leoncin, elsewhere):
    assert leoncin.secret != elsewhere.secret
    for group in (leoncin, elsewhere):
        assert group.secret.startswith("whsec_")
        assert len(group.secret) >= 40


def test_changing_the_secret_keeps_the_one_before(run, leoncin):
    result = run("secret", "leoncin", "--change")
    group = fresh(leoncin)
    assert result.output == group.secret + "\n"
    assert group.secret != leoncin.secret
    assert group.former_secret == leoncin.secret


def test_a_second_change_ends_the_first_secret(run, leoncin):
    second = run("secret", "leoncin", "--change").output.strip()
    run("secret", "leoncin", "--change")
    assert fresh(leoncin).former_secret == second


def test_withdrawing_ends_the_secret_before(run, leoncin):
    run("secret", "leoncin", "--change")
    assert run("secret", "leoncin", "--withdraw").exit_code == 0
    assert fresh(leoncin).former_secret is None
    assert fresh(leoncin).secret != leoncin.secret


def test_a_leaked_secret_can_be_ended_at_once(run, leoncin):
    result = run("secret", "leoncin", "--change", "--withdraw")
    assert result.exit_code == 0
    assert fresh(leoncin).former_secret is None
    assert fresh(leoncin).secret != leoncin.secret


def test_address_sets_shows_and_clears_where_decisions_are_sent(run, leoncin):
    assert run("address", "leoncin").output.startswith("none")
    url = "https://platform.example/furtka"
    assert run("address", "leoncin", url).output == url + "\n"
    assert fresh(leoncin).address == url
    assert run("address", "leoncin").output == url + "\n"
    assert run("address", "leoncin", "--none").output.startswith("none")
    assert fresh(leoncin).address is None


def test_a_new_address_is_tried_again_after_the_former_was_given_up(run, leoncin):
    Group.update(address_disabled="410 Gone").execute()
    run("address", "leoncin", "https://platform.example/")
    assert fresh(leoncin).address_disabled is None


@pytest.mark.parametrize(
    "url", ["ftp://platform.example", "platform.example", "javascript:alert(1)", "file:///etc"]
)
def test_an_address_that_is_not_of_the_web_is_refused(run, leoncin, url):
    result = run("address", "leoncin", url)
    assert result.exit_code == 2
    assert fresh(leoncin).address is None


@pytest.mark.parametrize("command", ["secret", "address"])
def test_an_unknown_group_is_said(run, leoncin, command):
    result = run(command, "nowhere")
    assert result.exit_code == 1
    assert "nowhere" in result.output


def test_a_group_is_set_up_from_the_command_line(app):
    run = app.test_cli_runner().invoke

    def flask(*arguments: str) -> None:
        result = run(args=["group", *arguments])
        assert result.exit_code == 0, result.output

    flask("add", "gorki", "Górki – forum", "--teryt", "1", "--municipality", "Górki")
    flask("contract", "gorki", "--from", "2020-01-01", "--price", "3850")
    flask("unit", "gorki", "safety", "OSP", "OSP Górki")
    flask("profile", "gorki", "OSP Górki", "100", "Strażacy z Górek")
    group = Group.get(Group.slug == "gorki")
    assert covers(Profile.get(), group, today())
    assert group.rules.count() == 12
    assert Contract.get().monthly_price == 385_000


def test_a_second_group_of_the_same_slug_is_refused(app, leoncin):
    run = app.test_cli_runner().invoke
    again = ["group", "add", "leoncin", "X", "--teryt", "2", "--municipality", "X"]
    result = run(args=again)
    assert result.exit_code == 1
    assert "already" in result.output
