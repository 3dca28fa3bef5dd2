"""Units, and the profiles that publish for them: who is on the whitelist while a contract runs."""

from console.audit import record
from console.errors import Refused
from console.language import _
from console.storage import db
from models import Group, Profile, Unit, User


def name_unit(
    group: Group, kind: str, type: str, name: str, *, active: bool = True, by: User | None = None
) -> Unit:
    """Adds a unit. Raises Refused for a second one of that name in the group."""
    name = name.strip()
    if not name:
        raise Refused(_("Say what the unit is called. Nothing was added."), "name")
    with db.atomic():
        if Unit.select().where(Unit.group == group, Unit.name == name).exists():
            message = _("The group has a unit %(name)s already. Nothing was added.")
            raise Refused(message % {"name": name}, "name")
        record(by, "unit.added", name, group.name)
        return Unit.create(group=group, kind=kind, type=type, name=name, active=active)


def designate(
    unit: Unit,
    external_id: str,
    name: str,
    url: str | None = None,
    *,
    active: bool = True,
    move: bool = False,
    by: User | None = None,
) -> Profile:
    """Assigns a profile to the unit; it may have written as a resident before.

    url   None: what is known stays
    move  the profile may be another unit's until now; else that raises Refused
    """
    with db.atomic():
        profile, _is_new = Profile.get_or_create(
            group=unit.group, external_id=external_id, defaults={"name": name}
        )
        if profile.unit not in (None, unit) and not move:
            message = _(
                "The profile %(profile)s publishes for %(unit)s. Nothing was changed: "
                "take it from there first, or say that it moves."
            )
            raise Refused(message % {"profile": profile.name, "unit": profile.unit.name}, "profile")
        profile.unit, profile.name, profile.active = unit, name, active
        profile.url = profile.url if url is None else url
        profile.save()
        record(by, "profile.assigned", unit.name, f"{name} ({external_id})")
    return profile


def take_off(profile: Profile, reason: str, *, by: User | None = None) -> None:
    """Takes a profile off the whitelist at once: what it writes from now on is screened."""
    _switch(profile, False, "profile.taken-off", reason, by)


def put_back(profile: Profile, reason: str = "", *, by: User | None = None) -> None:
    _switch(profile, True, "profile.put-back", reason, by)


def switch_unit(unit: Unit, active: bool, *, by: User | None = None) -> None:
    """Whether the unit's profiles may be on the whitelist."""
    with db.atomic():
        changed = Unit.update(active=active).where(Unit.id == unit.id, Unit.active != active)
        if changed.execute():
            record(by, "unit.switched-on" if active else "unit.switched-off", unit.name)


def _switch(profile: Profile, active: bool, act: str, reason: str, by: User | None) -> None:
    with db.atomic():
        mine = (Profile.id == profile.id) & (Profile.active != active)
        if Profile.update(active=active).where(mine).execute():
            record(by, act, profile.name, reason.strip())
