"""The round through 300 groups on Facebook, all queues due, beside the same console's hold queue."""

from bench.load import Client, timed
from bench.page import PATH
from bench.stage import PASSWORD, Stage
from bench.table import Line, at_most, both, p50
from console.groups import groups
from console.platforms.rounds import PAGE, ensure
from console.storage import db
from models import Connection, Group, Municipality, Round, User

GROUPS, ENTRIES = 300, 1_000
ROUND = "/platforms/rounds"
ROUNDS, IN_A_ROW, WARM = 20, 10, 30


def page(stage: Stage) -> list[Line]:
    """One client, a few requests for each page in turn: what disturbs one disturbs both."""
    console = stage.filled("rounds", ENTRIES)
    with console.database():
        _go_to_facebook()
    console = stage.served(console)
    lines = []
    for name in ("administrator", "moderator"):
        held, due = _measure(Client(console.port).sign_in(name, PASSWORD))
        lines.append(
            Line(f"the hold queue's page, {GROUPS} groups on Facebook, {name}", both(held))
        )
        ratio = p50(due) / p50(held)
        lines.append(at_most("rounds", both(due), "p50 of the hold queue", ratio, 1.5))
    return lines


def _go_to_facebook() -> None:
    with db.atomic():
        for number in range(Group.select().count(), GROUPS):
            groups.create(f"group-{number}", f"Grupa {number}", Municipality.get())
        for group in Group.select():
            groups.add_alias(group, group.slug)
        Connection.update(platform="facebook-group").execute()
        ensure()
        chief = User.get(User.role == User.ADMINISTRATOR)
        Round.update(checked=Round.due, checked_by=chief, found=0).execute()


def _measure(client: Client) -> tuple[list[float], list[float]]:
    assert client.plain(PATH).count("<article") == 50
    assert client.plain(ROUND).count('class="panel stop"') in (4, PAGE)  # or a moderator's four
    times: dict[str, list[float]] = {PATH: [], ROUND: []}
    for turn in range(WARM + ROUNDS):
        client.anew()  # so that both of gunicorn's processes are asked
        for path, taken in times.items():
            client.get(path)
            if turn >= WARM:
                taken += [timed(lambda path=path: client.get(path)) for _ in range(IN_A_ROW)]
    return times[PATH], times[ROUND]
