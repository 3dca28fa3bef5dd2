"""Where a group's queues on Facebook are looked at, and how often.

Kept in the connection's settings: {"rounds": {queue: {"address": …, "hours": …}}}, without an address
where it is the group's own page. Facebook documents no address of its queues, so none is verified.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from console.audit import record
from console.errors import Refused
from console.groups.groups import add_alias
from console.language import N_, _
from console.storage import db, locked, now
from console.text import addresses
from models import Connection, Entry, Group, Round, User

NEVER = datetime(9000, 1, 1, tzinfo=UTC)  # when a queue is due that is not looked at
MOST_HOURS = 7 * 24


class Queue(NamedTuple):
    label: str
    hours: int  # between two looks, unless the group has others
    stands: str = ""  # where on the platform what is found there stands; one of Entry.STANDS


QUEUES = {
    "pending": Queue(N_("Pending posts"), 1, Entry.PENDING),
    "spam": Queue(N_("Potential spam"), 2, Entry.SPAM),
    "reported": Queue(N_("Reported by members"), 2, Entry.REPORTED),
    "alerts": Queue(N_("Moderation alerts"), 4, Entry.REPORTED),
    "auto-reported": Queue(N_("Reported automatically"), 4, Entry.REPORTED),
    "privacy": Queue(N_("The group's privacy"), 24),
}


class Plan(NamedTuple):
    address: str  # "": the group's own page
    hours: int  # 0: never


def plan_of(connection: Connection, queue: str) -> Plan:
    kept = connection.settings.get("rounds", {}).get(queue, {})
    return Plan(kept.get("address", ""), kept.get("hours", QUEUES[queue].hours))


def address_of(connection: Connection, queue: str, alias: str) -> str:
    """Where the queue is looked at; "" when nobody has said what addresses call the group."""
    own = f"https://www.facebook.com/groups/{alias}/" if alias else ""
    return plan_of(connection, queue).address or own


def due_after(connection: Connection, queue: str, checked: datetime | None) -> datetime:
    """When a queue that was looked at then is due next; one that never was is due at once."""
    hours = plan_of(connection, queue).hours
    if not hours:
        return NEVER
    return checked + timedelta(hours=hours) if checked else now()


def save_plans(group: Group, pasted: str, plans: Mapping[str, Plan], by: User) -> None:
    """Says what addresses call the group, where its queues are, and how often they are looked at.

    pasted  the group's number, slug or address on Facebook; "" leaves what is known
    Raises Refused for what is no address of Facebook's, and for another group's.
    """
    for queue, plan in plans.items():
        _require_facebook(plan.address, f"address-{queue}")
    with db.atomic():
        if pasted.strip():
            _name(group, pasted, by)
        connection = locked(Connection.select().where(Connection.group == group)).get()
        was = {queue: plan_of(connection, queue) for queue in plans}
        changed = {queue: plan for queue, plan in plans.items() if plan != was[queue]}
        if not changed:
            return
        kept = {queue: plan._asdict() for queue, plan in plans.items()}
        connection.settings = connection.settings | {"rounds": kept}
        connection.save(only=[Connection.settings])
        _plan_anew(connection, list(changed))
        record(by, "rounds.planned", group.name, "; ".join(map(_in_words, changed.items())))


def _name(group: Group, pasted: str, by: User) -> None:
    alias = addresses.group_in(pasted)
    if alias is None:
        message = _("This is neither a group's number or slug nor its address. Nothing was saved.")
        raise Refused(message, "group")
    if (of := add_alias(group, alias, by=by)) != group:
        message = _("Links to “%(alias)s” lead to %(group)s already. Nothing was saved.")
        raise Refused(message % {"alias": alias, "group": of.name}, "group")


def _require_facebook(address: str, field: str) -> None:
    """People are sent there: to nothing but Facebook, and over HTTPS."""
    is_one = len(address.split()) == 1 and address.lower().startswith("https://")
    if address and not (is_one and addresses.read(address).platform):
        message = _("This must be an address of Facebook's that begins with https://.")
        raise Refused(f"{message} {_('Nothing was saved.')}", field)


def _plan_anew(connection: Connection, queues: list[str]) -> None:
    """What waits for nobody's eyes yet is due by its new interval."""
    this = (Round.group == connection.group_id) & Round.queue.in_(queues)
    for round in locked(Round.select().where(this, Round.signalled.is_null())):
        round.due = due_after(connection, round.queue, round.checked)
        round.save(only=[Round.due])


def _in_words(changed: tuple[str, Plan]) -> str:
    queue, plan = changed
    return f"{queue}: {plan.hours} h {plan.address}".rstrip()
