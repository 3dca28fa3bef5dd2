"""A round: moderators decide, the worker delivers, processes get SIGKILL at random moments.

At the end everything must be explained: what the moderators were told, what the database has, and
what the receiver saw. A round is drawn from its seed; that repeats the same order of kills and
clicks, though not the same microseconds.
"""

from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from json import loads
from pathlib import Path
from random import Random
from threading import Event, Thread

import psutil
from peewee import Database

from console import background
from console import db as database_of
from console.groups import groups
from console.screening import verbs as screening
from console.storage import db, is_postgres, now
from models import Answer, Decision, Delivery, Entry, Group, Municipality, Report, User
from tests.cast import idiot_screener, take, user
from tests.crash.clients import Moderator
from tests.crash.processes import (
    Process,
    environment,
    free_port,
    gunicorn,
    run,
    until,
    wait_for,
    worker,
)
from tests.crash.receiver import Receiver, listening

KILLS = 3
ENTRIES = 20
MODERATORS = ("anna", "jan", "ewa", "piotr")


@dataclass
class Stage:
    """The console's two processes, which are started again whenever they were killed."""

    folder: Path
    env: dict[str, str]
    port: int
    receiver: Receiver
    database: Database
    running: dict[str, Process] = field(default_factory=dict)
    rounds: int = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def backup(self) -> Path:
        return self.folder / f"round-{self.rounds}.backup"

    def start(self, name: str, rng: Random) -> None:
        env = self.env | {"FURTKA_UNDO_SECONDS": rng.choice(("0", "1"))}
        program = gunicorn if name == "web" else worker
        self.running[name] = program(env, self.folder / f"{name}.log")

    def kill(self, what: str, rng: Random) -> None:
        """SIGKILL to the worker, to all of gunicorn, or to one of its web processes."""
        if what == "one of web":
            children = psutil.Process(self.running["web"].pid).children()
            if children:
                rng.choice(children).kill()
            return  # gunicorn starts another itself
        self.running[what].kill()
        self.start(what, rng)

    def logs(self) -> str:
        return "\n".join((self.folder / f"{name}.log").read_text() for name in ("web", "worker"))


@contextmanager
def staged(folder: Path, database_url: str | None = None):
    """A console over an empty database, with one group whose decisions go to a receiver."""
    port = free_port()
    url = database_url or f"sqlite:///{folder / 'furtka.db'}"
    env = environment(
        folder, DATABASE_URL=url, PORT=str(port), FURTKA_ALLOW_PRIVATE_ADDRESSES="yes"
    )
    run(["flask", "--app", "wsgi", "migrate"], env)
    database = database_of.open_database(url)
    with listening() as receiver:
        stage = Stage(folder, env, port, receiver, database)
        with _on(stage):
            screening.save(idiot_screener())
            municipality = Municipality.create(teryt="1414032", name="Leoncin")
            group = groups.create("leoncin", "Leoncin", municipality)
            for name in MODERATORS:
                user(name, User.MODERATOR, group)
        secret = run(["flask", "--app", "wsgi", "group", "secret", "leoncin"], env)
        receiver.secret = secret.strip()
        run(["flask", "--app", "wsgi", "group", "address", "leoncin", receiver.address], env)
        try:
            for name in ("web", "worker"):
                stage.start(name, Random(0))
            wait_for(stage.running["web"], port)
            yield stage
        finally:
            for process in stage.running.values():
                process.kill()
    database.close_all()


@contextmanager
def _on(stage: Stage):
    """This process looks into the stage's database."""
    db.initialize(stage.database)
    background.bind(stage.database)
    screening._compiled = ((), {})
    with stage.database.connection_context():
        yield


def play(stage: Stage, seed: int) -> None:
    """One round, and its account. A failure names the seed."""
    try:
        with _on(stage):
            _account(stage, _chaos(stage, Random(seed)))
            is_sqlite = not is_postgres()
        if is_sqlite:  # on PostgreSQL its own tools make backups
            _account_for_the_backup(stage)
    except BaseException as error:
        error.add_note(f"the round's seed was {seed}")
        raise


def _chaos(stage: Stage, rng: Random) -> list[Moderator]:
    stage.rounds += 1
    entries = [_new_entry(f"{stage.rounds}-{number}").id for number in range(ENTRIES)]
    moderators = [Moderator(stage.address, name, rng.getrandbits(32)) for name in MODERATORS]
    stage.receiver.rng, stage.receiver.ill = Random(rng.getrandbits(32)), True
    enough = Event()
    threads = [Thread(target=m.work, args=(entries, enough)) for m in moderators]
    for thread in threads:
        thread.start()
    try:
        for number in range(KILLS):
            wait_for(stage.running["web"], stage.port)
            if number == 1 and not is_postgres():
                run(["flask", "--app", "wsgi", "backup", str(stage.backup)], stage.env)
            Event().wait(rng.uniform(0.1, 0.5))
            _kill(stage, moderators, rng)
            _let_time_pass()
        wait_for(stage.running["web"], stage.port)
        Event().wait(rng.uniform(0.1, 0.5))
    finally:
        enough.set()
        for thread in threads:
            thread.join()
    stage.receiver.ill = False
    _settle(stage)
    return moderators


def _kill(stage: Stage, moderators: list[Moderator], rng: Random) -> None:
    """At any moment, or in the very middle of a delivery or of a decision."""
    what = rng.choice(("web", "one of web", "worker", "worker"))
    if rng.random() < 2 / 3:
        if what == "worker":
            stage.receiver.trap().wait(1)
        else:
            posting = rng.choice(moderators).posting
            posting.clear()
            posting.wait(1)
        Event().wait(rng.uniform(0, 0.03))
    stage.kill(what, rng)


def _new_entry(id: str) -> Entry:
    """With a report; half of them are held."""
    text = "Sąsiad to idiota." if id[-1] in "02468" else "Oddam kanapę, odbiór w Leoncinie."
    group = Group.get()
    entry = take(group, id=id, text=f"{text} ({id})")
    take(group, "report.created", id=f"report-{id}", entry_id=id)
    return entry


def _let_time_pass() -> None:
    """Leases run out, and the waits before the next try end, as they would by themselves."""
    Delivery.update(due=now()).where(Delivery.pending(), Delivery.due > now()).execute()


def _settle(stage: Stage) -> None:
    """The outbox empties itself as soon as everybody is well."""

    def empty() -> bool:
        for _look in range(10):
            if not Delivery.select().where(Delivery.pending()).exists():
                return True
            Event().wait(0.1)
        assert stage.running["worker"].popen.poll() is None, stage.logs()
        _let_time_pass()
        return False

    until(empty, 30, "every delivery is settled")


def _account(stage: Stage, moderators: list[Moderator]) -> None:
    said = stage.logs()
    assert "Traceback" not in said, said[said.index("Traceback") - 300 :][:4000]
    faults = [fault for m in moderators for fault in m.faults] + stage.receiver.faults
    assert faults == []
    _moderators_were_told_the_truth(moderators)
    for entry in Entry.select():
        _the_decisions_explain(entry)
    decisions = list(Decision.select().order_by(Decision.id))
    _each_decision_is_delivered_or_taken_back(decisions)
    _the_receiver_saw_each_once(stage.receiver)
    if not is_postgres():  # SQLite can say whether its file is sound
        assert db.execute_sql("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert db.execute_sql("PRAGMA foreign_key_check").fetchall() == []


def _account_for_the_backup(stage: Stage) -> None:
    """What was copied in the middle of it all is restored to a state that its trail explains."""
    folder = stage.backup.with_suffix("")
    run(["flask", "--app", "wsgi", "restore", str(stage.backup)], environment(folder))
    database = database_of.open_database(f"sqlite:///{folder / 'furtka.db'}")
    with database.connection_context():
        assert Decision.select().where(Decision.actor == Decision.STAFF).exists()
        for entry in Entry.select():
            _the_decisions_explain(entry)
    database.close_all()


def _moderators_were_told_the_truth(moderators: list[Moderator]) -> None:
    told = {key: entry for m in moderators for key, entry in m.told.items()}
    refused = set().union(*(m.refused for m in moderators))
    assert told, "nobody decided anything: the round proves nothing"
    made = {
        row.idempotency_key: row
        for row in Decision.select().where(Decision.idempotency_key.in_([*told, *refused]))
    }
    belied = [(row.id, row.verb) for key, row in made.items() if key in refused]
    assert belied == [], "answered with a refusal, and carried out all the same"
    # One row for each that was answered "done": the key is unique in the table.
    assert {key: row.entry_id for key, row in made.items()} == told


def _the_decisions_explain(entry: Entry) -> None:
    steps = list(entry.decisions.order_by(Decision.id))
    states = [Entry.PUBLISHED, *(step.to_state for step in steps)]
    assert [step.from_state for step in steps] == states[:-1], steps
    assert entry.state == states[-1]
    assert entry.version == 1 + len(steps)  # every step counts, and no half step
    for step, before in zip(steps[1:], steps, strict=False):
        if step.verb == "undo":
            assert step.undoes_id == before.id
    reports = list(entry.reports)
    for report in reports:
        answers = [answer.outcome for answer in report.answers.order_by(Answer.id)]
        assert report.state == (answers or [Report.OPEN])[-1]
    waits = any(report.state == Report.OPEN for report in reports)
    assert entry.is_reported == waits


def _each_decision_is_delivered_or_taken_back(decisions: list[Decision]) -> None:
    deliveries = {delivery.decision_id: delivery for delivery in Delivery.select()}
    for decision in decisions:
        if not decision.is_staffs:
            assert decision.id not in deliveries  # the platform's own news is not sent back
            continue
        undone = deliveries.get(decision.undoes_id)
        if undone and undone.state == Delivery.CANCELLED:
            assert decision.id not in deliveries  # outside, neither has happened
            continue
        delivery = deliveries[decision.id]
        if delivery.state == Delivery.CANCELLED:
            assert Decision.select().where(Decision.undoes == decision).exists()
        else:
            assert delivery.state == Delivery.DELIVERED, delivery.last_error


def _the_receiver_saw_each_once(receiver: Receiver) -> None:
    rows = Delivery.select().where(Delivery.state == Delivery.DELIVERED)
    assert sorted(receiver.taken) == sorted(row.idempotency_key for row in rows)
    keys_of, order = defaultdict(set), defaultdict(list)
    for key, bodies in receiver.bodies.items():
        assert len(bodies) == 1, f"two different messages under one key: {bodies}"
        keys_of[loads(next(iter(bodies)))["data"]["id"]].add(key)
    assert all(len(keys) == 1 for keys in keys_of.values()), "one decision under two keys"
    for key in receiver.taken:
        data = loads(next(iter(receiver.bodies[key])))["data"]
        order[data["entry"]["id"]].append(int(data["id"]))
    for entry, ids in order.items():  # of one entry, never a later decision before an earlier
        assert all(a < b for a, b in pairwise(ids)), f"{entry}: {ids}"
