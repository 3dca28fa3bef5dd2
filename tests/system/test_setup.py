"""flask setup: the first administrator and the first group, or nothing at all."""

import pytest

from console.people import signin
from models import AuditRecord, Connection, Group, Municipality, Rule, User
from tests.cast import PASSWORD, user

GIVEN = {
    "--administrator": "maria",
    "--group": "leoncin",
    "--name": "Leoncin – forum",
    "--teryt": "1414032",
    "--municipality": "Leoncin",
}


@pytest.fixture
def run(app, monkeypatch):
    monkeypatch.setenv("FURTKA_PASSWORD", PASSWORD)

    def ran(typed: str = "", **changed: str):
        options = GIVEN | {f"--{name}": value for name, value in changed.items()}
        arguments = [each for pair in options.items() if pair[1] for each in pair]
        return app.test_cli_runner().invoke(args=["setup", *arguments], input=typed)

    return ran


def test_the_first_administrator_can_sign_in_and_the_first_group_is_whole(run):
    said = run()
    assert said.exit_code == 0, said.output
    assert signin.sign_in("maria", PASSWORD, "::1").is_administrator
    group = Group.get()
    assert (group.slug, group.name) == ("leoncin", "Leoncin – forum")
    assert (group.municipality.teryt, group.municipality.name) == ("1414032", "Leoncin")
    assert Rule.select().where(Rule.group == group).count() > 5
    assert Connection.get().group == group


def test_it_says_what_to_do_next(run):
    said = run().output
    for each in ("make start", "maria", "/webhooks/in/leoncin", "group secret leoncin", "backups"):
        assert each in said


def test_it_stands_in_the_audit_trail(run):
    run()
    row = AuditRecord.get(AuditRecord.act == "console.set-up")
    assert (row.by, row.act, row.subject) == (None, "console.set-up", "maria")
    assert row.detail == "Leoncin – forum"


def test_what_is_not_given_is_asked_for(run, monkeypatch):
    monkeypatch.delenv("FURTKA_PASSWORD")
    typed = f"maria\n{PASSWORD}\n{PASSWORD}\nleoncin\nLeoncin\n1414032\nLeoncin\n"
    said = run(typed, **{name.removeprefix("--"): "" for name in GIVEN})
    assert said.exit_code == 0, said.output
    assert PASSWORD not in said.output
    assert signin.sign_in("maria", PASSWORD, "::1").is_administrator


def test_where_somebody_can_sign_in_already_nothing_is_asked_and_nothing_added(run, app):
    user("jan", User.ADMINISTRATOR)
    said = run(administrator="")
    assert said.exit_code == 1
    assert "is set up already" in said.output
    assert "first administrator's name" not in said.output
    assert Group.select().count() == 0
    assert User.select().count() == 1


def test_a_second_time_is_refused(run):
    run()
    again = run(administrator="ewa", group="other")
    assert again.exit_code == 1
    assert "is set up already" in again.output
    assert [row.name for row in User.select()] == ["maria"]


def test_over_the_demonstration_it_says_how_to_begin_without_it(run, app):
    User.create(name="demo", password_hash="", session_key="", demo=True)
    said = run()
    assert said.exit_code == 1
    assert "FURTKA_INSTANCE" in said.output


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"group": "Léon"}, "small letters a to z"),
        ({"password": "short"}, "at least 12 characters"),
        ({"administrator": "x" * 81}, "1 to 80 characters"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_leaves_nothing(run, wrong, said):
    refused = run(**wrong)
    assert refused.exit_code in (1, 2)
    assert said in refused.output
    assert "Traceback" not in refused.output
    for table in (User, Group, Municipality, AuditRecord):
        assert table.select().count() == 0
