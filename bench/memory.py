"""What the processes hold, after they have worked."""

import time

import psutil

from bench.load import Client
from bench.page import PATH
from bench.stage import LARGE, PASSWORD, Stage, stop
from bench.table import Line

MEGA = 1_000_000
PAGES = 60


def processes(stage: Stage) -> list[Line]:
    console = stage.large
    client = Client(console.port).sign_in("administrator", PASSWORD)
    for _ in range(PAGES):
        client.get(PATH)
        client.anew()  # perhaps to the other process
    worker = console.start("flask", "--app", "wsgi", "worker")
    try:
        time.sleep(5)
        master = psutil.Process(console.pid)
        web = master.children(recursive=True)
        lines = [_line("gunicorn's own process", master)]
        lines += [_line(f"web process {number}", each) for number, each in enumerate(web, 1)]
        lines.append(_line("the worker", psutil.Process(worker.pid)))
    finally:
        stop(worker)
    return [Line(f"memory at {LARGE:,} entries", "", "the database is mapped into RSS"), *lines]


def _line(what: str, process: psutil.Process) -> Line:
    held = process.memory_full_info()
    rest = f"PSS {held.pss / MEGA:.0f} MB, RSS {held.rss / MEGA:.0f} MB"
    return Line(what, f"USS {held.uss / MEGA:.0f} MB", rest)
