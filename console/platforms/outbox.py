"""Carries out the deliveries of the transactional outbox.

A worker leases a delivery, sends it under its idempotency key, and settles it. If the worker dies, the
lease runs out and the delivery is sent again under the same key.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import datetime, timedelta
from random import uniform
from typing import Any

from peewee import ModelSelect, fn

from console import config
from console.entries.events import tell_of_delivery
from console.language import N_
from console.outbox.deliveries import reflect
from console.outbox.platform import PLATFORMS
from console.platforms.errors import DeliveryError
from console.storage import db, locked, now
from models import Connection, Delivery

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)  # every platform's deadline is far below it
REST = timedelta(minutes=1)  # of a connection that timed out, so that others need not wait for it
# Before each further attempt, as Standard Webhooks recommends.
DELAYS = [timedelta(seconds=5), timedelta(minutes=5), timedelta(minutes=30)] + [
    timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, 24)
]

OUR_FAULT = N_("an error of the console, which stands in its log")


def claim(at: datetime, busy: Collection[int] = ()) -> Delivery | None:
    """Leases the delivery that has been due longest, if any.

    busy  ids of connections to leave out; those that rest are left out too
    The deliveries of one entry are carried out in their order.
    """
    with db.atomic():
        delivery = locked(_next(at, busy), skip_locked=True).first()
        if delivery:
            # The lease is the row's next due time: until then nobody else takes it.
            delivery.due = at + LEASE
            delivery.attempts += 1
            delivery.save(only=[Delivery.due, Delivery.attempts])
    return delivery


def _next(at: datetime, busy: Collection[int]) -> ModelSelect[Delivery]:
    earlier = Delivery.alias()
    resting = Connection.select(Connection.id).where(Connection.rests_until > at)
    # Made while the clock was fast: a first attempt is never due later than the undo window.
    ahead = (Delivery.attempts == 0) & (Delivery.due > at + config.settings().undo_window)
    waits_for_another = earlier.select(earlier.id).where(
        earlier.entry == Delivery.entry,
        earlier.state == Delivery.PENDING,
        earlier.id < Delivery.id,
    )
    return (
        Delivery.select()
        .where(
            Delivery.pending(),
            (Delivery.due <= at) | ahead,
            Delivery.connection.not_in(list(busy)),
            Delivery.connection.not_in(resting),
            ~fn.EXISTS(waits_for_another),
        )
        .order_by(Delivery.due, Delivery.id)
        .limit(1)
    )


def attempt(delivery: Delivery) -> None:
    """Carries out a leased delivery and stores the outcome, or the error and the next attempt."""
    was_begun, begun_at = delivery.begun, now()
    if not _change(delivery, begun=True):
        return  # it was cancelled meanwhile
    try:
        outcome = PLATFORMS[delivery.connection.platform].carry_out(delivery)
    except DeliveryError as error:
        _failed(delivery, error, was_begun)
    except Exception as error:  # a bug in one delivery must not block those after it
        log.exception("delivery %s", delivery.idempotency_key)
        ours = DeliveryError(f"{OUR_FAULT}: {type(error).__name__}")
        _failed(delivery, ours, was_begun)
    else:
        _succeeded(delivery, outcome, begun_at)


def _succeeded(delivery: Delivery, outcome: str, begun_at: datetime) -> None:
    if outcome == Delivery.TO_DO:  # a person must do it after all
        _record(delivery, state=outcome, begun=False, last_error="")
    elif _record(delivery, state=outcome, settled=now(), last_error=""):
        reflect(delivery, begun_at)


def _failed(delivery: Delivery, error: DeliveryError, was_begun: bool) -> None:
    attempts, key = delivery.attempts, delivery.idempotency_key
    changes = {"begun": was_begun or not error.never_sent, "last_error": str(error)}
    cause = f" ({error.__cause__})" if error.__cause__ else ""
    if error.timed_out:
        resting = Connection.update(rests_until=now() + REST)
        resting.where(Connection.id == delivery.connection_id).execute()
    if error.permanent or attempts > len(DELAYS):
        log.error("delivery %s was given up after %s tries: %s%s", key, attempts, error, cause)
        _record(delivery, state=Delivery.FAILED, settled=now(), **changes)
    else:
        if attempts == 1:
            log.warning("delivery %s failed and will be tried again: %s%s", key, error, cause)
        # Jitter: deliveries that failed together are not all tried again at once.
        _record(delivery, due=now() + DELAYS[attempts - 1] * uniform(1, 1.2), **changes)


def _record(delivery: Delivery, **values: Any) -> bool:
    """Updates the delivery after an attempt; pages that show it are told."""
    with db.atomic():
        updated = _change(delivery, **values)
        if updated and delivery.entry_id:
            tell_of_delivery(delivery.entry_id)
    return updated


def _change(delivery: Delivery, **values: Any) -> bool:
    """Updates the delivery, unless it was cancelled or another worker has leased it since.

    Returns whether it was updated.
    """
    mine = (Delivery.id == delivery.id) & (Delivery.attempts == delivery.attempts)
    updated = Delivery.update(values).where(mine, Delivery.pending()).execute()
    delivery.__data__.update(values)
    return bool(updated)
