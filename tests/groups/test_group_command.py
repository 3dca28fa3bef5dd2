"""flask group add | contract | unit | profile | secret | address"""

import pytest

from console.clock import today
from console.groups.whitelist import covers
from models import Contract, Group, Profile


@pytest.fixture
def run(app):
    def run(*args: str):
        return app.test_cli_runner().invoke(args=["group", *args])

    return run


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


@pytest.mark.parametrize("slug", ["a/b", "Górki", "", "..", "a b", "a-", "a\n"])
def test_a_slug_that_no_address_can_carry_is_refused(run, slug):
    result = run("add", slug, "Górki", "--teryt", "1", "--municipality", "Górki")
    assert result.exit_code == 2
    assert "letters a to z" in result.output
    assert not Group.select().exists()
