"""The outbox: what was decided here and is still to be carried out there.

The rows are the truth. A worker claims one with a lease, sends it under a key that never changes,
and settles it; one that dies in between leaves a lease that runs out.
"""

import logging
from datetime import datetime, timedelta
from random import uniform

from peewee import fn

from console.platforms import webhook
from console.platforms.errors import DeliveryError
from console.storage import db, locked, now
from models import Delivery

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
# The schedule of Standard Webhooks: the wait before each further try.
DELAYS = [timedelta(seconds=5), timedelta(minutes=5), timedelta(minutes=30)] + [
    timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, 24)
]


def deliver_next() -> Delivery | None:
    """Tries the oldest delivery that is due and returns it; still pending, it is to be tried again."""
    delivery = claim(now())
    if delivery is None:
        return None
    try:
        webhook.send(delivery)
    except DeliveryError as error:
        _postpone(delivery, error)
    except Exception as error:  # a delivery that breaks us must not block those behind it
        log.exception("delivery %s", delivery.key)
        _postpone(delivery, DeliveryError(type(error).__name__))
    else:
        _settle(delivery, Delivery.DELIVERED)
    return delivery


def claim(at: datetime) -> Delivery | None:
    """Leases the oldest delivery due; of one entry's, never a later one before an earlier."""
    earlier = Delivery.alias()
    query = (
        Delivery.select()
        .where(
            Delivery.pending(),
            Delivery.due <= at,
            ~fn.EXISTS(
                earlier.select(earlier.id).where(
                    earlier.entry == Delivery.entry,
                    earlier.state == Delivery.PENDING,
                    earlier.id < Delivery.id,
                )
            ),
        )
        .order_by(Delivery.due, Delivery.id)
        .limit(1)
    )
    with db.atomic():
        delivery = locked(query, skip_locked=True).first()
        if delivery:
            # The lease is the row's next due time: until then nobody else takes it.
            delivery.due = at + LEASE
            delivery.attempts += 1
            delivery.save(only=[Delivery.due, Delivery.attempts])
    return delivery


def _settle(delivery: Delivery, state: str, error: str = "") -> None:
    _change(delivery, state=state, settled=now(), last_error=error)


def _postpone(delivery: Delivery, error: DeliveryError) -> None:
    tries = delivery.attempts
    if error.permanent or tries > len(DELAYS):
        log.error("delivery %s was given up after %s tries: %s", delivery.key, tries, error)
        _settle(delivery, Delivery.FAILED, str(error))
    else:
        wait = DELAYS[tries - 1] * uniform(
            1, 1.2
        )  # so that what failed together does not return so
        _change(delivery, due=now() + wait, last_error=str(error))


def _change(delivery: Delivery, **values) -> None:
    """Unless the lease ran out and another worker has taken the delivery since."""
    mine = (Delivery.id == delivery.id) & (Delivery.attempts == delivery.attempts)
    Delivery.update(**values).where(mine, Delivery.pending()).execute()
    delivery.__data__.update(values)
