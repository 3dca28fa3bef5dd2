"""A decision over HTTP, beside what no durable decision can undercut: one commit on the same disk."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex

from bench.load import Client, timed
from bench.stage import GROUPS, PASSWORD, Stage
from bench.table import Line, both, p50
from console.platforms import connections
from models import Entry, Group

WARM, COUNT = 20, 200


def decision(stage: Stage) -> list[Line]:
    console = stage.large
    client = Client(console.port).sign_in("administrator", PASSWORD)
    token = client.token("/people/account")
    with console.database():
        here, away = waiting()
    bare = _Bare(console.folder / "bare.db")

    def click(waiting: Iterator) -> None:
        decide(client, token, next(waiting), 200, **{"HX-Request": "true"})

    acts = {
        "commit": bare.commit,
        "click": lambda: click(here),
        "form": lambda: decide(client, token, next(here), 303),
        "sent": lambda: click(away),
    }
    times = {name: [] for name in acts}
    client.anew()
    for number in range(WARM + COUNT):
        for name, act in acts.items():
            took = timed(act)
            if number >= WARM:
                times[name].append(took)
    least = p50(times["commit"])
    return [
        Line("a bare durable SQLite commit", both(times["commit"])),
        _line("a decision, with the new card in the answer", times["click"], least, "≤ 4 ms"),
        _line("a decision without JavaScript (303)", times["form"], least),
        _line("a decision that is also to be sent", times["sent"], least),
    ]


def _line(what: str, times: list[float], least: float, target: str = "") -> Line:
    met = p50(times) <= 4 if target else None
    return Line(what, both(times), f"{p50(times) / least:.1f} × the commit", target, met)


def decide(client: Client, token: str, entry: tuple[int, int], expect: int, **headers) -> None:
    id, version = entry
    form = {"csrf_token": token, "version": str(version), "key": token_hex(16)}
    form |= {"decision": "release", "back": "/queue/held"}
    client.post(f"/entries/{id}/decisions", form, expect, **headers)


def waiting() -> tuple[Iterator, Iterator]:
    """Held entries with their versions: of groups without an address, and of some with one.

    A decision on one of the latter leaves a delivery. No worker runs, so nothing is sent.
    """
    addressed = Group.slug.in_([f"gmina-{number}" for number in range(0, GROUPS, 2)])
    for group in Group.select().where(addressed):
        connections.set_address(group, "https://platform.invalid/")
    held = Entry.select(Entry.id, Entry.version).join(Group)
    held = held.where(Entry.held(), Entry.urgency == 0).order_by(Entry.held_since).limit(1000)
    return tuple(iter(list(held.where(which).tuples())) for which in (~addressed, addressed))


class _Bare:
    def __init__(self, path: Path):
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.connection.execute("PRAGMA journal_mode = wal")
        self.connection.execute("PRAGMA synchronous = full")
        self.connection.execute("CREATE TABLE line (id INTEGER PRIMARY KEY, text TEXT)")

    def commit(self) -> None:
        self.connection.execute("INSERT INTO line (text) VALUES ('released')")
