"""A fresh sign-in is asked again before users are changed; the form that was sent is kept."""

import html
import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from console.people import sessions, signin
from console.storage import now
from models import Seat, Session, User
from tests.cast import PASSWORD

NEW = "quiet lantern seldom swims"
CONFIRM = "/people/confirm"


@pytest.fixture
def boss(browse, administrator):
    """Signed in too long ago."""
    client = browse(administrator)
    Session.update(confirmed=now() - sessions.CONFIRMED_FOR).execute()
    return client


def follow(client, answer, form: dict):
    """As a browser does with 307: the same form, to there."""
    assert answer.status_code == 307
    return client.submit(answer.location, **form)


def hidden(page: str) -> dict[str, list[str]]:
    """What the question carries along."""
    fields: dict[str, list[str]] = {}
    form = page.split(f'action="{CONFIRM}')[1].split("</form>")[0]
    for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="(.*?)"', form):
        fields.setdefault(html.unescape(name), []).append(html.unescape(value))
    return {name: values for name, values in fields.items() if name != "csrf_token"}


def action(page: str) -> str:
    return html.unescape(re.search(rf'action="({CONFIRM}[^"]*)"', page)[1])


@pytest.mark.databases("sqlite", "postgres")
def test_a_change_of_users_is_held_up_and_goes_on_with_all_that_was_filled_in(
    boss, leoncin, elsewhere
):
    form = {"name": "Żółć & „Ćma”", "role": "moderator"}
    form["group"] = [leoncin.id, elsewhere.id]
    question = follow(boss, boss.submit("/people/users", **form), form)
    assert "Potwierdź, że to Ty" in question.text
    assert not User.select().where(User.name == form["name"]).exists()
    kept = hidden(question.text)
    assert kept == {
        "name": [form["name"]],
        "role": ["moderator"],
        "group": [str(leoncin.id), str(elsewhere.id)],
    }
    answer = boss.submit(action(question.text), **kept, current=PASSWORD)
    assert urlsplit(answer.location).path == "/people/users"
    assert "/people/links/" in follow(boss, answer, kept | {"current": PASSWORD}).text
    made = User.get(User.name == form["name"])
    assert Seat.select().where(Seat.user == made).count() == 2


def test_a_wrong_password_changes_nothing_and_keeps_the_form(boss, anna):
    form = {"change": "deactivate"}
    question = follow(boss, boss.submit(f"/people/users/{anna.id}", **form), form)
    again = boss.submit(action(question.text), **form, current="wrong password")
    assert again.status_code == 400
    assert "To nie jest Twoje obecne hasło." in again.text
    assert hidden(again.text) == {"change": ["deactivate"]}
    assert "wrong password" not in again.text
    assert action(again.text) == action(question.text)
    assert boss.submit(f"/people/users/{anna.id}", **form).status_code == 307
    empty = boss.submit(action(question.text), **form, current="")
    assert empty.status_code == 400
    assert "To pole jest wymagane." in empty.text


def test_guessing_there_is_throttled(boss):
    for _time in range(signin.PER_ACCOUNT_AND_ADDRESS):
        assert boss.submit(CONFIRM, current="wrong").status_code == 400
    assert boss.submit(CONFIRM, current=PASSWORD).status_code == 429


def test_for_a_quarter_of_an_hour_nothing_is_asked_again(boss, anna):
    assert boss.submit(CONFIRM, current=PASSWORD).status_code == 307
    path = f"/people/users/{anna.id}"
    assert boss.submit(path, change="deactivate").status_code == 303
    Session.update(confirmed=now() - timedelta(minutes=14)).execute()
    assert boss.submit(path, change="reactivate").status_code == 303
    Session.update(confirmed=now() - timedelta(minutes=15)).execute()
    assert boss.submit(path, change="deactivate").status_code == 307


@pytest.mark.databases("sqlite", "postgres")
@pytest.mark.parametrize("path", [CONFIRM, "/people/account"])
def test_whoever_proves_who_they_are_goes_on_under_a_new_key(boss, browse, path):
    thief = browse()
    thief.set_cookie("session", boss.get_cookie("session").value)
    assert thief.get("/people/users").status_code == 200
    boss.submit(path, current=PASSWORD, password=NEW)
    assert thief.get("/people/users").status_code == 303
    assert boss.get("/people/users").status_code == 200
    assert Session.select().count() == 1


def test_it_is_asked_of_each_session_alone(boss, browse, administrator, anna):
    browse(administrator)
    assert boss.submit(f"/people/users/{anna.id}", change="deactivate").status_code == 307


def test_looking_at_users_asks_nothing(boss):
    assert boss.get("/people/users").status_code == 200


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "", "javascript:1"])
def test_it_never_leads_to_another_host(boss, target):
    answer = boss.submit(f"{CONFIRM}?next={target}", current=PASSWORD)
    assert (answer.status_code, answer.location) == (307, "/")


def test_to_a_moderator_the_page_of_users_does_not_exist_however_fresh(browse, anna):
    client = browse(anna)
    Session.update(confirmed=now() - timedelta(hours=1)).execute()
    assert client.submit("/people/users", name="x").status_code == 404


def test_it_is_only_sent(boss):
    assert boss.get(CONFIRM).status_code == 405
