"""The console as it really runs: gunicorn and the worker, each in a process group of its own."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection, HTTPException
from itertools import count
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


# Below those that the system gives out, and a range for each worker of the tests: between finding a
# port and listening there, nobody else takes it, whose console would answer instead.
_ports = count(20_000 + 2_000 * int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:]))


def free_port() -> int:
    for port in _ports:
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise AssertionError("count() does not end")


def environment(instance: Path, **settings: str) -> dict[str, str]:
    """The environment of a console of its own: nothing of the tests' caller shines through."""
    ours = ("FURTKA_", "DATABASE_URL", "SECRET_KEY", "HOST", "PORT", "HONCHO", "GUNICORN", "FLASK")
    rest = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    programs = f"{Path(sys.executable).parent}{os.pathsep}{rest.get('PATH', '')}"
    return rest | {"PATH": programs, "FURTKA_INSTANCE": str(instance)} | settings


class Process:
    """A program in a process group of its own, so that all of it ends together."""

    def __init__(self, command: list[str], env: dict[str, str], log: Path):
        self.log = log
        with open(log, "ab") as out:
            self.popen = subprocess.Popen(
                command, cwd=ROOT, env=env, stdout=out, stderr=out, start_new_session=True
            )

    @property
    def pid(self) -> int:
        return self.popen.pid

    def signal(self, number: int) -> None:
        """To every process of the group, as a terminal's Ctrl-C does."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, number)

    def kill(self) -> None:
        self.signal(signal.SIGKILL)
        self.popen.wait(10)

    def end(self) -> int:
        """Ends it as an operator would; whatever does not go is killed."""
        self.signal(signal.SIGTERM)
        try:
            return self.popen.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()
            raise

    def words(self) -> str:
        return self.log.read_text(errors="replace")


def run(command: list[str], env: dict[str, str], *, fails: bool = False) -> str:
    """Runs a command to its end; returns what it said."""
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)
    assert (done.returncode != 0) == fails, done.stdout + done.stderr
    return done.stdout + done.stderr


def gunicorn(env: dict[str, str], log: Path, *more: str) -> Process:
    return Process(["gunicorn", "wsgi:app", *more], env, log)


def worker(env: dict[str, str], log: Path) -> Process:
    return Process(["flask", "--app", "wsgi", "worker"], env, log)


def until(condition, seconds: float, what: str):
    """Waits for something to become true, and returns it."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.02)
    raise AssertionError(f"after {seconds} s still not: {what}")


def answers(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/people/sign-in")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def wait_for(process: Process, port: int) -> None:
    def listens() -> bool:
        assert process.popen.poll() is None, process.words()
        return answers(port)

    until(listens, 20, f"the console answers on port {port}")
