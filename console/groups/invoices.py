"""What is to be invoiced, month by month. The invoice itself is the accounting program's work.

It needs, for the state's system (KSeF): the buyer, which is the municipality, by its NIP; and as the
receiver (role 8) the town hall or a unit, by its NIP or internal ID, which sees the invoice only then.
"""

import csv
import io
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from console.audit import record
from console.clock import as_day, today
from console.groups.contracts import VAT_PERCENT, Amount, amount
from console.storage import db
from models import Contract, Group, InvoicedMonth, Municipality, User

RECEIVER_ROLE = 8
HEADS = (
    "grupa",
    "numer umowy",
    "data umowy",
    "okres od",
    "okres do",
    "netto",
    "stawka VAT",
    "VAT",
    "brutto",
    "nabywca",
    "NIP nabywcy",
    "JST",
    "odbiorca",
    "NIP lub ID odbiorcy",
    "rola odbiorcy",
)


class Due(NamedTuple):
    """A month of a contract that is over, or in which it ended, and is not marked as invoiced."""

    contract: Contract
    first: date
    last: date  # of the days in that month which the contract covers
    amount: Amount

    @property
    def key(self) -> str:
        return f"{self.contract.id}:{self.first:%Y-%m}"

    @property
    def missing(self) -> bool:
        """Whether the accounting program would ask for more."""
        contract = self.contract
        return not (contract.number and contract.receiver and contract.group.municipality.nip)


def due(day: date | None = None) -> list[Due]:
    """What is due on that day, the oldest first; today, where none is given."""
    day = day or today()
    marked = set(
        InvoicedMonth.select(InvoicedMonth.contract, InvoicedMonth.month).tuples().iterator()
    )
    contracts = Contract.select(Contract, Group, Municipality).join(Group).join(Municipality)
    months = [
        month
        for contract in contracts.where(Contract.starts <= day)
        for month in months_of(contract, day)
        if (contract.id, month.first.replace(day=1)) not in marked
    ]
    return sorted(months, key=lambda month: (month.first, month.contract.group.name))


def months_of(contract: Contract, day: date) -> Iterator[Due]:
    """Its months that are over by that day, and the one in which it ended before."""
    first = contract.starts
    while first < day and (contract.ends is None or first <= contract.ends):
        length = monthrange(first.year, first.month)[1]
        last = first.replace(day=length)
        if contract.ends is not None and contract.ends < last:
            last = contract.ends
        if last < day:
            yield Due(contract, first, last, part(contract.monthly_price, first, last, length))
        first = last.replace(day=1) + timedelta(days=length)
        first = first.replace(day=1)


def part(monthly_price: int, first: date, last: date, length: int) -> Amount:
    """Of the price of a month of that length: the days from the first to the last; half up."""
    share = Decimal(monthly_price) * ((last - first).days + 1) / length
    return amount(int(share.quantize(Decimal(1), ROUND_HALF_UP)))


def mark(keys: set[str], *, by: User | None = None, day: date | None = None) -> int:
    """Marks months as invoiced, by their keys; returns how many were not yet."""
    with db.atomic():
        chosen = [month for month in due(day) if month.key in keys]
        for month in chosen:
            InvoicedMonth.create(
                contract=month.contract,
                month=month.first.replace(day=1),
                gross=month.amount.gross,
                by=by,
            )
            detail = f"{month.first:%m.%Y}"
            record(by, "month.invoiced", month.contract.group.name, detail)
    return len(chosen)


def as_csv(months: list[Due]) -> bytes:
    """For accounting programs in Poland: semicolons, decimal commas, UTF-8 with its mark."""
    out = io.StringIO()
    table = csv.writer(out, delimiter=";")
    table.writerow(HEADS)
    table.writerows(map(_row, months))
    return out.getvalue().encode("utf-8-sig")


def _row(month: Due) -> tuple:
    contract, buyer = month.contract, month.contract.group.municipality
    net, vat, gross = (f"{grosz / 100:.2f}".replace(".", ",") for grosz in month.amount)
    return (
        _plain(contract.group.name),
        _plain(contract.number),
        as_day(contract.signed) if contract.signed else "",
        as_day(month.first),
        as_day(month.last),
        net,
        f"{VAT_PERCENT}%",
        vat,
        gross,
        _plain(f"Gmina {buyer.name}"),
        buyer.nip,
        1,
        _plain(contract.receiver),
        _plain(contract.receiver_id),
        RECEIVER_ROLE,
    )


def _plain(text: str) -> str:
    """A spreadsheet would take what begins so for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
