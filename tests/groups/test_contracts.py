"""Contracts: one a group at a time; ended, corrected, and priced by the rule."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.errors import Refused
from console.groups import contracts
from console.groups.whitelist import covers
from models import AuditRecord, Contract
from tests.cast import DAY

FIRST, LAST = date(2027, 1, 1), date(2027, 6, 30)
DAYS = st.dates(date(2027, 1, 1), date(2027, 3, 1))


@pytest.fixture
def signed(elsewhere) -> Contract:
    return contracts.sign(elsewhere, FIRST, LAST, 350_000)


@pytest.mark.parametrize(
    ("starts", "ends"),
    [
        (FIRST, LAST),
        (LAST, None),
        (FIRST - DAY, FIRST),
        (FIRST - DAY, None),
        (FIRST + DAY, LAST - DAY),
    ],
)
def test_a_second_contract_at_the_same_time_is_refused_and_names_the_first(signed, starts, ends):
    with pytest.raises(Refused, match="01.01.2027 – 30.06.2027, 3\xa0500,00 zł"):
        contracts.sign(signed.group, starts, ends, 385_000)
    assert Contract.select().where(Contract.group == signed.group).count() == 1


def test_one_may_follow_another_and_other_groups_do_not_matter(signed, leoncin):
    contracts.sign(signed.group, LAST + DAY, None, 385_000)
    contracts.sign(signed.group, FIRST - 9 * DAY, FIRST - DAY, 385_000)
    assert Contract.select().where(Contract.group == leoncin).count() == 1


def test_it_ends_with_a_day_and_says_who_is_screened_from_then_on(leoncin, osp, administrator):
    contract = Contract.get()
    last = contract.starts + 5 * DAY
    assert contracts.end(contract, last, by=administrator) == [osp]
    assert covers(osp, leoncin, last)
    assert covers(osp, leoncin, last + DAY).reason == "no-contract"
    record = AuditRecord.get(AuditRecord.act == "contract.changed")
    assert record.by == administrator
    assert f"→ {contract.starts:%d.%m.%Y} – {last:%d.%m.%Y}" in record.detail


def test_nobody_loses_anything_where_another_contract_follows(leoncin, osp):
    contract = Contract.get()
    contracts.sign(leoncin, contract.ends + DAY, None, 385_000)
    assert contracts.end(contract, contract.ends) == []
    later = contract.ends - DAY
    assert contracts.end(contract, later) == [osp]  # for the day between


def test_it_cannot_end_before_it_starts(signed):
    with pytest.raises(Refused, match=r"[Uu]mowa|kończ"):
        contracts.end(signed, FIRST - DAY)
    assert Contract.get_by_id(signed.id).ends == LAST


def test_a_correction_needs_a_reason_and_no_other_contract_on_its_days(signed):
    with pytest.raises(Refused):
        contracts.correct(signed, FIRST, None, 385_000, " ")
    contracts.sign(signed.group, LAST + DAY, None, 385_000)
    with pytest.raises(Refused):
        contracts.correct(signed, FIRST, LAST + DAY, 350_000, "aneks")
    contracts.correct(signed, FIRST, LAST - DAY, 360_000, "pomyłka")
    now = Contract.get_by_id(signed.id)
    assert (now.starts, now.ends, now.monthly_price) == (FIRST, LAST - DAY, 360_000)
    assert AuditRecord.get(AuditRecord.act == "contract.changed").detail.endswith(": pomyłka")


@pytest.mark.parametrize(
    ("starts", "ends", "price"),
    [
        (date(2027, 1, 1), None, 385_000),
        (date(2027, 1, 1), date(2027, 6, 29), 385_000),
        (date(2027, 1, 1), date(2027, 6, 30), 350_000),
        (date(2027, 8, 31), date(2028, 2, 27), 385_000),
        (date(2027, 8, 31), date(2028, 2, 28), 350_000),
        (date(2027, 9, 15), date(2028, 3, 14), 350_000),
    ],
)
def test_half_a_year_costs_less_a_month(starts, ends, price):
    assert contracts.usual_price(starts, ends) == price


def test_amounts_are_right_to_the_grosz():
    assert contracts.amount(350_000) == (284_553, 65_447, 350_000)
    assert contracts.amount(385_000) == (313_008, 71_992, 385_000)


@given(st.integers(0, 10**9))
def test_net_and_vat_make_the_gross_amount(gross):
    net, vat, whole = contracts.amount(gross)
    assert net + vat == whole == gross
    assert abs(vat - gross * 23 / 123) <= 0.5001


def test_a_contract_is_planned_active_ending_and_ended(signed):
    states = {
        FIRST - DAY: "planned",
        FIRST: "active",
        LAST - 31 * DAY: "active",
        LAST - 30 * DAY: "ending soon",
        LAST: "ending soon",
        LAST + DAY: "ended",
    }
    assert {day: contracts.state(signed, day) for day in states} == states
    assert contracts.state(Contract(starts=FIRST, ends=None), date(2040, 1, 1)) == "active"


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(DAYS, st.none() | DAYS), max_size=5), DAYS)
def test_covers_agrees_with_a_plain_reading_of_the_contracts(leoncin, osp, wanted, day):
    """Whatever is signed in whatever order: what was refused changes nothing."""
    Contract.delete().execute()
    taken: list[tuple[date, date]] = []
    for starts, ends in wanted:
        last = ends or date.max
        free = all(last < first or end < starts for first, end in taken)
        try:
            contracts.sign(leoncin, starts, ends, 1)
        except Refused:
            assert last < starts or not free
        else:
            assert free
            taken.append((starts, last))
    for near in (day - timedelta(1), day, day + timedelta(1)):
        inside = any(first <= near <= last for first, last in taken)
        assert bool(covers(osp, leoncin, near)) == inside
