"""Every act on who may do what here, or how it is done, leaves a record: who, what, on whom."""

from datetime import date

import pytest

from console import audit
from console.groups import contracts, groups, units
from console.platforms import connections
from console.screening import verbs as screening
from models import (
    AuditRecord,
    Connection,
    Contract,
    Group,
    Profile,
    Rule,
    Screener,
    Seat,
    Unit,
    User,
)
from tests.cast import PASSWORD, rule

NEW = "quiet lantern seldom swims"
SCREENER = {"name": "Kanapy", "rule": "spam", "mode": "shadow", "alone": "kanapa"}


def records(*acts: str) -> list[tuple[str | None, str, str, str]]:
    """(who, act, subject, detail) of those acts, or of all, in their order."""
    rows = AuditRecord.select().order_by(AuditRecord.id)
    if acts:
        rows = rows.where(AuditRecord.act.in_(acts))
    return [(row.by and row.by.name, row.act, row.subject, row.detail) for row in rows]


@pytest.fixture
def client(browse, administrator, leoncin, anna):
    signed_in = browse(administrator)
    AuditRecord.delete().execute()
    return signed_in


# --- by page --------------------------------------------------------------------------------------


def test_a_new_user_and_their_groups(client, leoncin):
    form = {"name": "ola", "role": "moderator", "group": [leoncin.id]}
    client.submit("/people/users", **form)
    assert records() == [
        ("administrator", "user.added", "ola", "moderator"),
        ("administrator", "user.seats", "ola", "Leoncin – forum"),
        ("administrator", "user.link-made", "ola", ""),
    ]


def test_all_that_is_changed_of_a_user(client, anna):
    path = f"/people/users/{anna.id}"
    client.submit(path, change="seats")
    client.submit(path, change="administrator")
    client.submit(path, change="moderator")
    client.submit(path, change="deactivate")
    client.submit(path, change="reactivate")
    assert records() == [
        ("administrator", "user.seats", "anna", "none"),
        ("administrator", "user.role", "anna", "administrator"),
        ("administrator", "user.role", "anna", "moderator"),
        ("administrator", "user.deactivated", "anna", ""),
        ("administrator", "user.reactivated", "anna", "moderator"),
    ]


def test_ones_own_password(browse, anna):
    browse(anna).submit("/people/account", current=PASSWORD, password=NEW)
    assert records()[-1] == ("anna", "user.password", "anna", "")


def test_all_that_is_changed_of_rules(client, leoncin):
    path = "/groups/leoncin/rules"
    client.submit(path, name="Psy")
    added = Rule.get(Rule.name == "Psy").id
    client.submit(f"{path}/{added}", change="rename", name="Psy i koty")
    client.submit(f"{path}/{added}", change="move:1")
    client.submit(f"{path}/{added}", change="move:1")  # it stands there already
    for _twice in range(2):
        client.submit(f"{path}/{added}", change="retire")
    for _twice in range(2):
        client.submit(f"{path}/{added}", change="bring-back")
    named = "Psy i koty (Leoncin – forum)"
    assert records() == [
        ("administrator", "rule.added", "Psy (Leoncin – forum)", ""),
        ("administrator", "rule.renamed", "Psy (Leoncin – forum)", "Psy i koty"),
        ("administrator", "rule.moved", named, "1"),
        ("administrator", "rule.retired", named, ""),
        ("administrator", "rule.brought-back", named, ""),
    ]


def test_all_that_is_changed_of_screeners(client):
    client.submit("/screening/new/words", do="save", **SCREENER)
    id = Screener.get(Screener.name == "Kanapy").id
    changed = SCREENER | {"mode": "on", "version": "1"}
    client.submit(f"/screening/{id}", do="save", **changed)
    for _twice in range(2):
        client.submit(f"/screening/{id}/mode", mode="off")
    assert records() == [
        ("administrator", "screener.added", "Kanapy", "shadow"),
        ("administrator", "screener.changed", "Kanapy", "on"),
        ("administrator", "screener.switched", "Kanapy", "off"),
    ]


def test_what_was_refused_leaves_none(client, leoncin):
    client.submit("/people/users", name="ola", role="king")
    client.submit("/groups/leoncin/rules", name=rule(leoncin).name)
    client.submit("/screening/new/words", do="save", **SCREENER | {"alone": ""})
    client.submit(f"/people/users/{User.get(User.name == 'administrator').id}", change="deactivate")
    assert records() == []


def test_trying_a_screener_leaves_none(client):
    client.submit("/screening/new/words", do="try", text="kanapa", **SCREENER)
    assert records() == []


# --- by command -----------------------------------------------------------------------------------


@pytest.fixture
def run(app):
    def run(*args: str) -> None:
        result = app.test_cli_runner().invoke(args=args, env={"FURTKA_PASSWORD": PASSWORD})
        assert result.exit_code == 0, result.output

    return run


def test_commands_are_recorded_without_a_person(run, leoncin):
    AuditRecord.delete().execute()
    run("user", "add", "ola", "--role", "moderator", "--group", "leoncin")
    run("user", "passwd", "ola")
    run("user", "deactivate", "ola")
    run("group", "add", "nowy", "Nowy", "--teryt", "1414062", "--municipality", "Nowy")
    run("group", "contract", "nowy", "--from", "2026-01-01", "--price", "1")
    run("group", "unit", "nowy", "safety", "OSP", "OSP Nowy")
    run("group", "profile", "nowy", "OSP Nowy", "77", "Strażacy")
    run("group", "secret", "nowy", "--change", "--withdraw")
    run("group", "secret", "nowy")
    assert records() == [
        (None, "user.added", "ola", "moderator"),
        (None, "user.seats", "ola", "Leoncin – forum"),
        (None, "user.password", "ola", ""),
        (None, "user.deactivated", "ola", ""),
        (None, "group.added", "Nowy", ""),
        (None, "contract.signed", "Nowy", "01.01.2026 – …, 1,00 zł"),
        (None, "unit.added", "OSP Nowy", "Nowy"),
        (None, "profile.assigned", "OSP Nowy", "Strażacy (77)"),
        (None, "secret.changed", "Nowy", ""),
        (None, "secret.withdrawn", "Nowy", ""),
    ]


def test_of_an_address_only_the_host_is_recorded(leoncin, administrator):
    address = "https://user:word@platform.example/hook?key=secret"
    connections.set_address(leoncin, address, by=administrator)
    connections.set_address(leoncin, None)
    assert records("address.set", "address.cleared") == [
        ("administrator", "address.set", "Leoncin – forum", "platform.example"),
        (None, "address.cleared", "Leoncin – forum", ""),
    ]


def test_no_secret_is_recorded(leoncin):
    secret = connections.change_secret(leoncin)
    assert not [row for row in records() if secret in "".join(map(str, row))]


# --- together with the act, or not at all ---------------------------------------------------------


def test_if_it_cannot_be_recorded_it_is_not_done(client, leoncin, anna, monkeypatch):
    def fail(**_row):
        raise OSError("no room for the record")

    monkeypatch.setattr(audit.AuditRecord, "create", fail)
    before = [list(table.select().dicts()) for table in (User, Rule, Screener, Group)]
    moderates = Seat.select().count()
    path = f"/people/users/{anna.id}"
    monkeypatch.setitem(client.application.config, "PROPAGATE_EXCEPTIONS", False)
    for address, form in (
        ("/people/users", {"name": "ola", "role": "moderator"}),
        (path, {"change": "seats"}),
        (path, {"change": "administrator"}),
        (path, {"change": "link"}),
        (path, {"change": "deactivate"}),
        (path, {"change": "reactivate"}),
        ("/groups/leoncin/rules", {"name": "Psy"}),
        (f"/groups/leoncin/rules/{rule(leoncin).id}", {"change": "retire"}),
        ("/screening/new/words", {"do": "save"} | SCREENER),
        (f"/screening/{Screener.get().id}/mode", {"mode": "off"}),
    ):
        assert client.submit(address, **form).status_code == 500, form
    assert [list(table.select().dicts()) for table in (User, Rule, Screener, Group)] == before
    assert Seat.select().count() == moderates


def test_nor_is_an_act_of_a_command(leoncin, osp, monkeypatch):
    connections.change_secret(leoncin)
    before = [
        list(table.select().dicts()) for table in (Group, Contract, Unit, Profile, Connection)
    ]

    def fail(**_row):
        raise OSError("no room for the record")

    monkeypatch.setattr(audit.AuditRecord, "create", fail)
    for act in (
        lambda: groups.create("nowy", "Nowy", leoncin.municipality),
        lambda: contracts.sign(leoncin, date(2016, 1, 1), date(2016, 2, 1), 1),
        lambda: units.name_unit(leoncin, "safety", "OSP", "OSP Nowy"),
        lambda: units.designate(osp.unit, "77", "Strażacy", ""),
        lambda: connections.change_secret(leoncin),
        lambda: connections.withdraw_former_secret(leoncin),
        lambda: connections.set_address(leoncin, "https://platform.example/"),
        lambda: connections.set_address(leoncin, None),
    ):
        with pytest.raises(OSError, match="no room"):
            act()
    after = [list(table.select().dicts()) for table in (Group, Contract, Unit, Profile, Connection)]
    assert after == before


def test_a_record_outside_of_a_transaction_is_a_bug(app):
    with pytest.raises(AssertionError):
        audit.record(None, "user.added", "ola")


def test_a_new_databases_screeners_are_nobodys_act(app):
    screening.install_builtin()
    assert Screener.select().exists()
    assert records() == []
