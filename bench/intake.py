"""Entries coming in: signed over the webhook, and from a file."""

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

from standardwebhooks import Webhook

from bench.load import Client, rush
from bench.messages import messages
from bench.stage import Console, Stage
from bench.table import Line, at_least, both
from console.outbox.connections import connection_of
from models import Entry, Group

CLIENTS, EACH = 8, 250
LINES = 10_000
SLUG = "gmina-0"


def webhook(stage: Stage) -> list[Line]:
    console = stage.empty
    with console.database():
        group = Group.get(Group.slug == SLUG)
        secret = connection_of(group.id).secrets["current"]
    one = rush(1, _sending, console.port, secret, 1000)
    eight = rush(CLIENTS, _sending, console.port, secret, 2000)
    with console.database():
        assert Entry.select().count() == (1 + CLIENTS) * EACH
        held = Entry.select().where(Entry.held()).count() / Entry.select().count()
    return [
        at_least("webhook, 1 client", one.rate, "entries/s", 200, both(one.latencies)),
        at_least("webhook, 8 clients", eight.rate, "entries/s", 200, both(eight.latencies)),
        Line("of them held by the built-in screeners", f"{held:.1%}"),
    ]


def file(stage: Stage) -> list[Line]:
    console = stage.filled("import", 0)
    path = console.folder / "entries.jsonl"
    with open(path, "w", encoding="utf-8") as out:
        for message in messages(LINES, seed=1):
            out.write(json.dumps(message, ensure_ascii=False) + "\n")
    (first, work), (again, _) = _import(console, path), _import(console, path)
    with console.database():
        assert Entry.select().count() == LINES
    what = f"flask import of {LINES:,} entries, with its start"
    beside = f"{LINES / work:,.0f} a processor second"
    return [
        at_least(what, LINES / first, "entries/s", 1000, beside),
        Line("the same file once more, all known", f"{LINES / again:,.0f} entries/s"),
    ]


def _import(console: Console, path: Path) -> tuple[float, float]:
    """How many seconds the command took, and how many of the processor."""
    start, before = time.perf_counter(), getrusage(RUSAGE_CHILDREN)
    process = console.start("flask", "--app", "wsgi", "import", "--group", SLUG, str(path))
    assert process.wait(120) == 0
    after = getrusage(RUSAGE_CHILDREN)
    work = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - start, work


def _sending(number: int, port: int, secret: str, seed: int):
    client, signer = Client(port), Webhook(secret)
    bodies = [json.dumps(message) for message in messages(EACH, seed + number)]

    def send(place: int) -> None:
        at, id = datetime.now(UTC), f"msg_{seed + number}_{place}"
        headers = {
            "Content-Type": "application/json",
            "webhook-id": id,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": signer.sign(id, at, bodies[place]),
        }
        client.send("POST", f"/webhooks/in/{SLUG}", bodies[place], expect=202, **headers)

    return (lambda place=place: send(place) for place in range(EACH))
