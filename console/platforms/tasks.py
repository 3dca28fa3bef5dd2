"""The list of what people must do on the platforms, the *tasks*, and what they say of each."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from peewee import JOIN, SQL, ModelSelect, Tuple, fn

from console.entries.events import tell_of_delivery
from console.errors import Changed, NotFound, Refused
from console.language import N_, _
from console.outbox import by_hand
from console.outbox.platform import PLATFORMS
from console.prepared import prepared
from console.storage import db, locked, now
from models import (
    Connection,
    Decision,
    Delivery,
    Entry,
    Group,
    Profile,
    Seat,
    Template,
    User,
    Violation,
)

PAGE = 50
LONGEST_WHY = 500
EPOCH = datetime.fromtimestamp(0, UTC)
NO_ADDRESS = N_(
    "The link of this entry leads nowhere on Facebook. Nothing was noted. Open the group there, and find"
    " the entry by its author and text."
)
FASTER = N_("Somebody was faster. Nothing of yours was kept; this is how it stands now.")

Author, Person = Profile.alias("author"), Profile.alias("person")
Decider, Opener, Settler = User.alias("decider"), User.alias("opener"), User.alias("settler")


class Task(NamedTuple):
    """A delivery that a person carries out, with all that is shown of it."""

    id: int
    kind: str
    state: str
    urgency: int
    due: datetime
    opened: datetime | None
    settled: datetime | None
    why: str  # it is not possible
    group: str
    platform: str
    decision_id: int | None
    decided: datetime | None
    decided_by: str | None
    opened_by: str | None
    settled_by: str | None
    entry_id: int | None  # none: it is about a profile
    entry_kind: str | None
    entry_state: str | None
    platform_state: str | None
    stands: str | None
    text: str | None  # its beginning
    entry_url: str | None
    author: str | None
    profile: str | None
    profile_url: str | None
    is_undone: bool

    @property
    def is_open(self) -> bool:
        return self.state == Delivery.TO_DO

    @property
    def is_taken_back(self) -> bool:
        """It was opened, and then decided otherwise: somebody must say whether it was done."""
        return by_hand.is_taken_back(self.kind, self.entry_state or "", self.is_undone)

    @property
    def url(self) -> str:
        return (self.entry_url if self.entry_id else self.profile_url) or ""


class After(NamedTuple):
    """The key of the last task of a page, after which the next one begins (keyset pagination)."""

    urgency: int
    due: datetime
    id: int

    @classmethod
    def parse(cls, text: str | None) -> After | None:
        key = re.fullmatch(r"([0-9])-([0-9]{1,16})-([0-9]{1,9})", text or "")
        if key is None:
            return None
        urgency, micros, id = map(int, key.groups())
        return cls(urgency, EPOCH + timedelta(microseconds=micros), id)

    def __str__(self) -> str:
        return f"{self.urgency}-{(self.due - EPOCH) // timedelta(microseconds=1)}-{self.id}"


FIRST = After(9, EPOCH, 0)  # above all urgencies


def page(user: User, after: After | None) -> tuple[list[Task], After | None]:
    """Up to PAGE open tasks of the user's groups, the most urgent first and the oldest of those."""
    key = after or FIRST
    rows = _page_of_all(*key) if user.is_administrator else _page_in_seats(user.id, *key)
    tasks = [Task._make(row) for row in rows]
    if len(tasks) <= PAGE:
        return tasks, None
    last = tasks[PAGE - 1]
    return tasks[:PAGE], After(last.urgency, last.due, last.id)


class BrokenRule(NamedTuple):
    """A rule as it was when the decision named it."""

    name: str
    text: str


def broken_rules(tasks: list[Task]) -> dict[int, list[BrokenRule]]:
    """{id of a decision: the rules that it named}"""
    rules: dict[int, list[BrokenRule]] = {}
    ids = [task.decision_id for task in tasks if task.decision_id]
    for decision_id, name, text in _rules(ids) if ids else ():
        rules.setdefault(decision_id, []).append(BrokenRule(name, text or ""))
    return rules


def shown(id: int) -> Task:
    """The task as it now is."""
    return Task._make(next(_one(id)))


def find(user: User, id: int) -> Delivery:
    """A task of the user's groups, whatever became of it; or NotFound."""
    rows = Delivery.select(Delivery, Connection).join(Connection).where(Delivery.id == id)
    if not user.is_administrator:
        rows = rows.where(Connection.group.in_(_seats(user.id)))
    delivery = rows.first()
    if delivery is None:
        raise NotFound
    ability = PLATFORMS[delivery.connection.platform].abilities.get(delivery.kind)
    is_by_hand = ability is not None and ability.by_hand
    if not is_by_hand and delivery.state != Delivery.TO_DO:  # of a platform chosen since
        raise NotFound
    return delivery


def open_task(delivery: Delivery, by: User) -> None:
    """Somebody goes there to do it. From now on it may have been done, so it is not cancelled."""
    with db.atomic():
        _lock_entry(delivery)
        opened = Delivery.update(begun=True, opened=now(), opened_by=by)
        if opened.where(Delivery.id == delivery.id, Delivery.to_do()).execute():
            _tell(delivery)


def no_address() -> str:
    return _(NO_ADDRESS)


def done(delivery: Delivery, by: User) -> None:
    """Also of what was taken back meanwhile, if it was done all the same."""
    _settle(delivery, by, Delivery.DONE, by_hand.done)


def not_possible(delivery: Delivery, by: User, why: str) -> None:
    """It cannot be done there; `why` stands on the entry's card from now on."""
    why = why.strip()
    if not why:
        raise Refused(_("Say why it cannot be done: others will read it on the entry."), "why")
    if len(why) > LONGEST_WHY:
        raise Refused(_("The reason is too long. Shorten it to 500 characters."), "why")
    _settle(delivery, by, Delivery.NOT_POSSIBLE, by_hand.not_possible, why)


def not_done(delivery: Delivery, by: User) -> None:
    """Of what was taken back after it had been opened: nobody did it."""
    if shown(delivery.id).is_open and not shown(delivery.id).is_taken_back:
        raise Changed(_("This was decided anew meanwhile, and is to be done after all."))
    _settle(delivery, by, Delivery.CANCELLED, by_hand.not_done)


def _settle(delivery: Delivery, by: User, state: str, say: Callable[..., bool], *why: str) -> None:
    """Said twice by the same person, it is said once; after somebody else, Changed."""
    with db.atomic():
        _lock_entry(delivery)
        if say(delivery, by, *why):
            _tell(delivery)
            return
    now_is = Delivery.get_by_id(delivery.id)
    if (now_is.state, now_is.settled_by) != (state, by):
        raise Changed(_(FASTER))


def _lock_entry(delivery: Delivery) -> None:
    """As a decision does, so that they follow each other."""
    locked(Entry.select(Entry.id).where(Entry.id == delivery.entry_id)).first()


def _tell(delivery: Delivery) -> None:
    if delivery.entry_id:
        tell_of_delivery(delivery.entry_id)


def _seats(user_id):
    return Seat.select(Seat.group).where(Seat.user == user_id)


def _beyond(urgency, due, id):
    same = (Delivery.urgency == urgency) & (Tuple(Delivery.due, Delivery.id) > Tuple(due, id))
    return (Delivery.urgency < urgency) | same


ORDER = Delivery.urgency.desc(), Delivery.due, Delivery.id


@prepared
def _page_of_all(urgency, due, id):
    return _page(Delivery.to_do() & _beyond(urgency, due, id))


@prepared
def _page_in_seats(user_id, urgency, due, id):
    mine = Connection.select(Connection.id).where(Connection.group.in_(_seats(user_id)))
    return _page(Delivery.to_do() & Delivery.connection.in_(mine) & _beyond(urgency, due, id))


def _page(which):
    ids = Delivery.select(Delivery.id).where(which).order_by(*ORDER).limit(PAGE + 1)
    return _tasks().where(Delivery.id.in_(ids)).order_by(*ORDER)


@prepared
def _one(id):
    return _tasks().where(Delivery.id == id)


def _tasks() -> ModelSelect[Delivery]:
    undoing = Decision.alias("undoing")
    undone = undoing.select(SQL("1")).where(undoing.undoes == Decision.id)
    text = fn.SUBSTR(Entry.text, 1, 200)
    own = Delivery.id, Delivery.kind, Delivery.state, Delivery.urgency, Delivery.due
    since = Delivery.opened, Delivery.settled, Delivery.last_error
    entry = Entry.id, Entry.kind, Entry.state, Entry.platform_state, Entry.stands, text, Entry.url
    rows = Delivery.select(
        *own,
        *since,
        Group.name,
        Connection.platform,
        Decision.id,
        Decision.at,
        *(Decider.name, Opener.name, Settler.name),
        *entry,
        Author.name,
        *(Person.name, Person.url),
        fn.EXISTS(undone),
    )
    rows = rows.join_from(Delivery, Connection).join_from(Connection, Group)
    for at, model, on in (
        (Delivery, Decision, Delivery.decision == Decision.id),
        (Decision, Decider, Decision.by == Decider.id),
        (Delivery, Opener, Delivery.opened_by == Opener.id),
        (Delivery, Settler, Delivery.settled_by == Settler.id),
        (Delivery, Entry, Delivery.entry == Entry.id),
        (Entry, Author, Entry.profile == Author.id),
        (Delivery, Person, Delivery.profile == Person.id),
    ):
        rows = rows.join_from(at, model, JOIN.LEFT_OUTER, on=on)
    return rows.tuples()


@prepared
def _rules(decision_ids):
    return (
        Violation.select(Violation.tagged, Violation.rule_name, Template.text)
        .join(Template, JOIN.LEFT_OUTER, on=(Violation.rule_text == Template.id))
        .where(Violation.tagged.in_(decision_ids))
        .order_by(Violation.id)
        .tuples()
    )
