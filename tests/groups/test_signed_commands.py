"""flask group contract | contracts | contract-end | contract-correct | unit | units | profile …"""

import pytest

from console.clock import today
from console.groups.whitelist import covers
from models import AuditRecord, Contract, Municipality, Profile, Unit


@pytest.fixture
def run(app):
    def run(*args: str):
        return app.test_cli_runner().invoke(args=["group", *args])

    return run


def refused(result) -> str:
    """What the command says; nothing of it is a traceback."""
    assert result.exit_code in (1, 2), result.output
    assert isinstance(result.exception, SystemExit)
    return result.output


def test_a_contract_is_signed_listed_ended_and_corrected(run, elsewhere):
    said = run("contract", "czosnow", "--from", "2027-01-01", "--to", "2027-12-31").output
    contract = Contract.get()
    assert "3500.00 zł a month (net 2845.53, VAT 654.47)" in said
    assert said.removeprefix("Signed. ") == run("contracts", "czosnow").output
    assert "– 2027-03-31," in run("contract-end", "czosnow", str(contract.id), "2027-03-31").output
    run("contract-correct", "czosnow", str(contract.id), "--price", "3850", "--reason", "aneks")
    assert "3850.00 zł" in run("contracts", "czosnow").output
    assert "2027-03-31" in run("contracts", "czosnow").output


def test_a_contract_over_another_is_refused(run, leoncin):
    said = refused(run("contract", "leoncin", "--from", str(today()), "--price", "1"))
    assert "has a contract already" in said
    assert Contract.select().count() == 1


def test_a_contract_that_is_not_there_is_named(run, leoncin, elsewhere):
    number = str(Contract.get().id)
    said = refused(run("contract-end", "czosnow", number, "2030-01-01"))
    assert "group contracts czosnow" in said


def test_units_are_listed_with_who_is_on_the_whitelist(run, leoncin, osp, school):
    run("unit-switch", "leoncin", "SP Leoncin", "off")
    said = run("units", "leoncin").output
    assert "osp  OSP Leoncin: on the whitelist" in said
    assert "SP Leoncin (education, szkoła podstawowa), off" in said
    assert "not on the whitelist: unit-inactive" in said


def test_a_profile_leaves_the_whitelist_at_once_and_comes_back(run, leoncin, osp):
    run("profile-off", "leoncin", "osp", "--reason", "konto przejęte")
    assert covers(Profile.get(), leoncin, today()).reason == "profile-inactive"
    assert AuditRecord.get(AuditRecord.act == "profile.taken-off").detail == "konto przejęte"
    run("profile-on", "leoncin", "osp")
    assert covers(Profile.get(), leoncin, today())
    assert "no profile" in refused(run("profile-off", "leoncin", "nobody"))


def test_a_known_profile_moves_only_if_one_says_so(run, leoncin, osp, school):
    again = "profile", "leoncin", "SP Leoncin", "osp", "Strażacy"
    said = refused(run(*again))
    assert "publishes for OSP Leoncin" in said
    assert Profile.get_by_id(osp.id).unit == osp.unit
    assert run(*again, "--move").exit_code == 0
    moved = Profile.get_by_id(osp.id)
    assert moved.unit == school.unit
    assert moved.url == "https://www.facebook.com/osp"  # nobody said another one


def test_a_second_unit_of_a_name_is_refused(run, leoncin, osp):
    assert "already" in refused(run("unit", "leoncin", "safety", "OSP", "OSP Leoncin"))
    assert Unit.select().count() == 1


@pytest.mark.parametrize("code", ["abc", "", "141403", "14140321", "１４１４０３２"])
def test_a_teryt_code_has_seven_digits(run, code):
    said = refused(run("add", "gorki", "Górki", "--teryt", code, "--municipality", "Górki"))
    assert "7 digits" in said
    assert not Municipality.select().exists()


def test_a_known_code_with_another_name_is_refused(run, leoncin):
    said = refused(run("add", "gorki", "Górki", "--teryt", "1414032", "--municipality", "Górki"))
    assert "1414032 is Leoncin" in said
