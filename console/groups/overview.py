"""What administrators see of groups at a glance."""

from datetime import date
from typing import NamedTuple

from peewee import fn

from console.clock import today
from console.groups import contracts
from console.groups.whitelist import covers
from models import Contract, Group, Municipality, Profile, Unit


class Summary(NamedTuple):
    """A line of the list of groups."""

    group: Group
    contract: Contract | None  # the one in force, or planned, or the last one
    state: str  # one of console.groups.contracts, "" without any
    units: int


class Overview(NamedTuple):
    """A group's page: its contracts, the newest first, and its units with their profiles.

    A profile comes with the key of whitelist.REASONS that says why it is covered today or not.
    """

    contracts: list[Contract]
    units: list[tuple[Unit, list[tuple[Profile, str]]]]


def summaries() -> list[Summary]:
    """All groups, by name."""
    every: dict[int, list[Contract]] = {}
    for contract in Contract.select().order_by(Contract.starts):
        every.setdefault(contract.group_id, []).append(contract)
    counted = Unit.select(Unit.group, fn.COUNT(Unit.id)).group_by(Unit.group).tuples()
    units, day = dict(counted.iterator()), today()
    groups = Group.select(Group, Municipality).join(Municipality).order_by(Group.name)
    return [
        _summary(group, every.get(group.id, []), units.get(group.id, 0), day) for group in groups
    ]


def _summary(group: Group, signed: list[Contract], units: int, day: date) -> Summary:
    in_force = [contract for contract in signed if contract.is_active_on(day)]
    planned = [contract for contract in signed if contract.starts > day]
    shown = next(iter(in_force or planned or signed[-1:]), None)
    return Summary(group, shown, contracts.state(shown, day) if shown else "", units)


def overview(group: Group) -> Overview:
    signed = list(group.contracts.order_by(Contract.starts.desc()))
    profiles: dict[int | None, list[tuple[Profile, str]]] = {}
    query = Profile.select(Profile, Unit).join(Unit).where(Profile.group == group)
    for profile in query.order_by(Profile.name):
        cover = covers(profile, group, today(), signed)
        profiles.setdefault(profile.unit_id, []).append((profile, cover.reason))
    units = group.units.order_by(Unit.kind, Unit.name)
    return Overview(signed, [(unit, profiles.get(unit.id, [])) for unit in units])
