"""The demonstration: a realistic week, taken in through the import door; and its sign-ins."""

import os
import re
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from console import config
from console.demo import accounts, load
from console.errors import Refused
from console.intake import importing
from console.people import signin, users
from console.storage import db, now
from models import Decision, Entry, Group, Profile, Report, Revision, Unit, User

# The verbs it goes through are tested on both databases; this is about what is in it.
pytestmark = pytest.mark.databases("sqlite")


@pytest.fixture(autouse=True)
def _instance(tmp_path, monkeypatch):
    monkeypatch.setattr(config, "INSTANCE", tmp_path / "instance")


def test_the_demonstration_is_a_week_of_one_group(app, browse, monkeypatch):
    imported = []
    door = importing.import_file

    def counted(group, path):
        imported.append(door(group, path))
        return imported[-1]

    monkeypatch.setattr("console.demo.import_file", counted)
    result = app.test_cli_runner().invoke(args=["demo"])
    assert result.exit_code == 0, result.output

    (through_the_door,) = imported
    assert through_the_door.rejected == 0
    assert Entry.select().count() >= 300
    group = Group.get()
    assert group.slug == "leoncin"

    writers = Unit.select().join(Profile).join(Entry)
    assert {unit.kind for unit in writers} == set(Unit.KINDS)
    assert Entry.select().join(Profile).where(Profile.unit.is_null()).count() > 100
    assert Entry.select().where(Entry.kind == "comment", Entry.parent.is_null()).count() == 0
    for waiting in (Entry.held(), Entry.reported(), Entry.whitelisted, Entry.urgency == 2):
        assert Entry.select().where(waiting).exists()
    urgent = Unit.select().join(Profile).join(Entry).where(Entry.held(), Entry.urgency == 2)
    assert {"authority", "safety"} <= {unit.kind for unit in urgent}
    for model in (Report, Decision, Revision):
        assert model.select().exists()
    assert not Entry.select().where(Entry.held_reason == "failed").exists()

    # Times are relative to today, and none lies ahead.
    ages = [(now() - entry.created).total_seconds() / 86_400 for entry in Entry.select()]
    assert 0 <= min(ages) < 0.1
    assert 6 < max(ages) < 9

    # Both accounts work, and both see something to do.
    for name, password, _token in accounts.sign_ins():
        client = browse()
        answer = client.submit("/people/sign-in", name=name, password=password)
        assert answer.status_code == 303
        for list in ("held", "reported", "incoming"):
            assert "<article" in client.get(f"/queue/{list}").text

    # A second start keeps the data.
    before = [model.select().count() for model in (Entry, User, Decision)]
    result = app.test_cli_runner().invoke(args=["demo"])
    assert result.exit_code == 0
    assert "not loaded" in result.output
    assert [model.select().count() for model in (Entry, User, Decision)] == before


def test_the_demonstration_is_not_loaded_beside_real_groups(app, elsewhere):
    result = app.test_cli_runner().invoke(args=["demo"])
    assert "not loaded" in result.output
    assert not User.select().exists()
    assert not Entry.select().exists()


def test_the_demonstration_is_not_loaded_beside_a_user(app, administrator):
    result = app.test_cli_runner().invoke(args=["demo"])
    assert (result.exit_code, "not loaded" in result.output) == (0, True)
    assert not Entry.select().exists()


@pytest.fixture
def loaded(app, monkeypatch):
    """The demonstration without its week."""
    monkeypatch.setattr("console.demo.import_file", lambda *_: importing.Result())
    load()


def passwords_of(said: str) -> dict[str, str]:
    return dict(re.findall(r"sign in as (\S+), password (\S+)", said))


@pytest.fixture
def welcome(app):
    def welcome() -> str:
        result = app.test_cli_runner().invoke(args=["welcome"])
        assert result.exit_code == 0, result.output
        return result.output

    return welcome


def paths_in(said: str) -> list[str]:
    return re.findall(r"http://localhost:8000(/demo/sign-in/\S+)", said)


def test_the_demonstrations_accounts_are_marked_as_such(loaded, welcome):
    assert {user.name for user in User.select().where(User.demo)} == set(accounts.NAMES)
    said = welcome()
    assert "http://localhost:8000/" in said
    # welcome shows them, and no others.
    assert set(passwords_of(said)) == set(accounts.NAMES)
    for name, password in passwords_of(said).items():
        assert signin.sign_in(name, password, "192.0.2.1").role == name


def test_their_passwords_are_drawn_and_nobody_else_reads_them(loaded, welcome, tmp_path):
    drawn = passwords_of(welcome())
    assert passwords_of(welcome()) == drawn
    for name, password in drawn.items():
        assert len(password) >= 16
        with pytest.raises(Refused):
            signin.sign_in(name, name, "192.0.2.1")  # as it once was
    files = [file for file in (tmp_path / "instance").rglob("*") if file.is_file()]
    assert len(files) == 3  # the passwords, and an address of each
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert not set(accounts.draw().values()) & set(drawn.values())  # at another load


def test_the_setting_gives_both_a_password(app, welcome, monkeypatch):
    config.use(replace(config.settings(), demo_password="for-tests"))
    monkeypatch.setattr("console.demo.import_file", lambda *_: importing.Result())
    load()
    assert set(passwords_of(welcome()).values()) == {"for-tests"}
    assert signin.sign_in("moderator", "for-tests", "192.0.2.1")


def test_a_demonstration_of_before_gets_passwords_that_nobody_knows(app, welcome):
    for name in accounts.NAMES:
        users.add(name, name, name, demo=True)
    drawn = passwords_of(welcome())
    for name in accounts.NAMES:
        with pytest.raises(Refused):
            signin.sign_in(name, name, "192.0.2.1")
        assert signin.sign_in(name, drawn[name], "192.0.2.1").demo
    assert passwords_of(welcome()) == drawn


def test_who_has_a_password_of_their_own_is_not_shown_any_more(loaded, welcome):
    users.change_password(User.get(User.name == "moderator"), "a password of my own")
    said = welcome()
    assert set(passwords_of(said)) == {"administrator"}
    assert len(paths_in(said)) == 1


# --- an address that signs in once ----------------------------------------------------------------


def is_signed_in(client) -> bool:
    return client.get("/people/account").status_code == 200


def test_an_address_signs_in_once(loaded, welcome, browse):
    for path, name in zip(paths_in(welcome()), accounts.NAMES, strict=True):
        client = browse()
        for _twice in range(2):  # to look at it spends nothing
            assert f"Zaloguj się jako {name}" in client.get(path).text
        assert client.submit(path).location == "/"
        assert is_signed_in(client)
        assert client.get("/people/users").status_code == (200 if name == "administrator" else 404)
        again = browse()
        for answer in (again.get(path), again.submit(path)):
            assert answer.status_code == 400
            assert "Uruchom konsolę ponownie" in answer.text
        assert not is_signed_in(again)


def test_of_many_at_once_one_is_signed_in(loaded):
    token = next(iter(accounts.sign_ins())).token
    with ThreadPoolExecutor(8) as many:
        outcomes = list(many.map(lambda _number: _outcome(token), range(8)))
    assert sorted(outcomes) == ["refused"] * 7 + ["signed in"]


def _outcome(token: str) -> str:
    with db.connection_context():
        try:
            accounts.spend(token)
        except Refused:
            return "refused"
    return "signed in"


def test_a_new_start_ends_the_addresses_of_the_one_before(loaded, welcome, browse):
    (before, _other), after = paths_in(welcome()), paths_in(welcome())
    assert browse().get(before).status_code == 400
    assert browse().get(after[0]).status_code == 200


def test_after_a_day_it_is_over(loaded, welcome, browse, tmp_path):
    path, _other = paths_in(welcome())
    yesterday = time.time() - 24 * 3600 - 1
    for file in (tmp_path / "instance" / "demo_sign_ins").iterdir():
        os.utime(file, (yesterday, yesterday))
    assert browse().get(path).status_code == 400
    assert browse().submit(path).status_code == 400


def test_it_is_for_the_demonstrations_accounts_alone(loaded, welcome, browse):
    off, own = paths_in(welcome())
    User.update(active=False).where(User.name == "administrator").execute()
    User.update(demo=False).where(User.name == "moderator").execute()
    for path in (off, own):
        assert browse().get(path).status_code == 400
        assert browse().submit(path).status_code == 400


@pytest.mark.parametrize(
    "strange",
    [{"REMOTE_ADDR": "192.0.2.1"}, {"HTTP_HOST": "console.example"}],
    ids=["from elsewhere", "through a proxy on this machine"],
)
def test_from_elsewhere_it_signs_nobody_in_and_is_not_spent(loaded, welcome, browse, strange):
    path, _other = paths_in(welcome())
    client = browse()
    token = client.get("/people/sign-in").text.split('name="csrf_token" value="')[1].split('"')[0]
    for method, data in (("GET", None), ("POST", {"csrf_token": token})):
        answer = client.open(path, method=method, data=data, environ_overrides=strange)
        assert answer.status_code in {400, 419}
    assert not is_signed_in(client)
    assert client.submit(path).status_code == 303
