"""Loads groups, entries and profiles for a user. This is the authorization: all else is NotFound."""

from peewee import JOIN

from console.errors import NotFound
from console.prepared import first, prepared
from models import Entry, Group, Profile, Report, Seat, Unit, User


def find_entry(user: User, id: int) -> Entry:
    return _first_or_not_found(
        _entry(id) if user.is_administrator else _entry_in_seats(user.id, id)
    )


def find_group(user: User, slug: str) -> Group:
    return _first_or_not_found(
        _group(slug) if user.is_administrator else _group_in_seats(user.id, slug)
    )


def find_profile(user: User, id: int) -> Profile:
    """With its group and, if it has one, its unit."""
    return _first_or_not_found(
        _profile(id) if user.is_administrator else _profile_in_seats(user.id, id)
    )


def find_report(user: User, id: int) -> Report:
    """With its group."""
    rows = Report.select(Report, Group).join(Group).where(Report.id == id)
    if not user.is_administrator:
        rows = rows.where(Report.group.in_(Seat.select(Seat.group).where(Seat.user == user)))
    return _first_or_not_found(iter(rows))


def groups_of(user: User) -> list[Group]:
    """The groups that the user may work in, by name: an administrator's are all."""
    groups = Group.select().order_by(Group.name)
    if not user.is_administrator:
        groups = groups.where(Group.id.in_(Seat.select(Seat.group).where(Seat.user == user)))
    return list(groups)


@prepared
def _entry(id):
    return Entry.select(Entry, Group).join(Group).where(Entry.id == id)


@prepared
def _entry_in_seats(user_id, id):
    seated = Seat.select(Seat.group).where(Seat.user == user_id)
    return Entry.select(Entry, Group).join(Group).where(Entry.id == id, Entry.group.in_(seated))


@prepared
def _group(slug):
    return Group.select().where(Group.slug == slug)


@prepared
def _group_in_seats(user_id, slug):
    seated = Seat.select(Seat.group).where(Seat.user == user_id)
    return Group.select().where(Group.slug == slug, Group.id.in_(seated))


def _profiles():
    rows = Profile.select(Profile, Group, Unit).join_from(Profile, Group)
    return rows.join_from(Profile, Unit, JOIN.LEFT_OUTER)


@prepared
def _profile(id):
    return _profiles().where(Profile.id == id)


@prepared
def _profile_in_seats(user_id, id):
    seated = Seat.select(Seat.group).where(Seat.user == user_id)
    return _profiles().where(Profile.id == id, Profile.group.in_(seated))


def _first_or_not_found(rows):
    row = first(rows)
    if row is None:
        raise NotFound
    return row
