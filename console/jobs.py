"""The scheduled work, all of it. Beside it the worker carries out what waits in the outbox."""

from huey import crontab

from console.background import huey
from console.entries import events
from console.screening import replay
from console.storage import db, now


@huey.periodic_task(crontab(minute="*"))
def resume() -> None:
    """Goes on with replays that a crash left without a task."""
    with db.connection_context():
        for id in replay.unfinished():
            replay.run_soon(id)


@huey.periodic_task(crontab(minute="7"))
def prune() -> None:
    """Drops what has served: the live feed's old events, and replays that nobody reads any more."""
    with db.connection_context():
        events.prune(now())
        replay.prune(now())
