"""The worker's couriers: one thread claims what is due, a few carry it out.

At most one of them works for a connection, so a receiver that hangs keeps one thread busy, not all.
"""

import logging
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Thread

from console.platforms import outbox
from console.storage import db, now
from models import Delivery

log = logging.getLogger(__name__)

LOOK_EVERY = 0.5  # seconds; a look is one read of an index that holds only what is pending
COURIERS = 16


class Dispatcher(Thread):
    def __init__(self):
        super().__init__(name="dispatcher", daemon=True)
        self._busy: set[int] = set()  # connections that a courier works for
        self._look = Event()  # look at once: a courier is back, or it is time to stop
        self._stopping = False

    def run(self) -> None:
        with ThreadPoolExecutor(COURIERS, thread_name_prefix="courier") as couriers:
            while not self._stopping:
                try:
                    self._send_out(couriers)
                except Exception:
                    log.exception("the outbox could not be read; trying again")
                self._look.wait(LOOK_EVERY)
                self._look.clear()

    def __enter__(self) -> "Dispatcher":
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        """Begins nothing more, and waits for what is under way."""
        self._stopping = True
        self._look.set()
        self.join()

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
            self._look.set()
