"""Decides whether a profile is on the whitelist, so that its entries are not screened, and why."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from console.language import N_
from console.prepared import prepared
from models import Contract, Group, Profile

REASONS = {
    "covered": N_("a unit's profile, and the contract is active"),
    "no-unit": N_("the profile belongs to no unit"),
    "other-group": N_("the profile's unit is of another group"),
    "profile-inactive": N_("the unit's profile is switched off"),
    "unit-inactive": N_("the unit is switched off"),
    "no-contract": N_("the group has no contract active on that day"),
}


class Cover(NamedTuple):
    covered: bool
    reason: str  # a key of REASONS

    def __bool__(self) -> bool:
        return self.covered


def covers(profile: Profile, group: Group, day: date) -> Cover:
    """Whether the profile is on the group's whitelist on that day, and why or why not."""
    if reason := _obstacle(profile, group.id):
        return Cover(False, reason)
    if not any(contract.is_active_on(day) for contract in _contracts(group.id)):
        return Cover(False, "no-contract")
    return Cover(True, "covered")


def covered(profiles: Iterable[Profile], day: date) -> set[int]:
    """The ids of those that their groups' whitelists cover on that day; asks once for all."""
    profiles = list(profiles)
    contracts = Contract.select().where(Contract.group.in_({each.group_id for each in profiles}))
    active = {each.group_id for each in contracts if each.is_active_on(day)}
    return {p.id for p in profiles if p.group_id in active and not _obstacle(p, p.group_id)}


def _obstacle(profile: Profile, group_id: int) -> str:
    """Why it is on the whitelist on no day; "" if its contract decides."""
    if profile.unit is None:
        return "no-unit"
    if profile.unit.group_id != group_id:
        return "other-group"
    if not profile.active:
        return "profile-inactive"
    return "" if profile.unit.active else "unit-inactive"


def any_contract(group_ids: list[int] | None, day: date) -> bool:
    """Whether one of the groups has a contract in force that day; None means all groups."""
    contracts = Contract.select()
    if group_ids is not None:
        contracts = contracts.where(Contract.group.in_(group_ids))
    return any(contract.is_active_on(day) for contract in contracts)


@prepared
def _contracts(group_id):
    return Contract.select().where(Contract.group == group_id)
