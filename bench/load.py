"""Clients: one that is timed, or many at once, each in a process of its own."""

import re
import time
from collections.abc import Callable
from http.client import HTTPConnection
from multiprocessing import get_context
from queue import Empty
from typing import NamedTuple
from urllib.parse import urlencode

PATIENCE = 120  # seconds, for the slowest measurement of many clients


class Client:
    """A browser's connection: kept alive, with a cookie, and accepting what browsers accept."""

    def __init__(self, port: int):
        self.connection = HTTPConnection("127.0.0.1", port, timeout=30)
        self.headers = {"Accept-Encoding": "gzip, deflate, br, zstd"}

    def send(self, method: str, path: str, body=None, expect: int = 200, **headers: str) -> bytes:
        self.connection.request(method, path, body, self.headers | headers)
        response = self.connection.getresponse()
        answer = response.read()
        for cookie in response.headers.get_all("Set-Cookie", []):
            if cookie.startswith("session="):  # another only names the browser
                self.headers["Cookie"] = cookie.partition(";")[0]
        if response.status != expect:
            raise RuntimeError(f"{method} {path}: {response.status}, not {expect}")
        return answer

    def anew(self) -> None:
        """Goes on over a new connection: the server closes one that says nothing for two seconds."""
        self.connection.close()

    def get(self, path: str) -> bytes:
        return self.send("GET", path)

    def plain(self, path: str) -> str:
        """The page as text, not compressed."""
        return self.send("GET", path, **{"Accept-Encoding": "identity"}).decode()

    def post(self, path: str, form: dict[str, str], expect: int = 200, **headers: str) -> bytes:
        headers |= {"Content-Type": "application/x-www-form-urlencoded"}
        return self.send("POST", path, urlencode(form), expect, **headers)

    def token(self, path: str) -> str:
        return re.search(r'name="csrf_token" value="([^"]+)"', self.plain(path))[1]

    def sign_in(self, name: str, password: str) -> "Client":
        form = {"csrf_token": self.token("/people/sign-in"), "name": name, "password": password}
        self.post("/people/sign-in", form, expect=303)
        return self


def timed(act: Callable[[], object]) -> float:
    """How many milliseconds it took."""
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) * 1000


class Rush(NamedTuple):
    """What many clients achieved together."""

    requests: int
    seconds: float
    latencies: list[float]

    @property
    def rate(self) -> float:
        return self.requests / self.seconds


def rush(clients: int, prepare: Callable, *args) -> Rush:
    """Runs clients at once. `prepare(number, *args)` gives one's acts: an iterator of functions."""
    context = get_context("spawn")
    barrier, results = context.Barrier(clients), context.Queue()
    processes = [
        context.Process(target=_one, args=(barrier, results, prepare, number, args), daemon=True)
        for number in range(clients)
    ]
    for process in processes:
        process.start()
    try:
        told = [results.get(timeout=PATIENCE) for _ in processes]
    except Empty:
        raise SystemExit("a client did not come back") from None
    finally:
        for process in processes:
            process.join(5)
            process.kill()
    starts, ends, latencies = zip(*told, strict=True)
    every = [each for of_one in latencies for each in of_one]
    return Rush(len(every), max(ends) - min(starts), every)


def _one(barrier, results, prepare, number: int, args) -> None:
    acts = prepare(number, *args)
    barrier.wait(PATIENCE)
    start = time.perf_counter()  # the same clock in all processes of the machine
    latencies = [timed(act) for act in acts]
    results.put((start, time.perf_counter(), latencies))
