"""Contracts: while one runs, its group's whitelist is in force. A group has one at a time."""

from calendar import monthrange
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from peewee import Expression
from stdnum import pl
from stdnum.exceptions import ValidationError

from console.audit import record
from console.clock import as_day, today
from console.errors import Refused
from console.groups.whitelist import covered
from console.language import N_, _
from console.storage import db, locked
from models import Contract, Group, Profile, Unit, User

MONTHLY, LONG_TERM = 385_000, 350_000  # grosz a month, gross; the second from half a year on
LONG_TERM_MONTHS = 6
VAT_PERCENT = 23
ENDING_DAYS = 30

PLANNED, ACTIVE, ENDING, ENDED = N_("planned"), N_("active"), N_("ending soon"), N_("ended")


class Amount(NamedTuple):
    """In grosz. `net` and `vat` make `gross`."""

    net: int
    vat: int
    gross: int


def sign(
    group: Group, starts: date, ends: date | None, monthly_price: int, *, by: User | None = None
) -> Contract:
    """Records a contract from the first to the last day, both included; the price in grosz, gross.

    Raises Refused where it overlaps another one of the group.
    """
    with db.atomic():
        _check(group, starts, ends, monthly_price)
        record(by, "contract.signed", group.name, _in_words(starts, ends, monthly_price))
        return Contract.create(group=group, starts=starts, ends=ends, monthly_price=monthly_price)


def end(contract: Contract, last_day: date, *, by: User | None = None) -> list[Profile]:
    """Ends it with that day; returns the profiles that are screened from the next one on.

    Raises Refused for a day before its first one. Ended earlier already, it can be moved on.
    """
    with db.atomic():
        contract = _locked(contract)
        _change(contract, contract.starts, last_day, contract.monthly_price, "", by)
        return _losing(contract.group, last_day)


def correct(
    contract: Contract,
    starts: date,
    ends: date | None,
    monthly_price: int,
    reason: str,
    *,
    by: User | None = None,
) -> None:
    """Sets what was recorded wrongly. Needs a reason in words, which the audit trail keeps."""
    if not reason.strip():
        raise Refused(_("Say why the contract is corrected. Nothing was changed."), "reason")
    with db.atomic():
        _change(_locked(contract), starts, ends, monthly_price, reason.strip(), by)


def note_paper(
    contract: Contract,
    number: str,
    signed: date | None,
    receiver: str,
    receiver_id: str,
    nip: str,
    *,
    by: User | None = None,
) -> None:
    """What invoices need: the paper's number and date, who receives them, the municipality's NIP.

    receiver_id  the receiver's NIP, or the internal ID that the state's system gave it
    Raises Refused for a NIP that is none.
    """
    number, receiver, receiver_id = number.strip(), receiver.strip(), receiver_id.strip()
    nip = _nip(nip, "nip") if nip.strip() else ""
    if receiver_id.replace("-", "").isdecimal() and len(receiver_id.replace("-", "")) == 10:
        receiver_id = _nip(receiver_id, "receiver_id")
    if receiver_id and not receiver:
        raise Refused(_("Say who receives the invoices. Nothing was changed."), "receiver")
    with db.atomic():
        contract = _locked(contract)
        municipality = contract.group.municipality
        new = number, signed, receiver, receiver_id, nip
        before = contract.number, contract.signed, contract.receiver, contract.receiver_id
        if new == (*before, municipality.nip):
            return
        contract.number, contract.signed, contract.receiver, contract.receiver_id, _last = new
        municipality.nip = nip
        contract.save()
        municipality.save()
        told = (number, as_day(signed) if signed else "", receiver, receiver_id, nip)
        record(by, "contract.paper", contract.group.name, ", ".join(filter(None, told)))


def _nip(typed: str, field: str) -> str:
    try:
        return pl.nip.validate(typed)
    except ValidationError:
        message = _(
            "%(nip)s is no NIP: its last digit does not fit the others. Nothing was changed."
        )
        raise Refused(message % {"nip": typed.strip()}, field) from None


def usual_price(starts: date, ends: date | None) -> int:
    """Grosz a month, gross, by the term."""
    is_long = ends is not None and ends >= _half_a_year_after(starts) - timedelta(days=1)
    return LONG_TERM if is_long else MONTHLY


def amount(gross: int) -> Amount:
    """The net amount and the VAT in a gross one, half up to the grosz (art. 106e(7))."""
    vat = Decimal(gross) * VAT_PERCENT / (100 + VAT_PERCENT)
    whole = int(vat.quantize(Decimal(1), ROUND_HALF_UP))
    return Amount(gross - whole, whole, gross)


def in_zloty(grosz: int) -> str:
    """As it is written in Poland: 3 500,00."""
    return f"{grosz / 100:,.2f}".replace(",", "\N{NO-BREAK SPACE}").replace(".", ",")


def state(contract: Contract, day: date | None = None) -> str:
    """PLANNED, ACTIVE, ENDING or ENDED on that day; today, where none is given."""
    day = day or today()
    if day < contract.starts:
        return PLANNED
    if contract.ends is None:
        return ACTIVE
    if contract.ends < day:
        return ENDED
    return ENDING if (contract.ends - day).days <= ENDING_DAYS else ACTIVE


def _half_a_year_after(day: date) -> date:
    """The same day of the month, or the last one where there is none such."""
    years, month = divmod(day.month - 1 + LONG_TERM_MONTHS, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _check(
    group: Group, starts: date, ends: date | None, price: int, *other_than: Expression
) -> None:
    if ends is not None and ends < starts:
        raise Refused(_("The contract would end before it starts. Nothing was changed."), "ends")
    if price < 0:
        raise Refused(_("A price is not below zero. Nothing was changed."), "price")
    others = Contract.select().where(Contract.group == group, *other_than)
    for other in others.order_by(Contract.starts):
        if (ends is None or other.starts <= ends) and (other.ends is None or starts <= other.ends):
            message = _(
                "The group has a contract already: %(contract)s. Two cannot run at once, "
                "so nothing was changed. End or correct that one first."
            )
            words = _in_words(other.starts, other.ends, other.monthly_price)
            raise Refused(message % {"contract": words}, "starts")


def _change(
    contract: Contract,
    starts: date,
    ends: date | None,
    price: int,
    reason: str,
    by: User | None,
) -> None:
    group = contract.group
    _check(group, starts, ends, price, Contract.id != contract.id)
    before = _in_words(contract.starts, contract.ends, contract.monthly_price)
    after = _in_words(starts, ends, price)
    if before == after:
        return
    contract.starts, contract.ends, contract.monthly_price = starts, ends, price
    contract.save()
    detail = f"{before} → {after}" + (f": {reason}" if reason else "")
    record(by, "contract.changed", group.name, detail)


def _losing(group: Group, last_day: date) -> list[Profile]:
    """The profiles that the whitelist covers on that day, and no longer on the next one."""
    profiles = list(
        Profile.select(Profile, Unit, Group)
        .join_from(Profile, Unit)
        .join_from(Profile, Group)
        .where(Profile.group == group)
        .order_by(Profile.name)
    )
    losing = covered(profiles, last_day) - covered(profiles, last_day + timedelta(days=1))
    return [profile for profile in profiles if profile.id in losing]


def _locked(contract: Contract) -> Contract:
    return locked(Contract.select().where(Contract.id == contract.id)).get()


def _in_words(starts: date, ends: date | None, price: int) -> str:
    last = as_day(ends) if ends else "…"
    return f"{as_day(starts)} – {last}, {in_zloty(price)} zł"
