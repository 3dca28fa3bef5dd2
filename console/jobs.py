"""The scheduled work, all of it. The rows in the outbox are the truth; a task only wakes the worker."""

from datetime import datetime

from huey import crontab
from huey.api import Huey
from huey.contrib.sql_huey import SqlStorage
from huey.storage import BlackHoleStorage

from console.platforms import outbox
from models import Delivery, db, now

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


@huey.periodic_task(crontab(minute="*"))
def sweep() -> None:
    """Picks up what a crash left without a task."""
    deliver.call_local()


def wake(at: datetime) -> None:
    """Has the worker look into the outbox at that moment."""
    deliver.schedule(delay=max(0.0, (at - now()).total_seconds()))
