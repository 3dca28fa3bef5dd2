"""Texts written to break the screening: it neither raises nor takes long."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.screening.builtin import builtin_screeners
from console.screening.engine import MAX_HITS, Context, Recent, Screening, Spec
from tests.hostile import PIECES, TEXTS, endless

SHORT = [text for text in TEXTS.values() if len(text) < 300]
SCREENING = Screening(builtin_screeners())
_PIECES = [
    "kurwa", "k*rwa", "k u r w a", "ty", "idioto", "bit.ly/a", "http://", "44051401359", "600 100 200",
    "ul. Polna 5", "Jan Kowalski", "dłużnik", "Кurwa", "\u202e", "\u200d", "\ud800", "o\u0301", "İ", "ß",
    "😀", "ﬁ", "…", "*", "@", ".", " ", "\n", "\x00", "PiS", "Sejm", "zabiję", "cię", "do gazu", "𝐤𝐮𝐫𝐰𝐚",
]  # fmt: skip
_texts = st.lists(st.sampled_from([*_PIECES, *SHORT]) | st.text(max_size=5), max_size=20)


@given(_texts.map("".join) | _texts.map(" ".join) | st.text())
def test_no_text_breaks_it_and_every_span_is_what_stands_there(text):
    for found in SCREENING.run(text, Context(links=(text,), earlier_posts=0)):
        assert 0 <= found.start <= found.end <= len(text)
        assert found.end == 0 or text[found.start : found.end] == found.form


_KIB = 1 << 10


@pytest.mark.parametrize("piece", PIECES, ids=ascii)
def test_a_hostile_text_is_read_in_time(piece):
    assert _seconds(endless(piece, 128 * _KIB)) < 1


def test_a_mebibyte_takes_no_longer_than_its_size_asks_for():
    post = "Ty idioto, wójt bierze łapówki, k*rwa, klik bit.ly/a i dzwoń 600 100 200! "
    assert _seconds(post * (1024 * _KIB // len(post))) < 5


_ORDINARY = "Dzień dobry, o której jutro otwarta jest biblioteka? Ty idioto, klik bit.ly/a! "


@pytest.mark.parametrize(
    "text",
    [
        "kurwa" + "\u0301\u0316" * 32_765,
        "http://" + "a." * 32_760 + "pl",
        "a.pl," * 13_107,
        "www." * 16_384,
        "com." * 16_384,
        "http://" + "xn--a." * 10_000 + "pl",
        "\ufdfa" * 65_536,
        "mieszka na 5 " * 5_000,
    ],
    ids=lambda text: ascii(text[:12]),
)
def test_no_text_costs_more_than_five_times_an_ordinary_one_of_its_length(text):
    ordinary = _ORDINARY * (len(text) // len(_ORDINARY))
    least = min(_seconds(ordinary) for _try in range(3))
    assert min(_seconds(text) for _try in range(2)) < 5 * least


def test_an_operators_pattern_is_not_asked_beyond_the_limit_of_hits():
    spec = Spec(1, "p", "pattern", "on", 1, "spam", {"patterns": {"x": "[a-z ]*!|a"}})
    screening = Screening([spec])
    text = "a" * 64 * _KIB
    began = time.process_time()
    assert len(screening.run(text)) == MAX_HITS
    assert time.process_time() - began < 0.5


def _seconds(text):
    began = time.process_time()
    found = SCREENING.run(text)
    assert len(found) <= MAX_HITS * len(builtin_screeners())
    return time.process_time() - began


def test_ten_thousand_links_apart_and_long_earlier_texts_do_not_hurt():
    links = tuple(f"https://d{number}.pl/a" for number in range(10_000))
    recent = tuple(Recent("słowo " * 2000, 1, False) for _ in range(20))
    found = SCREENING.run("Proszę o pomoc w tej sprawie", Context(links, 0, recent))
    assert "300" in {match.base for match in found}
