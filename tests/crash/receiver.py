"""The platform's side: a receiver of Standard Webhooks that is sometimes ill."""

import socket
import time
from collections import defaultdict
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from threading import Event, Lock, Thread

from standardwebhooks import Webhook

# How it takes a message: well, late, not at all, or well but so that the sender never learns it.
MOODS = ("well", "late", "refused", "unanswered")
OFTEN = (4, 1, 2, 4)


class Receiver:
    """Knows a repeated message by its webhook-id, as Standard Webhooks tells receivers to."""

    def __init__(self):
        self.secret = ""
        self.ill = False
        self.rng = Random()
        self.bodies: dict[str, set[bytes]] = defaultdict(set)  # of all that were sent, by id
        self.taken: list[str] = []  # the ids in the order in which each was first taken
        self.repeated = 0
        self.faults: list[str] = []
        self.address = ""
        self._trap: Event | None = None
        self._lock = Lock()

    def trap(self) -> Event:
        """Set as soon as a message is in hand, which then stays unanswered for a while."""
        self._trap = Event()
        return self._trap

    def hear(self, headers: dict[str, str], body: bytes) -> str:
        """Takes a message in, or doesn't; says in which mood."""
        mood = self.rng.choices(MOODS, OFTEN)[0] if self.ill else "well"
        if mood == "late":
            time.sleep(self.rng.uniform(0.05, 0.5))
        with self._lock:
            try:
                Webhook(self.secret).verify(body, headers)
            except Exception as error:
                self.faults.append(f"{type(error).__name__}: {error} {body!r}")
                return "refused"
            if b'"connection.test"' in body:
                return mood
            key = headers["webhook-id"]
            self.bodies[key].add(body)
            if mood != "refused":
                if key in self.taken:
                    self.repeated += 1
                else:
                    self.taken.append(key)
            trap, self._trap = self._trap, None
        if trap:
            trap.set()
            time.sleep(0.3)
        return mood


@contextmanager
def listening():
    """A receiver on a loopback port."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            mood = receiver.hear({k.lower(): v for k, v in self.headers.items()}, body)
            if mood == "unanswered":
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            self.send_response(500 if mood == "refused" else 204)
            self.end_headers()

        def log_message(self, *_args):
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = False  # all of them are waited for
        request_queue_size = 64

        def handle_error(self, _request, _address):
            pass  # the sender was killed in the middle

    server = Server(("127.0.0.1", 0), Handler)
    receiver.address = f"http://127.0.0.1:{server.server_port}/furtka"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
