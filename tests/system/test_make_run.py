"""What `make run` does after it has installed the requirements, and what Ctrl-C leaves behind."""

import os
import re
import shutil
import signal
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
import requests

from tests.cast import PASSWORD
from tests.crash.processes import (
    ROOT,
    Process,
    answers,
    environment,
    free_port,
    gunicorn,
    run,
    until,
    wait_for,
)

pytestmark = pytest.mark.slow

ADDRESS = re.compile(r"http://localhost:\d+/demo/sign-in/\S+")
PROGRAMS = {"gunicorn": "gunicorn wsgi:app", "worker": "flask --app wsgi worker"}


def recipe(target: str) -> str:
    """The commands below it in the Makefile, as make hands them to the shell."""
    lines = re.search(rf"^{target}:.*\n((?:\t.+\n)+)", (ROOT / "Makefile").read_text(), re.M)[1]
    return "\n".join(
        line.strip().removeprefix("@").replace("$$", "$") for line in lines.split("\n")
    )


class Run:
    """`make run`, or `make start`, in a terminal of its own."""

    def __init__(self, instance: Path, port: int, target: str = "run"):
        self.port = port
        env = environment(instance, PORT=str(port), FURTKA_DEMO_PASSWORD=PASSWORD)
        self.process = Process(["sh", "-ec", recipe(target)], env, instance.with_suffix(".log"))
        wait_for(self.process, port)
        until(lambda: all(self.programs().values()), 10, "gunicorn and the worker run")

    def programs(self) -> dict[str, list[psutil.Process]]:
        """What runs below it, by program."""
        below = psutil.Process(self.process.pid).children(recursive=True)
        return {
            name: [each for each in below if line in _command_line(each)]
            for name, line in PROGRAMS.items()
        }

    def ctrl_c(self) -> int:
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.popen.wait(15)


def _command_line(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


@dataclass
class Finished:
    """A first start that loaded the demonstration, was worked with, and was ended by Ctrl-C."""

    instance: Path
    said: str
    survivors: list[psutil.Process]
    still_answers: bool
    session: requests.Session
    released: str  # the path of an entry's page


@pytest.fixture(scope="module")
def first_start(tmp_path_factory) -> Finished:
    instance = tmp_path_factory.mktemp("made") / "instance"
    first = Run(instance, free_port())
    try:
        started = [each for found in first.programs().values() for each in found]
        session = _session()
        released = _release_one(session, f"http://127.0.0.1:{first.port}")
        first.ctrl_c()
        _gone, survivors = psutil.wait_procs(started, timeout=5)
    finally:
        first.process.kill()
    said, listens = first.process.words(), answers(first.port)
    yield Finished(instance, said, survivors, listens, session, released)
    session.close()


def _release_one(session: requests.Session, address: str) -> str:
    page = session.get(f"{address}/people/sign-in")
    form = {"csrf_token": _field(page, "csrf_token")}
    form |= {"name": "administrator", "password": PASSWORD}
    page = session.post(f"{address}/people/sign-in", data=form)
    assert page.url.endswith("/queue/held"), page.text
    action = re.search(r'action="(/entries/\d+)/decisions"', page.text)[1]
    names = ("csrf_token", "version", "key", "back")
    form = {name: _field(page, name) for name in names} | {"decision": "release"}
    page = session.post(f"{address}{action}/decisions", data=form)
    assert page.status_code == 200, page.text
    return action


def _sign_in_once(address: str) -> None:
    with _session() as session:
        form = {"csrf_token": _field(session.get(address), "csrf_token")}
        assert session.post(address, data=form).url.endswith("/queue/held")
        assert session.get(address).status_code == 400


def _field(page: requests.Response, name: str) -> str:
    """The first of that name: on a list, that is the first card's."""
    return re.search(
        rf'<form class="(?:decide|panel)".*?name="{name}" value="([^"]*)"', page.text, re.S
    )[1]


def test_it_says_the_address_and_the_two_sign_ins(first_start):
    assert re.search(r"http://localhost:\d+/", first_start.said)
    for name in ("administrator", "moderator"):
        assert f"sign in as {name}, password {PASSWORD}" in first_start.said
    assert len(set(ADDRESS.findall(first_start.said))) == 2  # each is another


def test_it_listens_where_it_says(first_start):
    said = re.search(r"Furtka listens at http://localhost:(\d+)/", first_start.said)[1]
    assert f"Listening at: http://127.0.0.1:{said}" in first_start.said


def test_ctrl_c_ends_gunicorn_and_the_worker(first_start):
    assert first_start.survivors == []
    assert not first_start.still_answers
    assert "Traceback" not in first_start.said, first_start.said


def test_a_second_start_keeps_the_data_and_the_sessions(first_start):
    second = Run(first_start.instance, free_port())
    try:
        for address in ADDRESS.findall(second.process.words())[-2:]:
            _sign_in_once(address)
        page = first_start.session.get(f"http://127.0.0.1:{second.port}{first_start.released}")
        assert page.url.endswith(first_start.released)  # not the page to sign in
        assert "Przepuszczono – administrator" in page.text
        assert "There are groups or users already" in second.process.words()
        second.ctrl_c()
    finally:
        second.process.kill()


def test_make_start_starts_both_without_the_demonstration_and_says_who_can_sign_in(tmp_path):
    instance = tmp_path / "instance"
    first = Run(instance, free_port(), "start")
    try:
        assert "Nobody can sign in yet. Run: flask --app wsgi setup" in first.process.words()
        env = environment(instance, FURTKA_PASSWORD="correct horse battery")
        given = "--administrator maria --group leoncin --name L --teryt 1414032 --municipality L"
        said = run(["flask", "--app", "wsgi", "setup", *given.split()], env)  # while it runs
        assert "Sign in as maria" in said
        with _session() as session:
            page = session.get(f"http://127.0.0.1:{first.port}/people/sign-in")
            form = {"csrf_token": _field(page, "csrf_token"), "name": "maria"}
            form |= {"password": "correct horse battery"}
            page = session.post(page.url, data=form)
            assert page.url.endswith("/queue/held"), page.text
        first.ctrl_c()
    finally:
        first.process.kill()


@pytest.mark.parametrize("host", ["0.0.0.0", "[::]"])
def test_with_the_demonstrations_accounts_it_refuses_to_listen_beyond_loopback(first_start, host):
    port = free_port()
    command = ["gunicorn", "wsgi:app", "-b", f"{host}:{port}"]
    said = run(command, environment(first_start.instance), fails=True)
    assert "demonstration accounts are present" in said
    assert "Traceback" not in said
    assert not answers(port)


def test_the_setting_of_the_host_is_refused_likewise(first_start):
    env = environment(first_start.instance, HOST="0.0.0.0", PORT=str(free_port()))
    said = run(["gunicorn", "wsgi:app"], env, fails=True)
    assert "demonstration accounts are present" in said


def test_with_passwords_of_ones_own_it_listens_behind_a_proxy(first_start, tmp_path):
    instance = shutil.copytree(first_start.instance, tmp_path / "instance")
    env = environment(instance, FURTKA_PASSWORD="correct horse battery", FURTKA_PROXIES="1")
    for name in ("administrator", "moderator"):
        run(["flask", "--app", "wsgi", "user", "passwd", name], env)
    _assert_listens_everywhere(env, tmp_path)


def test_without_a_proxy_it_listens_on_this_machine_alone(tmp_path):
    env = environment(tmp_path / "instance", HOST="0.0.0.0", PORT=str(free_port()))
    run(["flask", "--app", "wsgi", "migrate"], env)
    said = run(["gunicorn", "wsgi:app"], env, fails=True)
    assert "over plain HTTP nobody could sign in" in said
    assert "FURTKA_PROXIES=1" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("command", ["gunicorn wsgi:app", "flask --app wsgi worker"])
def test_a_database_that_was_never_migrated_is_refused_with_what_to_run(tmp_path, command):
    env = environment(tmp_path / "instance", PORT=str(free_port()))
    said = run(command.split(), env, fails=True)
    assert "Run: flask --app wsgi migrate" in said
    assert "Traceback" not in said


@pytest.fixture
def demonstration(tmp_path) -> dict[str, str]:
    """The environment of a console with the demonstration in it, which is not running."""
    port = str(free_port())
    env = environment(tmp_path / "instance", PORT=port, FURTKA_DEMO_PASSWORD=PASSWORD)
    for command in ("migrate", "demo"):
        run(["flask", "--app", "wsgi", command], env)
    return env


def test_after_a_clean_stop_the_databases_file_holds_all(demonstration, tmp_path):
    port = int(demonstration["PORT"])
    web = gunicorn(demonstration, tmp_path / "web.log")
    with _session() as session:
        wait_for(web, port)
        released = _release_one(session, f"http://127.0.0.1:{port}")
        web.end()
    copy = shutil.copy(tmp_path / "instance" / "furtka.db", tmp_path)
    with closing(sqlite3.connect(copy)) as database:
        id = released.removeprefix("/entries/")
        state = database.execute(f"SELECT state FROM entry WHERE id = {id}").fetchone()
    assert state == ("published",)


def test_when_the_master_is_killed_its_workers_leave_the_port_though_a_console_is_open(
    demonstration, tmp_path
):
    port = int(demonstration["PORT"])
    address = f"http://127.0.0.1:{port}"
    web = gunicorn(demonstration, tmp_path / "web.log")
    try:
        wait_for(web, port)
        workers = psutil.Process(web.pid).children()
        with _session() as session:
            _release_one(session, address)
            accepts = {"Accept": "text/event-stream"}
            stream = session.get(f"{address}/queue/live?after=0", headers=accepts, stream=True)
            with closing(stream):
                assert stream.headers["Content-Type"].startswith("text/event-stream")
                assert next(stream.iter_lines())
                web.popen.kill()
                _gone, alive = psutil.wait_procs(workers, timeout=8)
        assert alive == []
        assert not answers(port)
    finally:
        web.kill()


def _session() -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    return session


def test_without_the_demonstration_it_listens_behind_a_proxy(tmp_path):
    env = environment(tmp_path / "instance", FURTKA_PROXIES="1")
    run(["flask", "--app", "wsgi", "migrate"], env)
    _assert_listens_everywhere(env, tmp_path)


def _assert_listens_everywhere(env: dict[str, str], folder: Path) -> None:
    port = free_port()
    web = gunicorn(env, folder / "web.log", "-b", f"0.0.0.0:{port}")
    try:
        wait_for(web, port)
        assert f"Listening at: http://0.0.0.0:{port}" in web.words()
    finally:
        assert web.end() == 0
