"""docs/security.md names tests and modules: each must be there, else its table tells of the past."""

import ast
import re
from collections import Counter

import pytest

from console.config import ROOT

TEXT = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TEXT)))
FILES = sorted(
    set(re.findall(r"`((?:console|deploy|tests|docs|templates|static)/[\w./-]+\.\w+)", TEXT))
)


@pytest.mark.parametrize("file", sorted({file for file, _name in NAMED}))
def test_every_test_that_it_names_exists(file):
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    there = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert {name for each, name in NAMED if each == file} <= there


def test_it_names_tests_in_one_way_alone():
    """So that none escapes the test above."""
    assert len(NAMED) > 150
    assert set(re.findall(r"\btest_\w+(?!\w*\.py)\b", TEXT)) == {name for _file, name in NAMED}


@pytest.mark.parametrize("file", FILES)
def test_every_file_that_it_names_exists(file):
    assert (ROOT / file).is_file()


def test_what_is_not_met_stands_on_top_too():
    summary, tables = TEXT.split("# What is decided")
    rows = [line for line in tables.splitlines() if line.startswith("| V")]
    gaps = {row.split(" ")[1] for row in rows if re.search(r"\*\*(not met|partly)\*\*", row, re.I)}
    assert gaps == set(re.findall(r"V\d+\.\d+\.\d+", summary))


def test_each_requirement_stands_in_one_line():
    numbers = Counter(re.findall(r"^\| (V\d+\.\d+\.\d+) \|", TEXT, re.M))
    assert numbers
    assert [number for number, lines in numbers.items() if lines > 1] == []
