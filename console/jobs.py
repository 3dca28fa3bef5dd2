"""The scheduled work, all of it. The rows in the outbox are the truth; a task only wakes the worker."""

from datetime import datetime

from huey import crontab
from huey.api import Huey
from huey.contrib.sql_huey import SqlStorage
from huey.storage import BlackHoleStorage

from console.entries import events
from console.platforms import outbox
from console.screening import replay as replaying
from models import Delivery, Replay, db, now

huey = Huey("furtka", storage_class=BlackHoleStorage, results=False)


def bind(database) -> None:
    """Lets the tasks wait in the console's own database."""
    huey.storage = SqlStorage("furtka", database=database, create_tables=False)


@huey.task()
def deliver() -> None:
    """Carries out what is due, and comes back for what failed."""
    with db.connection_context():
        while delivery := outbox.deliver_next():
            if delivery.state == Delivery.PENDING:
                wake(delivery.due)


@huey.task()
def replay(id: int) -> None:
    """Works through a replay of a screener."""
    with db.connection_context():
        if row := Replay.get_or_none(Replay.id == id):
            replaying.run(row)


@huey.periodic_task(crontab(minute="*"))
def sweep() -> None:
    """Picks up what a crash left without a task."""
    deliver.call_local()
    with db.connection_context():
        for id in replaying.unfinished():
            replay(id)


@huey.periodic_task(crontab(minute="7"))
def prune() -> None:
    """Drops what has served: the live feed's old events, and replays that nobody reads any more."""
    with db.connection_context():
        events.prune(now())
        replaying.prune(now())


def wake(at: datetime) -> None:
    """Has the worker look into the outbox at that moment."""
    deliver.schedule(delay=max(0.0, (at - now()).total_seconds()))
