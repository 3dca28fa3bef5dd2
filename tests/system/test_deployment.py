"""What stands in deploy/: the units start a console from nothing, and nginx shields it."""

import os
import re
import shutil
import socket
import sqlite3
import ssl
import subprocess
import sys
import time
from contextlib import ExitStack, closing, nullcontext
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
import requests

from tests.crash.processes import ROOT, Process, answers, environment, free_port, run, until
from tests.crash.processes import gunicorn as start_gunicorn

pytestmark = pytest.mark.slow

DEPLOY = ROOT / "deploy"
PROGRAMS = Path(sys.executable).parent
PASSWORD = "correct horse battery"
SETUP = (
    "flask --app wsgi setup --administrator maria --group leoncin --name Leoncin "
    "--teryt 1414032 --municipality Leoncin"
)
REFUSED = {413, 502}  # the second by Caddy, when the console has answered before it read on
HALF_SENT = 600  # the console has 512 threads


def here(text: str) -> str:
    """As if this tree stood in /opt/furtka."""
    return text.replace("/opt/furtka/.venv/bin", str(PROGRAMS)).replace("/opt/furtka", str(ROOT))


def lines_of(unit: str, name: str) -> list[str]:
    return re.findall(rf"^{name}=(.+)$", here((DEPLOY / unit).read_text()), re.M)


def settings_of_the_services(instance: Path, **more: str) -> dict[str, str]:
    lines = re.findall(r"^([A-Z_]+)=(.*)$", (DEPLOY / "furtka.env").read_text(), re.M)
    return environment(instance, **(dict(lines) | {"FURTKA_INSTANCE": str(instance)} | more))


def test_systemd_finds_no_fault_in_the_units(tmp_path):
    for unit in DEPLOY.glob("furtka-*"):
        (tmp_path / unit.name).write_text(here(unit.read_text()))
    units = [str(each) for each in tmp_path.iterdir()]
    assert len(units) == 4
    done = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True)
    assert "furtka" not in done.stdout + done.stderr
    assert done.returncode == 0


def test_no_service_reads_the_history_of_the_source():
    for unit in DEPLOY.glob("*.service"):
        assert lines_of(unit.name, "InaccessiblePaths") == [f"-{ROOT}/.git"]


def test_what_the_units_run_makes_a_console_that_works_and_is_backed_up(tmp_path):
    instance, port, backups = tmp_path / "furtka", free_port(), tmp_path / "backups"
    backups.mkdir()
    env = settings_of_the_services(instance, PORT=str(port), FURTKA_PASSWORD=PASSWORD)
    (prepare,), (web,) = (
        lines_of("furtka-web.service", key) for key in ("ExecStartPre", "ExecStart")
    )
    (worker,) = lines_of("furtka-worker.service", "ExecStart")
    (backup,) = lines_of("furtka-backup.service", "ExecStart")
    run(prepare.split(), env)
    run(SETUP.split(), env)
    run(prepare.split(), env)  # as at every start
    with ExitStack() as running:
        for command, log in ((web, "web.log"), (worker, "worker.log")):
            process = Process(command.split(), env, tmp_path / log)
            running.callback(process.end)
        until(lambda: answers(port), 20, "the console answers")
        until(lambda: _health(port)["ok"], 20, "web, worker and database are well")
        old = backups / "furtka-20200101T000000Z"
        old.touch()
        os.utime(old, (0, 0))
        run(backup.replace("/var/backups/furtka", str(backups)).split(), env)
        (made,) = backups.iterdir()  # and the old one is gone
        run(["flask", "--app", "wsgi", "restore", "--check", str(made)], env)
        kept = until(lambda: _health(port)["backup"]["last"], 10, "the backup is known")
        assert kept > "2020"


def _health(port: int) -> dict:
    return _session().get(f"http://127.0.0.1:{port}/healthz", timeout=5).json()


def _session() -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    return session


@dataclass
class Shielded:
    """A console behind nginx, with the site as deploy/nginx.conf has it."""

    address: str
    port: int  # the proxy's, with TLS
    plain_port: int  # likewise, without
    console_port: int
    gunicorn: psutil.Process
    certificate: Path
    database: Path

    def session(self) -> requests.Session:
        session = _session()
        session.verify = str(self.certificate)
        return session

    def half_sent(self, request: str) -> socket.socket:
        trust = ssl.create_default_context(cafile=self.certificate)
        raw = socket.create_connection(("127.0.0.1", self.port), timeout=10)
        connection = trust.wrap_socket(raw, server_hostname="localhost")
        connection.sendall(request.encode())
        return connection

    def taken(self) -> int:
        """How many connections the console has."""
        processes = [self.gunicorn, *self.gunicorn.children()]
        ours = {
            (each.raddr.port)
            for process in processes
            for each in process.net_connections("tcp")
            if each.status == psutil.CONN_ESTABLISHED and each.laddr.port == self.console_port
        }
        return len(ours)


@pytest.fixture(scope="module", params=["nginx", "caddy"])
def shielded(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("shielded")
    port, plain_port, console_port = free_port(), free_port(), free_port()
    env = settings_of_the_services(folder, PORT=str(console_port), FURTKA_PASSWORD=PASSWORD)
    run(["flask", "--app", "wsgi", "migrate"], env)
    run(SETUP.split(), env)
    _sign(folder)
    proxy = {"nginx": _nginx, "caddy": _caddy}[request.param]
    command = proxy(folder, port, plain_port, console_port)
    with ExitStack() as running:
        web = start_gunicorn(env, folder / "web.log")
        running.callback(web.end)
        until(lambda: answers(console_port), 20, "the console answers")
        shield = Process(command, env | {"HOME": str(folder)}, folder / "shield.log")
        running.callback(shield.end)
        until(lambda: _listens(port), 10, "the proxy answers")
        yield Shielded(
            f"https://localhost:{port}",
            port,
            plain_port,
            console_port,
            psutil.Process(web.pid),
            folder / "fullchain.pem",
            folder / "furtka.db",
        )


def _nginx(folder: Path, port: int, plain_port: int, console_port: int) -> list[str]:
    """The site within a configuration as Debian's, which runs without its folders."""
    site = _changed(
        "nginx.conf",
        {
            "/etc/letsencrypt/live/moderacja.example": str(folder),
            "moderacja.example": "localhost",
            "127.0.0.1:8000": f"127.0.0.1:{console_port}",
            "listen 443": f"listen 127.0.0.1:{port}",
            "listen 80": f"listen 127.0.0.1:{plain_port}",
        },
    )
    site = re.sub(r".*listen \[::\].*\n", "", site)
    file = folder / "nginx.conf"
    file.write_text(
        f"{'user root;' if os.getuid() == 0 else ''} daemon off; pid {folder}/pid;\n"
        f"error_log stderr; worker_processes 2; events {{ worker_connections 4096; }}\n"
        f"http {{ access_log off; client_body_temp_path {folder}/body;"
        f" proxy_temp_path {folder}/proxy;\n{site} }}\n"
    )
    return [_program("nginx"), "-e", "stderr", "-p", str(folder), "-c", str(file)]


def _caddy(folder: Path, port: int, plain_port: int, console_port: int) -> list[str]:
    tls = f"\ttls {folder}/fullchain.pem {folder}/privkey.pem"
    changes = {
        "127.0.0.1:8000": f"127.0.0.1:{console_port}",
        "{\n\tservers": "{\n\tadmin off\n\tauto_https disable_redirects\n\tservers",
        "http://moderacja.example": f"http://localhost:{plain_port}",
        "\nmoderacja.example {": f"\nhttps://localhost:{port} {{\n{tls}",
    }
    file = folder / "Caddyfile"
    file.write_text(_changed("Caddyfile", changes))
    return [_program("caddy"), "run", "--config", str(file), "--adapter", "caddyfile"]


def _changed(name: str, changes: dict[str, str]) -> str:
    text = (DEPLOY / name).read_text()
    for ours, theirs in changes.items():
        assert ours in text
        text = text.replace(ours, theirs)
    return text


def _program(name: str) -> str:
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")
    assert found, f"this test needs Debian's {name}"
    return found


def _sign(folder: Path) -> None:
    subprocess.run(
        f"openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 "
        f"-subj /CN=localhost -addext subjectAltName=DNS:localhost "
        f"-keyout {folder}/privkey.pem -out {folder}/fullchain.pem".split(),
        check=True,
        capture_output=True,
    )


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def _sign_in(shielded: Shielded, session: requests.Session, password: str, **headers: str):
    page = session.get(f"{shielded.address}/people/sign-in").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    form = {"csrf_token": token, "name": "maria", "password": password}
    return session.post(f"{shielded.address}/people/sign-in", data=form, headers=headers)


def test_half_sent_requests_do_not_reach_the_console(shielded):
    head = "GET /people/sign-in HTTP/1.1\r\nHost: localhost\r\n"
    body = "POST /webhooks/in/leoncin HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999\r\n\r\n{"
    with ExitStack() as opened, shielded.session() as session:
        for number in range(HALF_SENT):
            opened.enter_context(shielded.half_sent(head if number % 2 else body))
        started = time.monotonic()
        assert session.get(f"{shielded.address}/people/sign-in", timeout=10).status_code == 200
        assert time.monotonic() - started < 5
        assert shielded.taken() < 10


@pytest.mark.parametrize(
    ("path", "megabytes", "expected"),
    [("/capture", 9, {303}), ("/capture", 14, REFUSED), ("/people/sign-in", 3, REFUSED)],
)
def test_a_screenshot_passes_and_nothing_else_of_its_size(shielded, path, megabytes, expected):
    form = {"media": ("1.png", bytes(megabytes * 1024 * 1024), "image/png")}
    headers = {"Sec-Fetch-Site": "none"}
    with shielded.session() as session:
        address = f"{shielded.address}{path}"
        answer = session.post(address, files=form, headers=headers, allow_redirects=False)
    assert answer.status_code in expected


def test_the_live_feed_passes_at_once(shielded):
    with shielded.session() as session:
        _sign_in(shielded, session, PASSWORD)
        accepts = {"Accept": "text/event-stream"}
        address = f"{shielded.address}/queue/live?after=0"
        started = time.monotonic()
        stream = session.get(address, headers=accepts, stream=True, timeout=10)
        with closing(stream):
            assert stream.headers["Content-Type"].startswith("text/event-stream")
            assert next(stream.iter_lines(chunk_size=1)).startswith(b"id: ")
            assert time.monotonic() - started < 5  # what is buffered comes after 15 s, or never


@pytest.mark.parametrize("name", ["X-Forwarded-For", "Forwarded"])
def test_whoever_forges_an_address_is_counted_under_their_own(shielded, name):
    forged = "for=198.51.100.{}" if name == "Forwarded" else "198.51.100.{}"
    with shielded.session() as session:
        for number in range(3):
            refused = _sign_in(
                shielded, session, "wrong wrong wrong", **{name: forged.format(number)}
            )
            assert refused.status_code == 400
    with closing(sqlite3.connect(shielded.database)) as database:
        counted = database.execute("SELECT DISTINCT address FROM sign_in_failure").fetchall()
        database.execute("DELETE FROM sign_in_failure")
        database.commit()
    assert counted == [("127.0.0.1",)]


@pytest.mark.parametrize("headers", [{}, {"X-Forwarded-For": "127.0.0.1"}], ids=str)
def test_a_stranger_learns_nothing_of_the_consoles_health_but_whether(shielded, headers):
    with shielded.session() as session:
        answer = session.get(f"{shielded.address}/healthz", headers=headers)
        assert answer.json().keys() == {"ok"}


def test_over_plain_http_browsers_are_led_on_and_programs_refused(shielded):
    plain = f"http://localhost:{shielded.plain_port}"
    with shielded.session() as session:
        page = session.get(f"{plain}/people/sign-in", allow_redirects=False)
        assert page.status_code == 301
        assert page.headers["Location"].startswith("https://localhost")
        message = session.post(f"{plain}/webhooks/in/leoncin", data="{}", allow_redirects=False)
        assert message.status_code == 403


@pytest.mark.parametrize("cipher", ["ECDHE-ECDSA-AES128-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384"])
def test_of_tls_1_2_only_authenticated_ciphers_are_taken(shielded, cipher):
    trust = ssl.create_default_context(cafile=shielded.certificate)
    trust.maximum_version = ssl.TLSVersion.TLSv1_2
    trust.set_ciphers(cipher)
    raw = socket.create_connection(("127.0.0.1", shielded.port), timeout=10)
    with closing(raw), nullcontext() if "GCM" in cipher else pytest.raises(ssl.SSLError):
        trust.wrap_socket(raw, server_hostname="localhost").close()


def test_over_the_proxy_cookies_are_for_https_alone(shielded):
    with shielded.session() as session:
        answer = session.get(f"{shielded.address}/people/sign-in")
        assert "Secure" in answer.headers["Set-Cookie"]
