"""Rounds: the queues of a group on Facebook, which no API shows, so people look at them regularly.

A look is recorded, and then the queue is due again after its interval; a mail of Facebook's makes it
due at once. Which queue leads where, and how often, says console/platforms/round_plans.py.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from peewee import JOIN, Expression, Tuple, fn

from console.clock import exact
from console.errors import Changed, NotFound
from console.language import _
from console.outbox.connections import connection_of
from console.platforms.facebook_group import FACEBOOK_GROUP
from console.platforms.round_plans import QUEUES, due_after
from console.prepared import prepared
from console.queue.lists import After
from console.storage import db, locked, moment, now
from models import Connection, Group, GroupAlias, Round, RoundCheck, Seat, User

PAGE = 10  # groups: each has a form for every queue
COUNT_TO = 100  # overdue rounds, of which every page tells the number
MOST_FOUND = 9999


class Stop(NamedTuple):
    """A group on the way, with its queues in their order."""

    group: Group
    connection: Connection
    alias: str  # what addresses call the group; "" when nobody has said it
    rounds: list[Round]

    def overdue(self, at: datetime) -> list[Round]:
        return [round for round in self.rounds if round.due <= at]


class Overdue(NamedTuple):
    group_id: int
    queue: str
    due: datetime


def ensure() -> None:
    """Adds the rounds that groups on Facebook lack; one query where none does."""
    complete = fn.COUNT(Round.id) >= len(QUEUES)
    lacking = (
        Connection.select()
        .join(Round, JOIN.LEFT_OUTER, on=(Round.group == Connection.group))
        .where(_on_facebook())
        .group_by(Connection.id)
        .having(~complete)
    )
    rows = [
        {"group": connection.group_id, "queue": queue, "due": due_after(connection, queue, None)}
        for connection in lacking
        for queue in QUEUES
    ]
    if rows:
        Round.insert_many(rows).on_conflict_ignore().execute()


def check(round: Round, by: User, found: int, seen: str) -> bool:
    """Records that somebody looked, and what they found; whether it was not recorded before.

    seen  the stamp of the round when the form was made: an optimistic lock. The same form again
          changes nothing; Changed, when somebody else has looked meanwhile. A signal that came in
          since then stands.
    """
    checked, _dot, signalled = seen.partition(".")
    with db.atomic():
        row = locked(Round.select().where(Round.id == round.id)).get()
        if _micros(row.checked) != checked:
            if row.checked_by_id == by.id and row.found == found:
                return False
            raise Changed(_overtaken(row))
        at, connection = now(), connection_of(row.group_id)
        RoundCheck.create(round=row, by=by, at=at, found=found)
        row.checked, row.checked_by, row.found = at, by, found
        if _micros(row.signalled) == signalled:
            row.due, row.signalled = due_after(connection, row.queue, at), None
        row.save()
    return True


def stamp(round: Round) -> str:
    """What a form is made from: it changes with a look and with a signal."""
    return f"{_micros(round.checked)}.{_micros(round.signalled)}"


def is_on_facebook(connection: Connection) -> bool:
    return connection.platform == FACEBOOK_GROUP.name


def signal(group: Group, queue: str, at: datetime) -> None:
    """Something is said to be in the queue: it is due at once."""
    this = (Round.group == group) & (Round.queue == queue)
    with db.atomic():
        Round.update(signalled=at).where(this).execute()
        Round.update(due=at).where(this, Round.due > at).execute()


def find(group: Group, ids: list[int]) -> list[Round]:
    """These rounds of the group, in this order; NotFound unless all are of it."""
    found = {round.id: round for round in Round.select().where(Round.group == group)}
    if not ids or any(id not in found for id in ids):
        raise NotFound
    return [found[id] for id in ids]


def overdue_for(user: User) -> list[Overdue]:
    """Those in the user's groups, the most overdue first; no more than COUNT_TO."""
    rows = _overdue(now()) if user.is_administrator else _overdue_in_seats(user.id, now())
    return list(map(Overdue._make, rows))


def stops(user: User, after: After | None) -> tuple[list[Stop], After | None]:
    """A page of the user's groups on Facebook, the most overdue first, and the next page's key."""
    first = fn.MIN(Round.due)
    rows = Round.select(Round.group, first).join(Connection, on=_same_group())
    rows = rows.where(_on_facebook()).group_by(Round.group)
    if not user.is_administrator:
        rows = rows.where(Round.group.in_(_seated(user.id)))
    if after:
        key = Tuple(moment(after.time), after.id)
        rows = rows.having(Tuple(first, Round.group) > key)
    rows = rows.order_by(first, Round.group).limit(PAGE + 1)
    found: list[tuple[int, datetime]] = list(rows.tuples().iterator())
    ids = [group_id for group_id, _due in found[:PAGE]]
    next = After(0, found[PAGE - 1][1], ids[-1]) if len(found) > PAGE else None
    return _stops(ids), next


def _stops(ids: list[int]) -> list[Stop]:
    rounds: dict[int, list[Round]] = {id: [] for id in ids}
    with_people = Round.select(Round, User).join(User, JOIN.LEFT_OUTER)
    for round in with_people.where(Round.group.in_(ids)):
        if round.queue in QUEUES:
            rounds[round.group_id].append(round)
    with_groups = Connection.select(Connection, Group).join(Group)
    connections = {each.group_id: each for each in with_groups.where(Connection.group.in_(ids))}
    aliases = _aliases(ids)
    order = list(QUEUES)
    return [
        Stop(
            connections[id].group,
            connections[id],
            aliases.get(id, ""),
            sorted(rounds[id], key=lambda round: order.index(round.queue)),
        )
        for id in ids
    ]


def _aliases(ids: list[int]) -> dict[int, str]:
    """The newest of each group."""
    rows = GroupAlias.select(GroupAlias.group, GroupAlias.name).where(GroupAlias.group.in_(ids))
    return dict(rows.order_by(GroupAlias.id).tuples().iterator())


def _micros(at: datetime | None) -> str:
    return f"{at:%Y%m%d%H%M%S%f}" if at else ""


def _overtaken(round: Round) -> str:
    words = _(
        "%(who)s looked at “%(queue)s” at %(when)s and found %(found)d, after you had opened this page."
        " Your look was not recorded; record it again below if you have seen something else."
    )
    queue = _(QUEUES[round.queue].label)
    who = round.checked_by.name if round.checked_by else "–"
    when = exact(round.checked) if round.checked else ""
    return words % {"who": who, "queue": queue, "when": when, "found": round.found or 0}


def _on_facebook() -> Expression:
    return Connection.platform == FACEBOOK_GROUP.name


def _same_group() -> Expression:
    return Connection.group == Round.group


def _seated(user_id):
    return Seat.select(Seat.group).where(Seat.user == user_id)


def _overdue_rows(at):
    rows = Round.select(Round.group, Round.queue, Round.due).join(Connection, on=_same_group())
    return rows.where(_on_facebook(), Round.due <= at)


@prepared
def _overdue(at):
    return _overdue_rows(at).order_by(Round.due, Round.id).limit(COUNT_TO).tuples()


@prepared
def _overdue_in_seats(user_id, at):
    rows = _overdue_rows(at).where(Round.group.in_(_seated(user_id)))
    return rows.order_by(Round.due, Round.id).limit(COUNT_TO).tuples()
