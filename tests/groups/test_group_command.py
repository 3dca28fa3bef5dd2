"""flask group add | alias | contract | unit | profile | secret | address"""

import pytest

from console.clock import today
from console.groups.whitelist import covers
from models import AuditRecord, Contract, Group, GroupAlias, Profile


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

    flask("add", "gorki", "Górki – forum", "--teryt", "1414032", "--municipality", "Górki")
    flask("contract", "gorki", "--from", "2020-01-01", "--price", "3850")
    flask("unit", "gorki", "safety", "OSP", "OSP Górki")
    flask("profile", "gorki", "OSP Górki", "100", "Strażacy z Górek")
    group = Group.get(Group.slug == "gorki")
    assert covers(Profile.get(), group, today())
    assert group.rules.count() == 12
    assert Contract.get().monthly_price == 385_000


def test_a_second_group_of_the_same_slug_is_refused(app, leoncin):
    run = app.test_cli_runner().invoke
    again = ["group", "add", "leoncin", "X", "--teryt", "1414032", "--municipality", "Leoncin"]
    result = run(args=again)
    assert result.exit_code == 1
    assert "already" in result.output


@pytest.mark.parametrize("slug", ["a/b", "Górki", "", "..", "a b", "a-", "a\n"])
def test_a_slug_that_no_address_can_carry_is_refused(run, slug):
    result = run("add", slug, "Górki", "--teryt", "1414032", "--municipality", "Górki")
    assert result.exit_code == 2
    assert "letters a to z" in result.output
    assert not Group.select().exists()


def aliases(group: Group) -> list[str]:
    return [each.name for each in group.aliases.order_by(GroupAlias.name)]


def test_a_groups_number_and_slug_on_its_platform_are_its_aliases(run, leoncin):
    run("alias", "leoncin", "1234567890")
    result = run("alias", "leoncin", "https://www.facebook.com/groups/LeoncinForum/posts/77/")
    assert result.output.split() == ["1234567890", "leoncinforum"]
    assert run("alias", "leoncin").output == result.output
    run("alias", "leoncin", "LeoncinForum")
    assert aliases(leoncin) == ["1234567890", "leoncinforum"]
    acts = AuditRecord.select(AuditRecord.detail).where(AuditRecord.act == "alias.added")
    assert [each.detail for each in acts] == ["1234567890", "leoncinforum"]


def test_an_alias_is_removed(run, leoncin):
    run("alias", "leoncin", "1234567890")
    assert run("alias", "leoncin", "1234567890", "--remove").exit_code == 0
    assert aliases(leoncin) == []
    again = run("alias", "leoncin", "1234567890", "--remove")
    assert again.exit_code == 1
    assert "no alias" in again.output
    assert AuditRecord.select().where(AuditRecord.act == "alias.removed").count() == 1


def test_an_alias_of_another_group_stays_there(run, leoncin, elsewhere):
    run("alias", "czosnow", "1234567890")
    result = run("alias", "leoncin", "1234567890")
    assert result.exit_code == 1
    assert "lead to czosnow" in result.output
    assert (aliases(leoncin), aliases(elsewhere)) == ([], ["1234567890"])


@pytest.mark.parametrize(
    "alias", ["..", "a b", "ą", "https://evil.pl/x", "fb.com/groups/feed", "\0"]
)
def test_what_is_no_alias_is_refused(run, leoncin, alias):
    assert run("alias", "leoncin", alias).exit_code == 2
    assert aliases(leoncin) == []
