"""Carries out the outbox in threads: a dispatcher claims deliveries that are due, couriers send them.

A connection has at most one courier, so a receiver that hangs blocks one thread, not all.
"""

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Thread

from console.health import beats
from console.outages import LONGEST_PAUSE
from console.platforms import outbox
from console.storage import db, now
from models import Beat, Delivery

log = logging.getLogger(__name__)

POLL_SECONDS = 0.5  # cheap: it reads a partial index of what is pending
COURIERS = 16


class Dispatcher(Thread):
    """The dispatcher; as a context manager it runs until the block ends."""

    def __init__(self):
        super().__init__(name="dispatcher", daemon=True)
        self._busy: set[int] = set()  # ids of the connections that have a courier
        self._wake = Event()  # wakes the dispatcher: a courier is free, or it shall stop
        self._stopping = False
        self._next_beat = 0.0

    def run(self) -> None:
        with ThreadPoolExecutor(COURIERS, thread_name_prefix="courier") as couriers:
            pause = POLL_SECONDS
            while not self._stopping:
                try:
                    self._beat()
                    self._send_out(couriers)
                    pause = POLL_SECONDS
                except Exception:
                    log.exception("the outbox could not be read; trying again")
                    pause = min(pause * 2, LONGEST_PAUSE)
                self._wake.wait(pause)
                self._wake.clear()

    def __enter__(self) -> "Dispatcher":
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        """Claims nothing more, and waits for the deliveries that are being sent."""
        self._stopping = True
        self._wake.set()
        self.join()

    def _beat(self) -> None:
        if time.monotonic() >= self._next_beat:
            with db.connection_context():
                beats.beat(Beat.WORKER)
            self._next_beat = time.monotonic() + beats.EVERY_SECONDS

    def _send_out(self, couriers: ThreadPoolExecutor) -> None:
        while len(self._busy) < COURIERS and not self._stopping:
            with db.connection_context():
                delivery = outbox.claim(now(), self._busy)
            if delivery is None:
                return
            self._busy.add(delivery.connection_id)
            couriers.submit(self._carry_out, delivery)

    def _carry_out(self, delivery: Delivery) -> None:
        try:
            with db.connection_context():
                outbox.attempt(delivery)
        except Exception:
            log.exception("delivery %s", delivery.idempotency_key)
        finally:
            self._busy.discard(delivery.connection_id)
            self._wake.set()
