"""*To do*, with 5,000 open tasks in 300 groups, beside the hold queue's page of the same console."""

from bench.load import Client, timed
from bench.page import NEXT, PATH
from bench.stage import PASSWORD, Console, Stage
from bench.table import Line, at_most, both, p50
from console.storage import now
from models import Connection, Decision, Delivery

GROUPS, ENTRIES, TASKS = 300, 110_000, 5_000
TO_DO = "/platforms/tasks"
ROUNDS, IN_A_ROW, WARM = 20, 10, 30
KINDS = {"release": "release", "remove": "remove"}


def latency(stage: Stage) -> list[Line]:
    """One client, a few requests for each page in turn: what disturbs one disturbs both."""
    console = stage.filled("tasks", ENTRIES, GROUPS)
    with console.database():
        _order()
    console = stage.served(console)
    lines = []
    for name in ("administrator", "moderator"):
        client = Client(console.port).sign_in(name, PASSWORD)
        held, to_do = _measure(client, [PATH, TO_DO])
        what = f"{TASKS:,} tasks in {GROUPS} groups, {name}"
        lines.append(Line(f"the hold queue's page, {what}", both(held)))
        ratio = p50(to_do) / p50(held)
        lines.append(at_most("To do", both(to_do), "p50 of the hold queue", ratio, 1.5))
    return [*lines, Line("To do, the page after it", both(_further(console)))]


def _order() -> None:
    """Each decision of the staff is still to be done on Facebook; a few are urgent."""
    Connection.update(platform="facebook-group").execute()
    connections = {each.group_id: each.id for each in Connection.select()}
    decided = Decision.select().where(Decision.actor == Decision.STAFF).limit(TASKS)
    rows = [
        {
            "connection": connections[each.group_id],
            "kind": KINDS[each.verb],
            "decision": each.id,
            "entry": each.entry_id,
            "idempotency_key": f"task-{each.id}",
            "state": Delivery.TO_DO,
            "due": each.at,
            "urgency": int(number % 1000 == 0),
        }
        for number, each in enumerate(decided)
    ]
    assert len(rows) == TASKS
    for start in range(0, TASKS, 500):
        Delivery.insert_many(rows[start : start + 500]).execute()
    Delivery.update(opened=now(), opened_by=1, begun=True).where(Delivery.id % 10 == 0).execute()


def _measure(client: Client, paths: list[str]) -> list[list[float]]:
    times: dict[str, list[float]] = {path: [] for path in paths}
    for path in paths:
        assert client.plain(path).count("<article") == 50
        for _ in range(WARM):
            client.anew()
            client.get(path)
    for _ in range(ROUNDS):
        for path in paths:
            client.anew()
            client.get(path)
            times[path] += [timed(lambda path=path: client.get(path)) for _ in range(IN_A_ROW)]
    return list(times.values())


def _further(console: Console) -> list[float]:
    client = Client(console.port).sign_in("administrator", PASSWORD)
    link = NEXT.search(client.plain(TO_DO))
    assert link
    return [timed(lambda: client.get(link[1])) for _ in range(ROUNDS)]
