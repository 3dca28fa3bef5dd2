"""The rows of the live feed: an entry changed; a user's session ended."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from peewee import JOIN, fn

from console.prepared import insert
from console.storage import db, delete_in_batches, is_postgres, now
from models import Entry, Event, User

INCOMING = Event.INCOMING
RETENTION = timedelta(days=1)
_IN_ORDER = 2, 0  # names an advisory lock


def tell(entry: Entry, kind: str = Event.CHANGED, at: datetime | None = None) -> None:
    """Everybody who looks at the entry's group is told once the caller's transaction commits.

    Of what is archived nobody is told: it is in no list.
    """
    if entry.archived:
        return
    _in_order()
    insert(Event, kind=kind, entry=entry.id, at=at or now())


def tell_of_delivery(entry_id: int) -> None:
    """What was ordered for the entry outside went on; the entry itself is as it was."""
    _in_order()
    insert(Event, kind=Event.DELIVERY, entry=entry_id)


def tell_user(user: User, session: str = "") -> None:
    """The user's streams look again whether they may go on; the one of that session ends."""
    with db.atomic():
        _in_order()
        insert(Event, kind=Event.USER, user=user.id, session=session)


def _in_order() -> None:
    """Numbers become visible in their order: who has read 7 will not find a 6 that comes later.

    SQLite has one writer anyway; PostgreSQL gives numbers before it commits, so writers queue.
    """
    if is_postgres():
        db.execute_sql("SELECT pg_advisory_xact_lock(%s, %s)", _IN_ORDER)


class News(NamedTuple):
    """An event, and how its entry stands now."""

    id: int
    kind: str
    user_id: int | None
    session: str
    entry_id: int | None
    group_id: int | None
    version: int | None
    urgency: int | None


def after(id: int, limit: int) -> list[News]:
    """The events after that one, oldest first."""
    query = (
        Event.select(Event.id, Event.kind, Event.user, Event.session)
        .select_extend(Entry.id, Entry.group, Entry.version, Entry.urgency)
        .join(Entry, JOIN.LEFT_OUTER)
        .where(Event.id > id)
        .order_by(Event.id)
        .limit(limit)
    )
    rows: Iterable[Any] = query.tuples()
    return list(map(News._make, rows))


def newest() -> int:
    return Event.select(fn.MAX(Event.id)).scalar() or 0


def oldest() -> int:
    return Event.select(fn.MIN(Event.id)).scalar() or 0


def prune(at: datetime) -> int:
    """Deletes what is over a day old; the newest stays, so that numbers go on from it."""
    return delete_in_batches(Event, Event.at < at - RETENTION, Event.id < newest())
