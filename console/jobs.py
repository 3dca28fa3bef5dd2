"""All periodic tasks. The worker runs them, beside the couriers that carry out the outbox."""

from huey import crontab

from console.background import huey
from console.entries import events
from console.entries.overdue import mark_overdue
from console.intake import share
from console.people import signin
from console.platforms import mail_signals, mailbox, preapproval, rounds
from console.screening import replay
from console.storage import db, now


@huey.periodic_task(crontab(minute="*"))
def resume() -> None:
    """Continues replays whose task was lost in a crash."""
    with db.connection_context():
        for id in replay.unfinished():
            replay.run_soon(id)


@huey.periodic_task(crontab(minute="*"))
def age() -> None:
    """Marks as overdue what has been urgent for too long; gives new Facebook groups their rounds."""
    with db.connection_context():
        mark_overdue(now())
        rounds.ensure()


@huey.periodic_task(crontab(minute="*"))
def read_mail() -> None:
    """Takes Facebook's mails from the mailbox, if there is one."""
    with db.connection_context():
        mailbox.read_by_clock(now())


@huey.periodic_task(crontab(minute="*/5"))
def preapprove() -> None:
    """Asks for what is to be pre-approved on Facebook: contracts begin and end by the clock."""
    with db.connection_context():
        preapproval.sweep(now())


@huey.periodic_task(crontab(minute="*"))
def forget() -> None:
    """Deletes what was shared and not used within minutes."""
    with db.connection_context():
        share.prune(now())


@huey.periodic_task(crontab(minute="7"))
def prune() -> None:
    """Deletes what has served; docs/deployment.md says what is kept for how long."""
    with db.connection_context():
        signin.prune(now())
        events.prune(now())
        replay.prune(now())
        mail_signals.prune(now())
