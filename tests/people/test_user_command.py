"""flask user add | link | passwd | deactivate"""

from dataclasses import replace

import pytest

from console import config
from console.people import signin
from models import Group, Seat, User
from tests.cast import PASSWORD, fresh, link_in

NEW = "quiet lantern seldom swims"
HERE = "192.0.2.1"


@pytest.fixture
def run(app):
    def run(*args: str, password: str | None = PASSWORD):
        return app.test_cli_runner().invoke(args=["user", *args], env={"FURTKA_PASSWORD": password})

    return run


def test_add_makes_a_moderator_with_seats(run, leoncin, elsewhere):
    result = run("add", "ola", "--role", "moderator", "--group", "leoncin", "--group", "czosnow")
    assert result.exit_code == 0, result.output
    ola = signin.sign_in("ola", PASSWORD, HERE)
    assert ola.role == User.MODERATOR
    assert {seat.group for seat in Seat.select().where(Seat.user == ola)} == set(Group.select())


def test_add_makes_an_administrator_and_does_not_show_the_password(run):
    result = run("add", "boss", "--role", "administrator")
    assert result.exit_code == 0, result.output
    assert PASSWORD not in result.output
    assert signin.sign_in("boss", PASSWORD, HERE).is_administrator


def test_add_without_a_password_prints_a_link_with_which_they_set_their_own(browse, run):
    result = run("add", "ola", "--role", "administrator", password=None)
    assert result.exit_code == 0, result.output
    assert f"http://localhost:8000{link_in(result.output)}\n" in result.output
    assert browse().submit(link_in(result.output), password=NEW).status_code == 303
    assert signin.sign_in("ola", NEW, HERE).is_administrator


def test_link_prints_a_new_link(browse, run, anna):
    result = run("link", "anna")
    assert browse().submit(link_in(result.output), password=NEW).status_code == 303
    assert signin.sign_in("anna", NEW, HERE) == anna


def test_where_nobody_has_said_what_the_address_is_a_link_says_what_is_missing(run, app, anna):
    config.use(replace(app.config["SETTINGS"], origin=""))
    output = run("link", "anna").output
    assert f"\n{link_in(output)}\n" in output
    assert "FURTKA_ORIGIN" in output


@pytest.mark.parametrize(
    ("args", "password"),
    [
        (["ola", "--role", "moderator", "--group", "nowhere"], PASSWORD),
        (["ola", "--role", "moderator"], "short"),
        (["ola", "--role", "emperor"], PASSWORD),
        (["ola"], PASSWORD),
        (["", "--role", "moderator"], PASSWORD),
    ],
)
def test_add_says_what_is_wrong_and_adds_nobody(run, leoncin, args, password):
    result = run("add", *args, password=password)
    assert result.exit_code != 0
    assert "Error" in result.output
    assert "Traceback" not in result.output
    assert not User.select().exists()


def test_a_command_refuses_in_english_after_a_page_in_polish(run, browse, anna):
    assert "Zaloguj" in browse().get("/people/sign-in").text
    result = run("add", "ola", "--role", "moderator", password="short")
    assert result.output == "Error: A password has at least 12 characters.\n"
    assert "Zaloguj" in browse().get("/people/sign-in").text


def test_add_says_of_a_moderator_without_a_group_what_is_missing(run, leoncin):
    assert "no group yet" in run("add", "ola", "--role", "moderator").output
    for more in (["--role", "moderator", "--group", "leoncin"], ["--role", "administrator"]):
        assert run("add", f"ola-{more[1]}", *more).output == f"ola-{more[1]} can sign in.\n"


def test_a_new_password_does_not_let_a_deactivated_user_in_and_says_so(run, anna):
    run("deactivate", "anna")
    assert "cannot sign in" in run("passwd", "anna", password=NEW).output


def test_add_does_not_take_a_name_twice(run, anna):
    result = run("add", "anna", "--role", "administrator", password=NEW)
    assert result.exit_code == 1
    assert signin.sign_in("anna", PASSWORD, HERE).role == User.MODERATOR


@pytest.mark.databases("sqlite", "postgres")
def test_passwd_changes_the_password_and_ends_the_sessions(run, browse, anna):
    client = browse(anna)
    result = run("passwd", "anna", password=NEW)
    assert result.exit_code == 0, result.output
    assert client.get("/people/account").status_code == 303
    assert signin.sign_in("anna", NEW, HERE) == anna


def test_passwd_refuses_a_short_password(run, anna):
    assert run("passwd", "anna", password="short").exit_code == 1
    assert signin.sign_in("anna", PASSWORD, HERE) == anna


@pytest.mark.databases("sqlite", "postgres")
def test_deactivate_ends_the_sessions(run, browse, anna):
    client = browse(anna)
    assert run("deactivate", "anna").exit_code == 0
    assert client.get("/people/account").status_code == 303
    assert not fresh(anna).active


def test_deactivate_spares_the_last_administrator(run, administrator):
    assert run("deactivate", "administrator").exit_code == 1
    assert fresh(administrator).active


@pytest.mark.parametrize("command", ["link", "passwd", "deactivate"])
def test_an_unknown_name_is_said(run, app, command):
    result = run(command, "nobody")
    assert result.exit_code == 1
    assert "nobody" in result.output
