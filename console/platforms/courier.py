"""The worker's thread that looks into the outbox, and carries out what is due."""

import logging
from threading import Event, Thread

from console.platforms import outbox
from console.storage import db

log = logging.getLogger(__name__)

LOOK_EVERY = 0.5  # seconds; a look is one read of an index that holds only what is pending


class Courier(Thread):
    def __init__(self):
        super().__init__(name="courier", daemon=True)
        self._stopping = Event()

    def run(self) -> None:
        while not self._stopping.wait(LOOK_EVERY):
            try:
                with db.connection_context():
                    while not self._stopping.is_set() and outbox.deliver_next():
                        pass
            except Exception:
                log.exception("the outbox could not be read; trying again")

    def stop(self) -> None:
        """Begins nothing more, and waits for what is being sent."""
        self._stopping.set()
        self.join()
