"""requirements.lock, which `make run` installs, says what requirements.txt asks for."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def locked() -> list[str]:
    """A package each: its pin, its hashes, and for whom it is here."""
    return re.findall(r"^\S.*\n(?: .*\n)+", (ROOT / "requirements.lock").read_text(), re.M)


def pin(line: str) -> str:
    return re.match(r"[\w\[\]-]+==[\w.]+", line)[0]


def test_every_requirement_is_locked_at_its_version_and_nothing_is_left_over(locked):
    asked_for = {pin(line) for line in (ROOT / "requirements.txt").read_text().splitlines()}
    found = {pin(package) for package in locked if "-r requirements.txt" in package}
    assert found == asked_for, "run scripts/lock"


def test_every_file_is_known_by_its_hash(locked):
    assert [pin(package) for package in locked if "--hash=sha256:" not in package] == []


def test_it_says_nothing_of_where_it_was_made(locked):
    text = (ROOT / "requirements.lock").read_text()
    assert "".join(locked) == text  # packages and nothing else: no index, no further options
    assert "/" not in text
