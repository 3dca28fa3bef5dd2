"""What a unit's post is about, as it is guessed: the urgent must not be missed."""

import timeit
from pathlib import Path

import pytest

from bench.topics import measure
from console.text.topics import CUES, READ, USUAL, guess
from models import Entry, Unit

POSTS = Path(__file__).with_name("topics_dev.csv")


def test_on_the_posts_that_the_cues_were_chosen_with_few_guesses_are_wrong():
    figures = measure(POSTS)
    assert figures.confusion.total() == 245
    assert figures.accuracy >= 0.95
    assert figures.safety_recall >= 0.98
    assert figures.safety_precision >= 0.98


def test_on_posts_that_were_kept_unseen_no_hazard_is_missed():
    figures = measure(POSTS.with_name("topics_unseen.csv"))
    assert figures.confusion.total() == 120
    assert figures.safety_recall >= 0.98
    assert figures.safety_precision >= 0.8
    assert figures.accuracy >= 0.8


@pytest.mark.parametrize(
    ("kind", "text", "topic"),
    [
        ("authority", "Ostrzeżenie: silny wiatr i burze od 18:00.", "safety"),
        ("authority", "OSTRZEZENIE! burze z gradem", "safety"),
        ("safety", "Piknik strażacki w niedzielę! Grochówka, dmuchańce, tańce.", "culture"),
        ("utilities", "Awaria: brak wody na Leśnej.", "safety"),
        ("utilities", "Planowana przerwa w dostawie wody we wtorek, wymiana zaworu.", "utilities"),
        ("education", "Z powodu pożaru szkoła jest dziś zamknięta.", "safety"),
    ],
)
def test_the_words_count_for_more_than_who_wrote_them(kind, text, topic):
    assert guess(text, kind) == topic


@pytest.mark.parametrize("kind", Unit.KINDS)
@pytest.mark.parametrize("text", ["", "🙂", "a", "ﷺ" * 65536, "nie " * 20000])
def test_there_is_a_topic_for_any_text_of_any_unit(kind, text):
    assert guess(text, kind) in Entry.TOPICS


def test_every_cue_and_every_kind_of_unit_is_for_a_topic_that_there_is():
    assert {cue.topic for cues in CUES.values() for cue in cues} == set(Entry.TOPICS)
    assert {topic for usual in USUAL.values() for topic in usual} <= set(Entry.TOPICS)


def test_only_the_beginning_of_a_text_is_read_so_the_longest_costs_little():
    hostile = "uwaga pożar nie wchodź " * 3000
    seconds = min(timeit.repeat(lambda: guess(hostile, "safety"), number=5, repeat=5)) / 5
    assert seconds < 0.01
    assert guess("Mecz. " + "x " * READ + "pożar", "sport") == "sport"
