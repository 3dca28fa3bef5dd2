"""A SIGKILL at any moment loses no decision and no delivery, and sends none twice under one key."""

import secrets

import pytest

from tests.crash.rounds import play, staged

pytestmark = pytest.mark.slow


def test_killed_over_sqlite_nothing_is_lost_or_doubled(tmp_path):
    with staged(tmp_path) as stage:
        for _round in range(2):
            play(stage, secrets.randbits(32))


def test_killed_over_postgresql_nothing_is_lost_or_doubled(tmp_path, postgres_server):
    with staged(tmp_path, a_database_of(postgres_server)) as stage:
        play(stage, secrets.randbits(32))


def a_database_of(server, name: str = "killed") -> str:
    server.psql(f"DROP DATABASE IF EXISTS {name}")
    server.psql(f"CREATE DATABASE {name}")
    return server.get_uri(database=name)
