"""Decides whether a profile is on the whitelist, so that its entries are not screened, and why."""

from collections import defaultdict
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


def covers(
    profile: Profile, group: Group, day: date, contracts: list[Contract] | None = None
) -> Cover:
    """Whether the profile is on the group's whitelist on that day, and why or why not.

    contracts  the group's, for whoever has read them already
    """
    if profile.unit is None:
        return Cover(False, "no-unit")
    if profile.unit.group_id != group.id:
        return Cover(False, "other-group")
    if not profile.active:
        return Cover(False, "profile-inactive")
    if not profile.unit.active:
        return Cover(False, "unit-inactive")
    signed = _contracts(group.id) if contracts is None else contracts
    if not any(contract.is_active_on(day) for contract in signed):
        return Cover(False, "no-contract")
    return Cover(True, "covered")


def covered(profiles: Iterable[Profile], day: date) -> set[int]:
    """The ids of those that their groups' whitelists cover on that day; asks once for all.

    They come with their groups and units.
    """
    profiles = list(profiles)
    contracts = defaultdict(list)
    for each in Contract.select().where(Contract.group.in_({p.group_id for p in profiles})):
        contracts[each.group_id].append(each)
    return {p.id for p in profiles if covers(p, p.group, day, contracts[p.group_id])}


def any_contract(group_ids: list[int] | None, day: date) -> bool:
    """Whether one of the groups has a contract in force that day; None means all groups."""
    contracts = Contract.select()
    if group_ids is not None:
        contracts = contracts.where(Contract.group.in_(group_ids))
    return any(contract.is_active_on(day) for contract in contracts)


@prepared
def _contracts(group_id):
    return Contract.select().where(Contract.group == group_id)
