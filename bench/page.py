"""The hold queue's page of 50 cards, in a small and in a large console, beside a bare page."""

import re
from html import unescape
from typing import NamedTuple

from bench.load import Client, rush, timed
from bench.stage import LARGE, PASSWORD, Console, Stage
from bench.table import Line, at_least, at_most, both, p50, p99

PATH = "/queue/held"
ROUNDS, IN_A_ROW, WARM = 30, 20, 40
NEW = 100
NEXT = re.compile(r'rel="next" href="([^"]+)"')
CLIENTS, EACH = 8, 200


class Visit(NamedTuple):
    """A page that is asked for again and again, and what that took."""

    console: Console
    client: Client
    path: str
    times: list[float]
    work: list[float]  # of all gunicorn's processes, for IN_A_ROW requests


def latency(stage: Stage) -> list[Line]:
    """One client, a few requests to each server in turn: what disturbs one disturbs all."""
    visits = [
        _visit(stage.small, "administrator"),
        _visit(stage.large, "administrator"),
        _visit(stage.large, "moderator"),
        Visit(stage.bare, Client(stage.bare.port), "/", [], []),
    ]
    _measure(visits)
    few, many, seated, bare = (visit.times for visit in visits)
    work = [sum(visit.work) / len(visit.times) for visit in visits]
    unseen = _unseen(stage.large)
    size = f"the page at {LARGE:,} entries"
    return [
        Line("a bare Flask page of 50 static rows", both(bare)),
        Line("the page of 50 cards at 1,000 entries", both(few)),
        at_most(size, both(many), "p50 at 1,000", p50(many) / p50(few), 1.15),
        at_most("", "", "p99 at 1,000", p99(many) / p99(few), 1.15),
        at_most("", "", "the bare page", p50(many) / p50(bare), 6),
        Line("the same for a moderator of four groups", both(seated)),
        Line(f"{len(unseen)} further pages, none of them shown before", both(unseen)),
        Line("processor time: bare page", f"{work[3]:.2f} ms"),
        Line("processor time: 1,000 entries", f"{work[0]:.2f} ms", _times(work[0] / work[3])),
        Line(f"processor time: {LARGE:,}", f"{work[1]:.2f} ms", _times(work[1] / work[3])),
    ]


def throughput(stage: Stage) -> list[Line]:
    # One after the other: eight at once would pass for somebody who tries passwords.
    port = stage.large.port
    people = [Client(port).sign_in("administrator", PASSWORD) for _ in range(CLIENTS)]
    crowd = rush(CLIENTS, _requests, port, [each.headers for each in people])
    what = f"the page at {LARGE:,} entries, 8 clients"
    return [at_least(what, crowd.rate, "requests/s", 300, both(crowd.latencies))]


def _times(ratio: float) -> str:
    return f"{ratio:.2f} × the bare page"


def _measure(visits: list[Visit]) -> None:
    for visit in visits:
        for _ in range(WARM):
            visit.client.anew()  # both of gunicorn's processes are to be warm
            visit.client.get(visit.path)
    for _ in range(ROUNDS):
        for visit in visits:
            visit.client.anew()
            visit.client.get(visit.path)
            before = visit.console.processor_time()
            for _ in range(IN_A_ROW):
                visit.times.append(timed(lambda visit=visit: visit.client.get(visit.path)))
            visit.work.append(visit.console.processor_time() - before)


def _visit(console: Console, name: str) -> Visit:
    client = Client(console.port).sign_in(name, PASSWORD)
    assert client.plain(PATH).count("<article") == 50
    return Visit(console, client, PATH, [], [])


def _unseen(console: Console) -> list[float]:
    """Leafs through the queue by its next links: every page and every card is new."""
    client = Client(console.port).sign_in("administrator", PASSWORD)
    times, path = [], PATH
    while len(times) <= NEW and (link := NEXT.search(client.plain(path))):
        path = unescape(link[1])
        client.anew()
        client.get("/people/account")
        times.append(timed(lambda path=path: client.get(path)))
    return times[1:]


def _requests(number: int, port: int, headers: list[dict]):
    client = Client(port)
    client.headers = headers[number]
    return (lambda: client.get(PATH) for _ in range(EACH))
