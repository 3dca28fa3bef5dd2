"""Where it is measured: consoles in temporary folders, each with its own database and gunicorn."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from bench.fill import fill
from console import db as database_of
from console.config import ROOT
from console.groups import contracts, groups
from console.people import users
from console.screening.builtin import builtin_screeners
from console.screening.verbs import save
from console.storage import db, now
from models import Beat, Group, Municipality, User

PASSWORD = "measured on this machine"
GROUPS = 8
LARGE = int(os.environ.get("BENCH_ENTRIES", 1_000_000))  # less, to try the benchmark itself out


@dataclass(frozen=True)
class Console:
    """A console of its own: a folder with a database, perhaps with a gunicorn before it."""

    folder: Path
    port: int = 0
    pid: int = 0

    @property
    def url(self) -> str:
        return f"sqlite:///{self.folder / 'furtka.db'}"

    @property
    def environment(self) -> dict[str, str]:
        settings = {"FURTKA_INSTANCE": str(self.folder), "DATABASE_URL": self.url}
        settings |= {"PORT": str(self.port or 8000), "HOST": "127.0.0.1"}
        return os.environ | settings

    def processor_time(self) -> float:
        """Milliseconds that gunicorn's processes have worked so far."""
        processes = psutil.Process(self.pid).children(recursive=True)
        times = [process.cpu_times() for process in processes]
        return 1000 * sum(each.user + each.system for each in times)

    @contextmanager
    def database(self) -> Iterator[None]:
        database = database_of.open_database(self.url)
        with database.connection_context():
            yield
        database.close_all()

    def start(self, *command: str) -> subprocess.Popen:
        """Starts `python -m …` for this console; its output is thrown away, but not its errors."""
        return subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.DEVNULL,
        )


class Stage:
    """What several measurements use is made when the first of them asks for it."""

    def __init__(self, stack: ExitStack, folder: Path):
        self.stack, self.folder = stack, folder

    @cached_property
    def small(self) -> Console:
        return self.served(self.filled("small", 1_000))

    @cached_property
    def large(self) -> Console:
        return self.served(self.filled("large", LARGE))

    @cached_property
    def empty(self) -> Console:
        return self.served(self.filled("empty", 0))

    @cached_property
    def bare(self) -> Console:
        """A Flask page of 50 static rows, under the console's own gunicorn.conf.py."""
        return self.served(self.filled("bare", 0), "bench.bare:app")

    def filled(self, name: str, entries: int) -> Console:
        say(f"filling a console with {entries:,} entries")
        console = Console(self.folder / name)
        console.folder.mkdir()
        with console.database():
            database_of.migrate(db.obj)
            _create_groups()
            if entries:
                fill(entries)
        _write_back(console.folder / "furtka.db")
        return console

    def served(self, console: Console, app: str = "wsgi:app") -> Console:
        console = Console(console.folder, port=_free_port())
        process = console.start("gunicorn", "--log-level", "warning", app)
        self.stack.callback(stop, process)
        _wait_for(console.port, process)
        return Console(console.folder, console.port, process.pid)


@contextmanager
def set_up() -> Iterator[Stage]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="furtka-bench-")))
        yield Stage(stack, folder)


def _create_groups() -> None:
    """Eight groups with contracts and the built-in screeners; one administrator, one moderator."""
    for number in range(GROUPS):
        municipality = Municipality.create(teryt=f"14140{number:02}", name=f"Gmina {number}")
        group = groups.create(f"gmina-{number}", f"Gmina {number} – forum", municipality)
        contracts.sign(group, date(2020, 1, 1), None, 385_000)
    users.add("administrator", PASSWORD, User.ADMINISTRATOR)
    moderator = users.add("moderator", PASSWORD, User.MODERATOR)
    users.seat(moderator, list(Group.select().limit(GROUPS // 2)))
    for spec in builtin_screeners():
        save(spec)
    # As if a worker ran to the end: an administrator's page would else say that none does.
    Beat.create(name=Beat.WORKER, at=now() + timedelta(days=1))


def _write_back(path: Path) -> None:
    """Else the disk would still be busy with the filling while commits are timed."""
    with open(path, "rb+") as file:
        os.fsync(file)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(port: int, process: subprocess.Popen) -> None:
    for _attempt in range(300):
        if process.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("gunicorn did not start")


def stop(process: subprocess.Popen) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def say(what: str) -> None:
    print(f"… {what}", file=sys.stderr, flush=True)
