"""While the database is out: 503 in words, nothing lost, one line in the log, and no restart."""

import logging
import sqlite3
import time
from contextlib import closing, contextmanager
from dataclasses import replace
from threading import Thread

import pytest
from peewee import OperationalError

from console import create_app, outages
from console.db import file_of, open_database
from console.outages import OncePerOutage
from console.storage import db
from models import Decision, Entry
from tests.cast import event, secret_of
from tests.intake.test_webhook import send

KEY = "0123456789abcdef"


@contextmanager
def _locked_for_long(app):
    """Another process writes, until what this gives is called; that tells when."""
    file = file_of(app.config["SETTINGS"].database_url)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield lambda: (other.execute("ROLLBACK"), time.perf_counter())[1]


@contextmanager
def _locked(app):
    """Another process writes, for longer than anybody waits."""
    file = file_of(app.config["SETTINGS"].database_url)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        db.execute_sql("PRAGMA busy_timeout = 20")  # for what is written without a transaction
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("console.db.BUSY_SECONDS", 0.02)
            yield
        other.execute("ROLLBACK")


def _release(browser, held: Entry, **more):
    form = {"version": Entry.get_by_id(held.id).version, "key": KEY, "decision": "release"}
    return browser.submit(f"/entries/{held.id}/decisions", **form, **more)


def test_a_decision_that_meets_a_locked_database_can_be_sent_again_under_its_key(
    app, browse, anna, held
):
    browser = browse(anna)
    with _locked(app):
        answer = _release(browser, held, htmx=True)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "2"
    assert "X-Furtka" not in answer.headers  # the page keeps the decision and sends it again
    assert "ma w tej chwili za dużo pracy" in answer.text
    assert Entry.get().is_held

    assert _release(browser, held, htmx=True).status_code == 200
    assert Entry.get().is_published
    assert [decision.verb for decision in Decision.select()] == ["hold", "release"]


def test_who_waits_for_another_writer_goes_on_as_soon_as_it_has_finished(app, browse):
    browse()
    waited = []

    def write():
        with db.connection_context(), db.atomic():
            waited.append(time.perf_counter())

    with _locked_for_long(app) as release:
        writer = Thread(target=write)
        writer.start()
        time.sleep(0.05)
        assert not waited
        released = release()
        writer.join()
    assert waited[0] - released < 1


def test_a_full_disk_is_named_and_the_console_goes_on_when_there_is_room(browse, leoncin):
    browser, secret = browse(), secret_of(leoncin)
    large = [event(id=f"p{number}", text=f"{number} " * 30_000) for number in range(9)]
    db.execute_sql("VACUUM")  # what tests before have left free is no room
    pages = db.execute_sql("PRAGMA page_count").fetchone()[0]
    db.execute_sql(f"PRAGMA max_page_count = {pages + 20}")
    answers = [send(browser, leoncin, message, secret=secret) for message in large]
    refused = [number for number, answer in enumerate(answers) if answer.status_code != 202]
    assert [answers[number].json["detail"] for number in refused] == ["full"]
    # The limit was that of the connection, which is given up: so it is as if there were room again.
    assert send(browser, leoncin, large[refused[0]], secret=secret).status_code == 202
    assert Entry.select().count() == len(large)


def test_a_file_that_was_read_only_for_a_while_needs_no_restart(browse, anna, held):
    browser = browse(anna)
    db.execute_sql("PRAGMA query_only = 1")  # as a connection that was opened meanwhile
    answer = _release(browser, held)
    assert answer.status_code == 503
    assert "nie można teraz zapisywać" in answer.text
    assert _release(browser, held).status_code == 303
    assert Entry.get().is_published


def test_the_platform_is_told_to_come_again(app, browse, leoncin):
    browser = browse()
    with _locked(app):
        answer = send(browser, leoncin, event(), secret=secret_of(leoncin))
    assert answer.status_code == 503
    assert answer.content_type == "application/problem+json"
    assert answer.headers["Retry-After"] == "2"
    assert send(browser, leoncin, event(), secret=secret_of(leoncin)).status_code == 202


def test_without_any_database_there_is_a_page_in_polish(app, leoncin, anna, browse):
    browse(anna)
    before = db.obj
    settings = replace(app.config["SETTINGS"], database_url="postgresql://u:p@127.0.0.1:1/nowhere")
    away = create_app(settings).test_client()
    try:
        for path in ("/", "/queue/held", "/people/sign-in"):
            answer = away.get(path)
            assert answer.status_code == 503
            assert "Baza danych nie odpowiada" in answer.text
            assert "127.0.0.1" not in answer.text
    finally:
        db.initialize(before)


def test_an_outage_is_one_line_in_the_log():
    log = logging.Logger("furtka.outage")
    records = []
    handler = logging.Handler()
    handler.emit = records.append
    handler.addFilter(OncePerOutage())
    log.addHandler(handler)
    for _try in range(100):
        try:
            raise OperationalError("database is locked")
        except OperationalError:
            log.exception("the outbox could not be read")
    log.error("something else")
    said = [record.getMessage() for record in records]
    assert said == ["the database is busy: database is locked", "something else"]
    assert records[0].exc_info is None


def test_a_wrong_query_is_no_outage(app):
    with pytest.raises(Exception, match="nonsense") as caught:
        db.execute_sql("SELECT nonsense")
    assert outages.kind_of(caught.value) is None


def test_a_password_may_hold_any_character():
    before = db.obj
    try:
        database = open_database("postgresql://m%40x:p%40ss%2Fword%3A@db.example/furtka")
        assert database.connect_params["user"] == "m@x"
        assert database.connect_params["password"] == "p@ss/word:"
        assert database.database == "furtka"
    finally:
        db.initialize(before)
