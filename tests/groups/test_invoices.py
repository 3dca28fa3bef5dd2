"""What is to be invoiced: each month of a contract once, to the grosz."""

import csv
import io
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.errors import Refused
from console.groups import contracts, invoices
from models import AuditRecord, Contract, InvoicedMonth, Municipality

DAY = date(2027, 4, 10)
NIP = "5260250995"


@pytest.fixture
def signed(elsewhere) -> Contract:
    return contracts.sign(elsewhere, date(2027, 1, 16), date(2027, 3, 10), 350_000)


def told(day: date = DAY) -> list[tuple[str, str, int]]:
    return [(str(m.first), str(m.last), m.amount.gross) for m in invoices.due(day)]


def test_a_month_is_due_once_it_is_over_and_a_part_of_it_by_its_days(signed):
    assert told() == [
        ("2027-01-16", "2027-01-31", 180_645),  # 350,000 × 16 ÷ 31
        ("2027-02-01", "2027-02-28", 350_000),
        ("2027-03-01", "2027-03-10", 112_903),
    ]
    assert told(date(2027, 1, 31)) == []
    assert len(told(date(2027, 2, 1))) == 1
    assert len(told(date(2027, 3, 11))) == 3  # it has ended
    assert invoices.due(DAY)[1].amount == (284_553, 65_447, 350_000)


def test_what_was_marked_is_not_due_again(signed, administrator):
    january, february, march = (month.key for month in invoices.due(DAY))
    assert invoices.mark({january, march}, by=administrator, day=DAY) == 2
    assert [month.key for month in invoices.due(DAY)] == [february]
    assert invoices.mark({january, march}, by=administrator, day=DAY) == 0
    assert InvoicedMonth.select().count() == 2
    records = AuditRecord.select().where(AuditRecord.act == "month.invoiced")
    assert {(record.by, record.detail) for record in records} == {
        (administrator, "01.2027"),
        (administrator, "03.2027"),
    }


@given(
    st.dates(date(2024, 1, 1), date(2030, 1, 1)),
    st.none() | st.integers(0, 900),
    st.integers(0, 900),
)
def test_the_months_of_a_contract_cover_its_days_once(starts, length, later):
    ends = None if length is None else starts + timedelta(length)
    day = starts + timedelta(later)
    contract = Contract(starts=starts, ends=ends, monthly_price=385_000)
    months = list(invoices.months_of(contract, day))
    days = [
        month.first + timedelta(n)
        for month in months
        for n in range((month.last - month.first).days + 1)
    ]
    assert len(days) == len(set(days))
    assert all(contract.is_active_on(each) and each < day for each in days)
    assert all(month.amount.gross <= 385_000 for month in months)
    # All that is over is there: what is missing lies in the month that is not over yet.
    last = min(day - timedelta(1), ends or date.max)
    missing = {starts + timedelta(n) for n in range((last - starts).days + 1)} - set(days)
    assert all((each.year, each.month) == (day.year, day.month) for each in missing)
    if ends is not None and ends < day:
        assert not missing


def test_the_table_has_what_an_invoice_to_a_municipality_needs(signed):
    contracts.note_paper(
        signed, "7/2027", date(2026, 12, 1), "Urząd Gminy Czosnów", "526-025-09-95", NIP
    )
    content = invoices.as_csv(invoices.due(DAY)).decode("utf-8-sig")
    first, *_more = csv.DictReader(io.StringIO(content), delimiter=";")
    assert first == {
        "grupa": "Czosnów – forum",
        "numer umowy": "7/2027",
        "data umowy": "01.12.2026",
        "okres od": "16.01.2027",
        "okres do": "31.01.2027",
        "netto": "1468,66",
        "stawka VAT": "23%",
        "VAT": "337,79",
        "brutto": "1806,45",
        "nabywca": "Gmina Czosnów",
        "NIP nabywcy": NIP,
        "JST": "1",
        "odbiorca": "Urząd Gminy Czosnów",
        "NIP lub ID odbiorcy": NIP,
        "rola odbiorcy": "8",
    }


def test_a_spreadsheet_takes_nothing_for_a_formula(signed):
    contracts.note_paper(signed, "=1+1", None, "@x", "-", NIP)
    assert "'=1+1" in invoices.as_csv(invoices.due(DAY)).decode()


@pytest.mark.parametrize(
    ("number", "receiver", "receiver_id", "nip", "field"),
    [
        ("", "", "", "1234567890", "nip"),
        ("", "Urząd", "1234567890", NIP, "receiver_id"),
        ("", "", "A1", NIP, "receiver"),
    ],
)
def test_what_is_wrong_is_refused_and_changes_nothing(
    signed, number, receiver, receiver_id, nip, field
):
    with pytest.raises(Refused) as refusal:
        contracts.note_paper(signed, number, None, receiver, receiver_id, nip)
    assert refusal.value.field == field
    assert {each.nip for each in Municipality.select()} == {""}


def test_the_page_lists_marks_and_hands_over(browse, administrator, elsewhere):
    first = contracts.today().replace(day=1) - timedelta(days=1)
    contracts.sign(elsewhere, first.replace(day=1), first, 350_000)
    browser = browse(administrator)
    page = browser.get("/groups/invoices").text
    assert "3\xa0500,00 zł brutto" in page
    assert "brakuje danych" in page
    table = browser.get("/groups/invoices.csv")
    assert "attachment" in table.headers["Content-Disposition"]
    assert "3500,00" in table.get_data(as_text=True)
    (month,) = invoices.due()
    answer = browser.submit("/groups/invoices", month=month.key)
    assert "Oznaczono 1 miesiąc" in browser.get(answer.location).text
    assert "Nie ma nic do zafakturowania" in browser.get("/groups/invoices").text


def test_the_paper_is_noted_on_the_groups_page(browse, administrator, leoncin):
    contract = Contract.get()
    path = f"/groups/leoncin/contracts/{contract.id}"
    paper = {
        "change": "paper",
        "number": "3/26",
        "receiver": "Urząd",
        "receiver_id": "",
        "nip": NIP,
    }
    assert browse(administrator).submit(path, **paper).status_code == 303
    assert Contract.get().number == "3/26"
    assert AuditRecord.get(AuditRecord.act == "contract.paper").by == administrator


def test_moderators_find_no_invoices(browse, anna):
    browser = browse(anna)
    assert browser.get("/groups/invoices").status_code == 404
    assert browser.get("/groups/invoices.csv").status_code == 404
    assert browser.submit("/groups/invoices", month="1:2027-01").status_code == 404
