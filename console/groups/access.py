"""The loaders are the authorization: what a user may not see is not found."""

from console.errors import NotFound
from models import Entry, Group, Seat, User


def find_entry(user: User, entry_id: int) -> Entry:
    return _found(_of_users_groups(user, Entry.select(Entry, Group).join(Group)), Entry, entry_id)


def find_group(user: User, slug: str) -> Group:
    group = _of_users_groups(user, Group.select()).where(Group.slug == slug).first()
    if group is None:
        raise NotFound
    return group


def _of_users_groups(user: User, query):
    if user.is_administrator:
        return query
    return query.join(Seat, on=(Seat.group == Group.id)).where(Seat.user == user)


def _found(query, model, id: int):
    row = query.where(model.id == id).first() if 0 < id < 2**31 else None
    if row is None:
        raise NotFound
    return row
