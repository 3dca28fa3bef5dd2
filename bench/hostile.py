"""Decisions while somebody sends texts that were written to be slow: nobody may have to wait."""

import json
from datetime import UTC, datetime
from itertools import count
from secrets import token_hex
from threading import Event, Thread

from standardwebhooks import Webhook

from bench.deciding import decide, waiting
from bench.load import Client, timed
from bench.messages import messages
from bench.stage import PASSWORD, Console, Stage
from bench.table import Line, at_most, both, p99
from console.outbox.connections import connection_of
from models import Group

WARM, COUNT, PAUSE = 20, 300, 0.05
SLUG = "gmina-0"
TEXTS = (
    "kurwa" + "\u0301\u0316" * 32_765,
    "http://" + "a." * 32_760 + "pl",
    "a.pl," * 13_107,
    "www." * 16_384,
    "http://" + "xn--a." * 10_000 + "pl",
)


def decisions(stage: Stage) -> list[Line]:
    console = stage.large
    client = Client(console.port).sign_in("administrator", PASSWORD)
    token = client.token("/people/account")
    with console.database():
        here, _away = waiting()
        secret = connection_of(Group.get(Group.slug == SLUG).id).secrets["current"]

    def measured() -> list[float]:
        form = {"HX-Request": "true"}
        acts = [timed(lambda: decide(client, token, next(here), 200, **form)) for _ in range(COUNT)]
        return acts[WARM:]

    client.anew()
    quiet = measured()
    stop = Event()
    sender = Thread(target=_send, args=(console, secret, stop), daemon=True)
    sender.start()
    beside = measured()
    stop.set()
    sender.join()
    ratio = p99(beside) / p99(quiet)
    return [
        Line("decisions, nothing else going on", both(quiet)),
        at_most("decisions while hostile posts arrive", both(beside), "the quiet p99", ratio, 2),
    ]


def _send(console: Console, secret: str, stop: Event) -> None:
    client, signer = Client(console.port), Webhook(secret)
    message = next(iter(messages(1, seed=9)))
    for number in count():
        message["data"] |= {"id": f"hostile-{token_hex(8)}", "text": TEXTS[number % len(TEXTS)]}
        body, at, id = json.dumps(message), datetime.now(UTC), token_hex(8)
        headers = {
            "Content-Type": "application/json",
            "webhook-id": id,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": signer.sign(id, at, body),
        }
        if stop.wait(PAUSE):
            return
        client.send("POST", f"/webhooks/in/{SLUG}", body, expect=202, **headers)
