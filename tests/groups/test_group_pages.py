"""The groups and a group's page: contracts, units and profiles, for administrators."""

from datetime import timedelta

import pytest

from console.clock import today
from console.groups import contracts, units
from console.groups.overview import summaries
from console.groups.whitelist import covers
from models import AuditRecord, Contract, Group, Profile, Unit
from tests.cast import DAY, beside

GROUP = {"name": "Górki – forum", "slug": "gorki", "municipality": "Górki", "teryt": "1414032"}


@pytest.fixture
def browser(browse, administrator):
    return browse(administrator)


def test_a_group_is_added_and_its_page_shows_what_is_missing(browser):
    answer = browser.submit("/groups/", **GROUP)
    assert answer.status_code == 303
    page = browser.get(answer.location).text
    assert "Nie ma umowy" in page
    assert "Nie ma jeszcze jednostek" in page
    assert "Górki – forum" in browser.get("/groups/").text
    assert AuditRecord.get(AuditRecord.act == "group.added").by.name == "administrator"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("slug", "Górki!", "małe litery"),
        ("teryt", "abc", "7 cyfr"),
        ("municipality", "Inna", "1414032 ma gmina Leoncin"),
        ("slug", "leoncin", "już jest"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_added(
    browser, leoncin, field, value, words
):
    answer = browser.submit("/groups/", **GROUP | {"municipality": "Leoncin"} | {field: value})
    assert answer.status_code == 400
    assert words in beside(answer, field)
    assert "Górki – forum" in answer.text  # what was typed is still there
    assert Group.select().count() == 1


def test_a_contract_is_signed_for_the_usual_price(browser, elsewhere):
    day, half_a_year = today(), today() + timedelta(days=190)
    browser.submit("/groups/czosnow/contracts", starts=day, ends=half_a_year, price="")
    contract = Contract.get()
    assert (contract.starts, contract.ends) == (day, half_a_year)
    assert contract.monthly_price == 350_000
    page = browser.get("/groups/czosnow").text
    assert "3\xa0500,00 zł brutto miesięcznie (netto 2\xa0845,53, VAT 654,47)" in page
    assert AuditRecord.get(AuditRecord.act == "contract.signed").by.name == "administrator"


def test_a_second_contract_at_once_is_refused_in_its_own_form(browser, leoncin):
    answer = browser.submit("/groups/leoncin/contracts", starts=today(), price="3850")
    assert answer.status_code == 400
    assert "Dwie nie mogą trwać naraz" in beside(answer, "new-starts")
    assert Contract.select().count() == 1


def test_a_contract_is_ended_and_corrected(browser, leoncin, osp):
    contract = Contract.get()
    path = f"/groups/leoncin/contracts/{contract.id}"
    last = today() + DAY
    assert browser.submit(path, change="end", last_day=last).status_code == 303
    assert not covers(osp, leoncin, last + DAY)
    wrong = {"change": "correct", "starts": contract.starts, "price": "3500"}
    assert browser.submit(path, **wrong).status_code == 400  # without a reason
    assert browser.submit(path, **wrong, reason="pomyłka").status_code == 303
    now = Contract.get()
    assert (now.ends, now.monthly_price) == (None, 350_000)
    assert browser.submit(path, change="tear-up").status_code == 404


def test_units_and_profiles_are_named_and_switched(browser, leoncin):
    unit = {"kind": "safety", "type": "OSP", "name": "OSP Górki"}
    assert browser.submit("/groups/leoncin/units", **unit).status_code == 303
    again = browser.submit("/groups/leoncin/units", **unit)
    assert "ma już jednostkę" in beside(again, "unit-name")
    named = Unit.get()
    profile = {"unit": named.id, "external_id": "77", "name": "Strażacy", "url": ""}
    assert browser.submit("/groups/leoncin/profiles", **profile).status_code == 303
    made = Profile.get()
    assert covers(made, leoncin, today())
    assert "na białej liście" in browser.get("/groups/leoncin").text
    browser.submit(f"/groups/leoncin/profiles/{made.id}", change="off", reason="konto przejęte")
    assert not covers(Profile.get(), leoncin, today())
    assert AuditRecord.get(AuditRecord.act == "profile.taken-off").detail == "konto przejęte"
    browser.submit(f"/groups/leoncin/profiles/{made.id}", change="on")
    browser.submit(f"/groups/leoncin/units/{named.id}", change="off")
    assert covers(Profile.get(), leoncin, today()).reason == "unit-inactive"


def test_a_known_profile_moves_only_where_that_is_said(browser, leoncin, osp, school):
    move = {"unit": school.unit_id, "external_id": "osp", "name": "Strażacy", "url": ""}
    answer = browser.submit("/groups/leoncin/profiles", **move)
    assert answer.status_code == 400
    assert "publikuje za jednostkę OSP Leoncin" in answer.text
    assert browser.submit("/groups/leoncin/profiles", **move, move="y").status_code == 303
    assert Profile.get_by_id(osp.id).unit == school.unit


def test_nobody_but_administrators_finds_these_pages(browse, anna, leoncin, osp):
    browser = browse(anna)
    assert browser.get("/groups/").status_code == 404
    assert browser.get("/groups/leoncin").status_code == 404
    for path in ("", "leoncin/contracts", "leoncin/units", f"leoncin/profiles/{osp.id}"):
        assert browser.submit(f"/groups/{path}", change="off").status_code == 404
    assert Profile.get_by_id(osp.id).active


def test_what_is_another_groups_is_not_found_under_this_one(browser, elsewhere, leoncin, osp):
    unit, profile, contract = osp.unit_id, osp.id, Contract.get().id
    for path in (f"units/{unit}", f"profiles/{profile}", f"contracts/{contract}"):
        assert browser.submit(f"/groups/czosnow/{path}", change="off").status_code == 404


def test_a_residents_profile_cannot_be_switched(browser, leoncin, published):
    answer = browser.submit(f"/groups/leoncin/profiles/{published.profile_id}", change="off")
    assert answer.status_code == 404


def test_the_list_says_how_it_stands_with_each_groups_contract(leoncin, elsewhere, osp):
    contracts.end(Contract.get(), today() + 20 * DAY)
    contracts.sign(elsewhere, today() + 3 * DAY, None, 385_000)
    units.name_unit(elsewhere, "ngo", "stowarzyszenie", "Nasze")
    seen = {each.group.slug: (each.state, each.units) for each in summaries()}
    assert seen == {"leoncin": ("ending soon", 1), "czosnow": ("planned", 1)}
