"""The demonstration: a realistic week, taken in through the import door."""

import pytest

from console.demo import PASSWORDS, load
from console.intake import importing
from console.people import signin
from console.storage import now
from models import Decision, Entry, Group, Profile, Report, Revision, Unit, User

# The verbs it goes through are tested on both databases; this is about what is in it.
pytestmark = pytest.mark.databases("sqlite")


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
    for name, password in PASSWORDS.items():
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


def test_the_demonstrations_accounts_are_marked_as_such(app, monkeypatch):
    monkeypatch.setattr("console.demo.import_file", lambda *_: importing.Result())
    load()
    assert {user.name for user in User.select().where(User.demo)} == set(PASSWORDS)
    for name, password in PASSWORDS.items():
        assert signin.sign_in(name, password, "192.0.2.1").role == name
    # welcome shows them, and no others.
    with app.app_context():
        output = app.test_cli_runner().invoke(args=["welcome"]).output
    for name, password in PASSWORDS.items():
        assert f"sign in as {name}, password {password}" in output
    assert "http://localhost:8000/" in output
