"""Creates groups, their contracts and units, and assigns profiles to units: acts of commands."""

import base64
import secrets
from datetime import date

from console.audit import record
from console.groups.builtin import BUILTIN_RULES, SHORT_NAMES
from console.storage import db
from models import Connection, Contract, Group, GroupAlias, Municipality, Profile, Rule, Unit, User


def create(slug: str, name: str, municipality: Municipality) -> Group:
    """Creates a group with the built-in rules and a webhook connection."""
    with db.atomic():
        group = Group.create(slug=slug, name=name, municipality=municipality)
        Connection.create(group=group, platform="webhook", secrets={"current": new_secret()})
        for position, (code, rule) in enumerate(BUILTIN_RULES.items(), 1):
            short = SHORT_NAMES[code]
            Rule.create(group=group, code=code, name=rule, short=short, position=position)
        record(None, "group.added", name)
    return group


def sign(group: Group, starts: date, ends: date | None, monthly_price: int) -> Contract:
    """Records a contract from the first to the last day, both included; the price in grosz, gross."""
    with db.atomic():
        record(None, "contract.signed", group.name, f"{starts} – {ends or ''}".rstrip())
        return Contract.create(group=group, starts=starts, ends=ends, monthly_price=monthly_price)


def name_unit(group: Group, kind: str, type: str, name: str, *, active: bool = True) -> Unit:
    with db.atomic():
        record(None, "unit.added", name, group.name)
        return Unit.create(group=group, kind=kind, type=type, name=name, active=active)


def designate(unit: Unit, external_id: str, name: str, url: str, *, active: bool = True) -> Profile:
    """Assigns a profile to the unit; it may have written as a resident before."""
    with db.atomic():
        profile, _created = Profile.get_or_create(
            group=unit.group, external_id=external_id, defaults={"name": name}
        )
        profile.unit, profile.name, profile.url, profile.active = unit, name, url, active
        profile.save()
        record(None, "profile.assigned", unit.name, f"{name} ({external_id})")
    return profile


def add_alias(group: Group, alias: str, *, by: User | None = None) -> Group:
    """Has addresses that call a group so lead to this one. Returns the group that has the alias."""
    with db.atomic():
        row, is_new = GroupAlias.get_or_create(name=alias, defaults={"group": group})
        if is_new:
            record(by, "alias.added", group.name, alias)
    return row.group


def remove_alias(group: Group, alias: str) -> bool:
    """Whether it was there."""
    with db.atomic():
        mine = (GroupAlias.group == group) & (GroupAlias.name == alias)
        is_removed = GroupAlias.delete().where(mine).execute() > 0
        if is_removed:
            record(None, "alias.removed", group.name, alias)
    return is_removed


def group_named(alias: str | None) -> Group | None:
    """The group that addresses call so, if anybody has said it."""
    if alias is None:
        return None
    return Group.select().join(GroupAlias).where(GroupAlias.name == alias).first()


def new_secret() -> str:
    """A random webhook secret in the format of Standard Webhooks."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
