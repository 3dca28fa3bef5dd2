"""Groups: create one, sign a contract for it, name its units and their profiles, change its secret."""

import base64
import secrets
from datetime import date

from console.groups.builtin import BUILTIN_RULES
from console.storage import db
from models import Contract, Group, Municipality, Profile, Rule, Unit


def create(slug: str, name: str, municipality: Municipality) -> Group:
    """A new group, with the built-in rules and a webhook secret."""
    with db.atomic():
        group = Group.create(slug=slug, name=name, municipality=municipality, secret=_secret())
        for position, (code, rule) in enumerate(BUILTIN_RULES.items(), 1):
            Rule.create(group=group, code=code, name=rule, position=position)
    return group


def sign(group: Group, starts: date, ends: date | None, monthly_price: int) -> Contract:
    """Package 1 from the first to the last day, both included; the price in grosz, gross."""
    return Contract.create(group=group, starts=starts, ends=ends, monthly_price=monthly_price)


def name_unit(group: Group, kind: str, type: str, name: str, *, active: bool = True) -> Unit:
    return Unit.create(group=group, kind=kind, type=type, name=name, active=active)


def designate(unit: Unit, external_id: str, name: str, url: str, *, active: bool = True) -> Profile:
    """Makes the profile one of the unit's; it may have written as a resident before."""
    profile, _created = Profile.get_or_create(
        group=unit.group, external_id=external_id, defaults={"name": name}
    )
    profile.unit, profile.name, profile.url, profile.active = unit, name, url, active
    profile.save()
    return profile


def change_secret(group: Group) -> str:
    """A new webhook secret; the one before it stays valid until the next change."""
    group.former_secret, group.secret = group.secret, _secret()
    group.save(only=[Group.secret, Group.former_secret])
    return group.secret


def withdraw_former_secret(group: Group) -> None:
    group.former_secret = None
    group.save(only=[Group.former_secret])


def set_address(group: Group, address: str | None) -> None:
    """Where decisions are sent from now on; none: they are only recorded."""
    group.address, group.address_disabled = address, None
    group.save(only=[Group.address, Group.address_disabled])


def _secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
