"""What is to be pre-approved in Facebook groups, as tasks: who is on the whitelist should be, and
nobody else.

A contract begins or ends at midnight in Warsaw with nobody at the console, so a sweep finds out.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from peewee import JOIN

from console.clock import today
from console.groups.preapproval import APPROVALS, PREAPPROVE, WITHDRAW_APPROVAL
from console.groups.whitelist import covered
from console.outbox.deliveries import cancel, put
from console.platforms.facebook_group import FACEBOOK_GROUP
from console.storage import db, locked
from models import Connection, Delivery, Group, Profile, Unit, User

REFUSED_FOR = timedelta(days=30)


class Standing(NamedTuple):
    """A unit's profile: whether our whitelist covers it, and whether Facebook lets it publish."""

    profile: Profile
    is_covered: bool

    @property
    def is_preapproved(self) -> bool:
        return self.profile.preapproved is not None

    @property
    def task(self) -> str:
        """The kind of delivery that is to be done; "" where both agree."""
        if self.is_covered == self.is_preapproved:
            return ""
        return PREAPPROVE if self.is_covered else WITHDRAW_APPROVAL


def standings(groups: Iterable[Group | int], at: datetime) -> list[Standing]:
    """Of the profiles of units that are covered or pre-approved, by group and name."""
    rows = (
        Profile.select(Profile, Group, Unit, User)
        .join_from(Profile, Group)
        .join_from(Profile, Unit)
        .join_from(Profile, User, JOIN.LEFT_OUTER, on=Profile.preapproved_by)
        .where(Profile.group.in_(list(groups)))
        .order_by(Profile.group, Profile.name, Profile.id)
    )
    profiles = list(rows)
    on_whitelist = covered(profiles, today(at))
    found = (Standing(profile, profile.id in on_whitelist) for profile in profiles)
    return [each for each in found if each.is_covered or each.is_preapproved]


def sweep(at: datetime) -> int:
    """Brings the tasks of all Facebook groups up to date; returns how many groups needed it."""
    wanted = _wanted(None, at)
    open_tasks = _open_tasks(None)
    differ = {group for group in {*wanted, *open_tasks} if wanted[group] != open_tasks[group]}
    for group in sorted(differ):
        sweep_group(group, at)
    return len(differ)


def sweep_group(group: Group | int, at: datetime) -> None:
    """Leaves the group's tasks that are missing, and cancels those that have become moot."""
    with db.atomic():
        # Two sweeps at once would leave a task twice.
        connection = locked(Connection.select().where(Connection.group == group)).get()
        if connection.platform != FACEBOOK_GROUP.name:
            return
        wanted = _wanted(connection.group_id, at)[connection.group_id]
        present = _open_tasks(connection.group_id)[connection.group_id]
        for profile_id, kind in sorted(present - wanted):
            this = (Delivery.profile == profile_id) & (Delivery.kind == kind)
            cancel(Delivery.connection == connection, this, at=at)
        for profile_id, kind in sorted(wanted - present):
            put(connection, kind, at, profile=profile_id)


Tasks = defaultdict[int, set[tuple[int, str]]]  # {group's id: {(profile's id, kind)}}


def on_facebook() -> list[int]:
    """The ids of the groups there."""
    rows = Connection.select(Connection.group).where(Connection.platform == FACEBOOK_GROUP.name)
    return [each.group_id for each in rows]


def _wanted(group_id: int | None, at: datetime) -> Tasks:
    wanted: Tasks = defaultdict(set)
    ids = on_facebook() if group_id is None else [group_id]
    refused = _refused(at)
    for each in standings(ids, at):
        if each.task and (each.profile.id, each.task) not in refused:
            wanted[each.profile.group_id].add((each.profile.id, each.task))
    return wanted


def _refused(at: datetime) -> set[tuple[int, str]]:
    """What somebody has said cannot be done; it is not asked for again soon."""
    rows = Delivery.select(Delivery.profile, Delivery.kind).where(
        Delivery.profile.is_null(False),
        Delivery.kind.in_(list(APPROVALS)),
        Delivery.state == Delivery.NOT_POSSIBLE,
        Delivery.settled > at - REFUSED_FOR,
    )
    return set(rows.tuples().iterator())


def _open_tasks(group_id: int | None) -> Tasks:
    rows = (
        Delivery.select(Connection.group, Delivery.profile, Delivery.kind)
        .join(Connection)
        .where(
            Delivery.to_do(),
            Delivery.kind.in_(list(APPROVALS)),
            Connection.platform == FACEBOOK_GROUP.name,
        )
    )
    if group_id is not None:
        rows = rows.where(Connection.group == group_id)
    found: Tasks = defaultdict(set)
    for group, profile, kind in rows.tuples().iterator():
        found[group].add((profile, kind))
    return found
