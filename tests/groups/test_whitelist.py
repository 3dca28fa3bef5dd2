import ast
import inspect
from datetime import date, timedelta

import pytest

from console.groups import contracts, units, whitelist
from console.groups.whitelist import REASONS, covers
from models import Contract, Profile, Unit

DAY = timedelta(days=1)
FIRST, LAST = date(2026, 3, 1), date(2026, 9, 30)


@pytest.fixture
def contract(leoncin):
    """The group's only contract: from 1 March to 30 September."""
    Contract.delete().execute()
    return contracts.sign(leoncin, FIRST, LAST, 385_000)


def why(profile, group, day=FIRST) -> str:
    return covers(Profile.get_by_id(profile.id), group, day).reason


def test_a_units_profile_is_covered_while_the_contract_is_active(leoncin, school, contract):
    cover = covers(school, leoncin, FIRST)
    assert cover
    assert cover == (True, "covered")


@pytest.mark.parametrize(
    ("day", "covered"),
    [(FIRST - DAY, False), (FIRST, True), (LAST, True), (LAST + DAY, False)],
)
def test_the_contracts_first_and_last_day_are_included(leoncin, school, contract, day, covered):
    cover = covers(school, leoncin, day)
    assert bool(cover) is covered
    assert cover.reason == ("covered" if covered else "no-contract")


def test_a_contract_without_an_end_goes_on(leoncin, school, contract):
    contract.ends = None
    contract.save()
    assert covers(school, leoncin, LAST + 1000 * DAY)
    assert not covers(school, leoncin, FIRST - DAY)


def test_between_two_contracts_nobody_is_covered(leoncin, school, contract):
    contracts.sign(leoncin, LAST + 31 * DAY, None, 400_000)
    assert covers(school, leoncin, LAST)
    assert why(school, leoncin, LAST + 30 * DAY) == "no-contract"
    assert covers(school, leoncin, LAST + 31 * DAY)


def test_a_residents_profile_is_not_covered(leoncin, contract):
    resident = Profile.create(group=leoncin, external_id="jan", name="Jan Nowak")
    assert why(resident, leoncin) == "no-unit"


def test_a_unit_of_another_group_is_not_covered_here(leoncin, elsewhere, school, contract):
    contracts.sign(elsewhere, FIRST, LAST, 385_000)
    assert why(school, elsewhere) == "other-group"
    assert why(school, leoncin) == "covered"


def test_another_groups_contract_covers_nobody_here(leoncin, elsewhere, school):
    Contract.update(group=elsewhere).execute()
    assert why(school, leoncin, date.today()) == "no-contract"


def test_a_profile_that_is_switched_off_is_not_covered(leoncin, school, contract):
    Profile.update(active=False).where(Profile.id == school.id).execute()
    assert why(school, leoncin) == "profile-inactive"


def test_a_unit_that_is_switched_off_is_not_covered(leoncin, school, contract):
    Unit.update(active=False).where(Unit.id == school.unit_id).execute()
    assert why(school, leoncin) == "unit-inactive"


def test_switching_back_on_covers_again(leoncin, school, contract):
    Profile.update(active=False).where(Profile.id == school.id).execute()
    Profile.update(active=True).where(Profile.id == school.id).execute()
    assert why(school, leoncin) == "covered"


def test_a_resident_can_become_a_units_profile(leoncin, contract):
    Profile.create(group=leoncin, external_id="lib", name="Bibliotekarka")
    unit = units.name_unit(leoncin, "culture", "biblioteka", "Biblioteka")
    profile = units.designate(unit, "lib", "Biblioteka", "https://www.facebook.com/lib")
    assert Profile.select().count() == 1
    assert why(profile, leoncin) == "covered"


@pytest.mark.parametrize("kind", Unit.KINDS)
def test_units_of_every_kind_are_covered(leoncin, contract, kind):
    unit = units.name_unit(leoncin, kind, "jednostka", "Jednostka")
    assert covers(units.designate(unit, "it", "It", ""), leoncin, FIRST)


def test_every_reason_has_words():
    given = {
        node.args[1].value
        for node in ast.walk(ast.parse(inspect.getsource(whitelist.covers)))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Cover"
    }
    assert given == set(REASONS)
