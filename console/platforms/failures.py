"""Deliveries that were given up: who must know of them, and sending them again.

A failure counts as long as its decision is what stands: the decision was not undone, and no later
delivery of one that changed the entry's state has arrived. It is for whoever decided, as long as they
have a seat in the group, and for administrators.
"""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from peewee import SQL, Expression, fn

from console.entries.events import tell_of_delivery
from console.errors import NotFound, Refused
from console.groups.access import groups_of
from console.language import _
from console.outbox.connections import connection_of
from console.outbox.platform import PLATFORMS
from console.prepared import prepared
from console.storage import db, now
from models import Connection, Decision, Delivery, Group, User

COUNT_TO = 1000  # of so many that were given up last
SHOWN = 200


class Number(NamedTuple):
    """How many failures of one person there are in one group."""

    group_id: int
    user_id: int
    number: int


def numbers() -> list[Number]:
    return list(map(Number._make, _numbers()))


def number_for(user_id: int, groups: Collection[int] | None) -> int:
    """How many failures that user must know of; `groups` are their seats', None: an administrator's."""
    return number_among(numbers(), user_id, groups)


def number_among(numbers: Iterable[Number], user_id: int, groups: Collection[int] | None) -> int:
    mine = (
        each.number
        for each in numbers
        if groups is None or (each.user_id == user_id and each.group_id in groups)
    )
    return sum(mine)


def failures_of(user: User) -> list[Delivery]:
    """Those that the user must know of, the newest first; one more than SHOWN."""
    rows = Delivery.select(Delivery, Decision).join(Decision).where(_stands(), _is_for(user))
    return list(rows.order_by(Delivery.id.desc()).limit(SHOWN + 1))


def find(user: User, id: int) -> tuple[Group, Delivery]:
    """A delivery that the user may send again if it failed, and its group; or NotFound."""
    rows = Delivery.select(Delivery, Decision, Group).join(Decision).join(Group)
    delivery = rows.where(Delivery.id == id, _is_for(user)).first()
    if delivery is None or delivery.decision is None:
        raise NotFound
    return delivery.decision.group, delivery


def resend(group: Group, only: Delivery | None = None) -> int:
    """Sends the group's failures again at once, under their keys; returns how many.

    Refused when there is no way to send, or no need to any more.
    """
    if words := obstacle(connection_of(group.id), group):
        raise Refused(words)
    with db.atomic():
        which = Decision.group == group if only is None else Delivery.id == only.id
        failed = Delivery.select(Delivery.id, Delivery.entry).join(Decision).where(_stands(), which)
        found = dict(failed.tuples().iterator())
        anew = {"state": Delivery.PENDING, "due": now(), "attempts": 0}
        anew |= {"last_error": "", "settled": None}
        again = Delivery.update(anew).where(Delivery.id.in_(list(found)), Delivery.failed())
        number = again.execute()
        if not number:
            raise Refused(_nothing_to_send(only))
        for entry_id in set(found.values()):
            tell_of_delivery(entry_id)
    return number


def _nothing_to_send(only: Delivery | None) -> str:
    if only:
        return _("Somebody was faster: this was sent again, or is not needed any more.")
    return _(
        "Nothing of this group has to be sent again: sending was given up for none of its decisions."
    )


def obstacle(connection: Connection, group: Group) -> str:
    """Why nothing can be sent to the group, and what to do about it; "" when it can."""
    if connection.state == Connection.OFF:
        return _(
            "Sending to this group is switched off: its receiver wants no more messages (%(reason)s)."
            " What was not sent is kept here. Ask who runs the receiver; then whoever runs this server"
            " switches it on with: flask --app wsgi group address %(slug)s URL"
        ) % {"reason": connection.state_reason, "slug": group.slug}
    if not PLATFORMS[connection.platform].is_reachable(connection):
        return _(
            "This group has no address to send to. What was not sent is kept here. Whoever runs this"
            " server sets one with: flask --app wsgi group address %(slug)s URL"
        ) % {"slug": group.slug}
    return ""


def _stands() -> Expression:
    """The condition on a Delivery, joined with its Decision, that it is a failure."""
    undoing, later, change = Decision.alias(), Delivery.alias(), Decision.alias()
    undone = undoing.select(SQL("1")).where(undoing.undoes == Decision.id)
    overtaken = (
        later.select(SQL("1"))
        .join(change, on=(later.decision == change.id))
        .where(
            later.entry == Delivery.entry,
            later.id > Delivery.id,
            later.state.in_((Delivery.DELIVERED, Delivery.DONE)),
            change.from_state != change.to_state,
        )
    )
    return Delivery.failed() & ~fn.EXISTS(undone) & ~fn.EXISTS(overtaken)


def _is_for(user: User) -> Expression:
    here = Decision.group.in_(groups_of(user))
    return here if user.is_administrator else here & (Decision.by == user)


@prepared
def _numbers():
    newest = Delivery.alias()
    last = newest.select(newest.id)
    last = last.where(newest.state == SQL("'failed'"), newest.decision.is_null(False))
    last = last.order_by(newest.decision.desc()).limit(COUNT_TO)
    return (
        Delivery.select(Decision.group, Decision.by, fn.COUNT(SQL("*")))
        .join(Decision)
        .where(_stands(), Delivery.id.in_(last))
        .group_by(Decision.group, Decision.by)
        .tuples()
    )
