"""`make soak`: fifty rounds of killed processes, on SQLite and on PostgreSQL in turn.

The tests' own suite plays a few of these rounds each time.
"""

import secrets
from contextlib import ExitStack
from functools import cache

import pytest

from tests.crash.rounds import play, staged
from tests.crash.test_killed_processes import a_database_of

ROUNDS = 50


@pytest.fixture(scope="module")
def stage_of(tmp_path_factory, postgres_server):
    """The two consoles go on from round to round, as a server does."""
    with ExitStack() as open_stages:

        @cache
        def stage(kind: str):
            url = a_database_of(postgres_server, "soaked") if kind == "postgresql" else None
            return open_stages.enter_context(staged(tmp_path_factory.mktemp(kind), url))

        yield stage


@pytest.mark.parametrize("number", range(1, ROUNDS + 1))
def test_a_round_of_killed_processes(stage_of, number):
    play(stage_of("sqlite" if number % 2 else "postgresql"), secrets.randbits(32))
