"""The built-in screeners, judged on sentences written by hand: sentences.csv."""

import csv
import time
from pathlib import Path

import pytest

from console.groups.builtin import BUILTIN_RULES
from console.screening import build_builtin, expand
from console.screening.builtin import builtin_screeners
from console.screening.cues import data
from console.screening.engine import Screening
from console.screening.hits import holds

SENTENCES = (Path(__file__).parent / "sentences.csv").read_text(encoding="utf-8")
ROWS = list(csv.DictReader(SENTENCES.splitlines()))


@pytest.fixture(scope="module")
def screening():
    return Screening(builtin_screeners())


def texts(expected):
    return [row["text"] for row in ROWS if row["expected"] == expected]


def test_hardly_an_honest_post_is_held(screening):
    honest = texts("pass")
    held = [text for text in honest if holds(screening.run(text))]
    assert len(honest) > 150
    assert len(held) <= 0.02 * len(honest), held


def test_most_harmful_posts_are_held(screening):
    harmful = texts("hold")
    missed = [text for text in harmful if not holds(screening.run(text))]
    assert len(harmful) > 150
    assert len(missed) <= 0.2 * len(harmful), missed


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Jesteś idiotą", "hate"),
        ("Ciapaci won", "hate-speech"),
        ("Połamię ci nogi", "threat"),
        ("No i chuj", "offensive"),
        ("Wójt bierze łapówki", "defamation"),
        ("Tusk do dymisji", "politics"),
        ("Chwilówki bez BIK", "spam"),
        ("PESEL 44051401359", "personal-data"),
    ],
)
def test_a_match_suggests_the_rule(screening, text, rule):
    assert rule in {found.rule for found in screening.run(text) if found.mode == "on"}


def test_harmful_words_are_found_without_diacritics_and_in_capitals(screening):
    for text in ("zabije cie gnoju", "POLAMIE CI NOGI", "ty smieciu", "bierze lapowki ten wojt"):
        assert holds(screening.run(text)), text


def test_misinformation_and_shouting_are_only_counted(screening):
    found = screening.run(
        "SZCZEPIONKI TO TRUCIZNA, NIE DAJCIE SIĘ ZASZCZEPIĆ W PRZYCHODNI W SOBOTĘ"
    )
    assert {match.rule for match in found} == {"misleading", "off-topic"}
    assert not holds(found)


def test_every_screener_names_a_builtin_rule_and_has_its_own_name():
    specs = builtin_screeners()
    assert {spec.rule for spec in specs} <= BUILTIN_RULES.keys()
    assert len({spec.name for spec in specs}) == len(specs)
    assert all(spec.id is None and spec.version == 1 for spec in specs)


def test_the_lexicon_is_large():
    words = [spec.settings for spec in builtin_screeners() if spec.kind == "words"]
    bases = {base for s in words for key in ("alone", "with_cue") for base in s.get(key, ())}
    assert len(bases) > 700


@pytest.mark.skipif(not expand.available(), reason="the dictionary is not installed")
def test_what_is_delivered_was_built_from_the_readable_source():
    assert build_builtin.build(build_builtin.source()) == data()


def test_a_thousand_posts_take_less_than_half_a_second(screening):
    posts = (texts("pass") * 7)[:1000]
    began = time.process_time()
    for text in posts:
        screening.run(text)
    assert time.process_time() - began < 0.5
