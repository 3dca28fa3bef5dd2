"""A console of an earlier version is brought up to date with all that it has."""

import random
import time
from datetime import UTC, date, datetime

import pytest
from playhouse.migrations import Runner

from console import db as database_of
from console.entries import search_index
from console.screening.builtin import builtin_screeners
from console.storage import db
from models import (
    Connection,
    Decision,
    Delivery,
    Entry,
    EntryFigures,
    Group,
    Hit,
    Rule,
    User,
    Violation,
)
from tests.crash.processes import Process, environment, run
from tests.crash.test_killed_processes import a_database_of

AT = "2026-11-20 23:30:00.000000+00:00"  # in Warsaw it is the 21st
MOMENT = dict.fromkeys(("created", "received", "content_time", "platform_time"), AT)
ROWS = {
    "municipality": [{"id": 1, "teryt": "1414032", "name": "Leoncin"}],
    "residents_group": [
        {
            "id": 1,
            "municipality_id": 1,
            "slug": "leoncin",
            "name": "Leoncin",
            "secret": "whsec_new",
            "former_secret": "whsec_old",
            "address": "https://platform.example/",
            "address_disabled": "HTTP 410",
        },
        {"id": 2, "municipality_id": 1, "slug": "b", "name": "B", "secret": "whsec_b"},
    ],
    "user_account": [
        {
            "id": 1,
            "name": "anna",
            "password_hash": "scrypt:…",
            "role": "moderator",
            "active": True,
            "demo": False,
            "session_key": "a key of all her sessions",
            "language": "pl",
            "created": AT,
        }
    ],
    "rule": [
        {"id": 1, "group_id": 1, "code": "hate", "name": "Hejt – atak", "position": 1},
        {"id": 2, "group_id": 1, "code": "own", "name": "Handel zwierzętami", "position": 2},
    ],
    "profile": [
        {"id": 1, "group_id": 1, "external_id": "ewa", "name": "Ewa 501 502 503", "url": ""}
    ],
    "entry": [
        {
            "id": 1,
            "group_id": 1,
            "profile_id": 1,
            "external_id": "p1",
            "kind": "post",
            "text": "Złodziej na ulicy Leśnej, tel. +48 600-700-800",
            "url": "https://m.facebook.com/groups/leoncin/permalink/77/?ref=share",
            "links": "[]",
            "media": "[]",
            "fingerprint": "x",
            "state": "published",
            "version": 3,
            "urgency": 0,
            "held_reason": "",
            "whitelist_reason": "no-unit",
            "platform_state": "published",
            "views": 431,
            "reactions": 52,
            "comments": 18,
            **MOMENT,
        }
    ],
    "decision": [
        {
            "id": number,
            "entry_id": 1,
            "profile_id": 1,
            "group_id": 1,
            "verb": verb,
            "actor": "staff",
            "from_state": "published",
            "to_state": "published",
            "key": f"key-{number}",
            "note": "",
            "at": AT,
        }
        for number, verb in ((1, "tag"), (2, "untag"), (3, "tag"))
    ],
    "violation": [
        {"entry_id": 1, "rule_id": 2, "tagged_id": 1, "untagged_id": 2},
        {"entry_id": 1, "rule_id": 1, "tagged_id": 3},
    ],
    "delivery": [
        {
            "decision_id": number,
            "entry_id": 1,
            "group_id": 1,
            "key": f"decision-{number}",
            "state": state,
            "due": AT,
            "attempts": attempts,
            "last_error": "",
        }
        for number, state, attempts in ((3, "pending", 0), (1, "recorded", 0), (2, "pending", 2))
    ],
    "screener": [
        {
            "id": 1,
            "name": "Wyzwiska",
            "kind": "words",
            "mode": "on",
            "version": 1,
            "rule": "hate",
            "settings": "{}",
            "changed": AT,
        }
    ],
    "match": [
        {
            "entry_id": 1,
            "screener_id": 1,
            "screener_version": 1,
            "mode": "on",
            "start": 0,
            "end": 8,
            "form": "Złodziej",
            "base": "złodziej",
            "cue": "",
        }
    ],
}
FLAGS = {"rule": "retired", "profile": "active", "entry": "whitelisted"}


@pytest.fixture(params=["sqlite", "postgres"])
def earlier(request, tmp_path):
    """A database of the version before hits and connections, with a row or two in each table."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'earlier.db'}"
    else:
        url = a_database_of(request.getfixturevalue("postgres_server"), "earlier")
    before = db.obj
    database = database_of.open_database(url)
    database.connect()
    Runner(database, str(database_of.MIGRATIONS)).up("0002_live_notes_replays")
    for table, rows in ROWS.items():
        for row in rows:
            _insert(database, table, row)
    yield database
    database.close_all()
    db.initialize(before)


def _insert(database, table: str, row: dict) -> None:
    if table in FLAGS:
        row = row | {FLAGS[table]: table == "profile"}
    names = ", ".join(f'"{name}"' for name in row)
    marks = ", ".join([database.param] * len(row))
    database.execute_sql(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', list(row.values()))


@pytest.fixture
def migrated(earlier):
    database_of.migrate(earlier)
    return earlier


def test_it_ends_in_the_present_schema(migrated):
    assert database_of.drift(migrated) == ""


def test_each_group_is_connected_as_it_was(migrated):
    first, second = Connection.select().order_by(Connection.group)
    assert (first.platform, first.settings) == (
        "webhook",
        {"address": "https://platform.example/"},
    )
    assert first.secrets == {"current": "whsec_new", "former": "whsec_old"}
    assert (first.state, first.state_reason) == (Connection.OFF, "HTTP 410")
    assert (second.settings, second.secrets) == ({}, {"current": "whsec_b"})
    assert second.state == Connection.ON
    assert Group.select().count() == 2


def test_entries_are_found_by_what_their_addresses_name(migrated):
    assert Entry.get().address_key == "77"


def test_users_keep_their_passwords_and_their_sessions_end(migrated):
    anna = User.get()
    assert (anna.name, anna.password_hash, anna.active) == ("anna", "scrypt:…", True)
    assert list(anna.sessions) == []


def test_deliveries_keep_their_order_keys_and_states(migrated):
    rows = list(Delivery.select().order_by(Delivery.id))
    assert [row.decision_id for row in rows] == [3, 1, 2]
    assert [row.idempotency_key for row in rows] == ["decision-3", "decision-1", "decision-2"]
    assert [row.state for row in rows] == ["pending", "recorded", "pending"]
    assert [row.begun for row in rows] == [False, False, True]
    assert {row.connection.group_id for row in rows} == {1}
    assert {row.kind for row in rows} == {"decision"}


def test_decisions_keep_their_keys(migrated):
    assert Decision.get_by_id(2).idempotency_key == "key-2"


def test_figures_become_those_of_the_day_on_which_they_were_told(migrated):
    figures = EntryFigures.get()
    assert figures.day == date(2026, 11, 21)
    assert (figures.views, figures.reactions, figures.comments) == (431, 52, 18)
    assert figures.shares is None
    assert figures.told == datetime(2026, 11, 20, 23, 30, tzinfo=UTC)


def test_rules_get_short_names(migrated):
    assert [rule.short for rule in Rule.select().order_by(Rule.id)] == ["Hejt", "Handel"]


def test_violations_get_the_present_names_of_their_rules_and_no_text(migrated):
    rows = Violation.select().order_by(Violation.id)
    assert [row.rule_name for row in rows] == ["Handel zwierzętami", "Hejt – atak"]
    assert {row.rule_text_id for row in rows} == {None}


def test_what_screeners_found_is_kept(migrated):
    hit = Hit.get()
    assert (hit.entry_id, hit.form, hit.screener.name) == (1, "Złodziej", "Wyzwiska")


@pytest.mark.parametrize(
    "query", ["zlodziej", '"lesnej tel"', "600700800", "+48600700800", "autor:501502503"]
)
def test_what_was_there_is_searchable(migrated, query):
    ids = search_index.matching_ids(query, [1]).bind(migrated).tuples()
    assert list(ids) == [(Entry.get().id,)]


def test_migrating_again_changes_nothing(migrated):
    assert database_of.migrate(migrated) == []


@pytest.fixture(params=["sqlite", "postgres"])
def nothing_yet(request, tmp_path) -> dict[str, str]:
    """The environment of a console whose database is empty."""
    if request.param == "sqlite":
        return environment(tmp_path / "instance")
    url = a_database_of(request.getfixturevalue("postgres_server"), "nothing_yet")
    return environment(tmp_path / "instance", DATABASE_URL=url)


@pytest.mark.slow
def test_of_two_that_migrate_at_once_one_waits_for_the_other(nothing_yet, tmp_path):
    command = ["flask", "--app", "wsgi", "migrate"]
    both = [Process(command, nothing_yet, tmp_path / f"{number}.log") for number in (1, 2)]
    assert [each.popen.wait(60) for each in both] == [0, 0], [each.words() for each in both]
    assert _screeners(nothing_yet) == len(builtin_screeners())


@pytest.mark.slow
def test_a_migration_that_was_killed_leaves_nothing_half_done(nothing_yet, tmp_path):
    command = ["flask", "--app", "wsgi", "migrate"]
    killed = Process(command, nothing_yet, tmp_path / "killed.log")
    time.sleep(random.uniform(0.3, 1.2))
    killed.kill()
    run(command, nothing_yet)
    assert _screeners(nothing_yet) == len(builtin_screeners())


def test_a_migration_that_fails_at_its_end_leaves_no_table(tmp_path):
    before = db.obj
    database = database_of.open_database(f"sqlite:///{tmp_path / 'failed.db'}")
    try:
        with pytest.raises(RuntimeError), database_of.migrating(database):
            raise RuntimeError
        assert database.get_tables() == []
    finally:
        database.close_all()
        db.initialize(before)


def _screeners(env: dict[str, str]) -> int:
    code = "from models import *; print(Screener.select().count())"
    return int(run(["python", "-c", f"import wsgi; {code}"], env))
