"""Hits in words and highlighted in the text."""

import re

import pytest

from console.language import language
from console.screening.hits import Hit, findings, highlight
from console.screening.wording import describe_hits
from console.text.excerpts import WIDTH


@pytest.fixture(autouse=True)
def _english():
    token = language.set("en")
    yield
    language.reset(token)


def hit(form: str, kind="words", *, at=0, base="", cue="", mode="on", screener="Słowa") -> Hit:
    return Hit(at, at + len(form), form, base or form, cue, mode, kind, screener, "hate", 1)


def phones(count: int) -> list[Hit]:
    return [hit(f"600 700 {n}", "personal-data", base="phone") for n in range(100, 100 + count)]


def test_words_of_one_kind_share_a_line_that_counts_what_it_leaves_out():
    assert describe_hits([hit("raz"), hit("dwa"), hit("raz")]) == ["word: raz, dwa"]
    assert describe_hits(map(hit, "abc")) == ["word: a, b, c"]
    assert describe_hits(map(hit, "abcd")) == ["word: a, b, c and 1 other"]
    assert describe_hits(map(hit, "abcdefghijklmnopqrst")) == ["word: a, b, c and 17 others"]


def test_much_personal_data_of_one_kind_is_counted():
    assert describe_hits(phones(20)) == ["20 phone numbers"]
    assert describe_hits(phones(1)) == ["personal data: 600 700 100 → phone number"]
    assert describe_hits(phones(20) + [hit("12345678901", "personal-data", base="PESEL")]) == [
        "20 phone numbers",
        "personal data: 12345678901 → PESEL",
    ]


def test_kinds_and_what_stands_beside_a_word_stay_apart():
    hits = [hit("śmieć", cue="ty"), hit("", "newcomer", base="0"), hit("", "shouting", base="90 %")]
    assert describe_hits(hits) == [
        "word: śmieć (beside: ty)",
        "new profile (entries before: 0)",
        "capital letters: 90 %",
    ]


def test_in_polish_the_numbers_have_their_forms():
    token = language.set("pl")
    try:
        assert describe_hits(phones(20)) == ["20 numerów telefonu"]
        assert describe_hits(map(hit, "abcdefgh")) == ["słowo: a, b, c i 5 innych"]
    finally:
        language.reset(token)


def test_findings_tell_each_screener_apart_and_whether_it_holds():
    found = findings([hit("a"), hit("b", mode="shadow"), hit("c", screener="Inny"), hit("d")])
    assert [(each.screener, each.holds, each.words) for each in found] == [
        ("Słowa", True, ["word: a, d"]),
        ("Słowa", False, ["word: b"]),
        ("Inny", True, ["word: c"]),
    ]


# --- highlighted ----------------------------------------------------------------------------------


def shown(before: str, after: str, form: str = "idiota") -> str:
    return str(highlight(before + form + after, (hit(form, at=len(before)),), 12))


@pytest.mark.parametrize("filler", ["ab\n" * 590, "x" * 65_536, "\n" * 65_536, "słowo " * 9000])
def test_the_first_hit_is_shown_wherever_it_stands_in_a_long_text(filler):
    for html in (shown(filler, ""), shown("", filler), shown(filler, filler)):
        assert "<mark>idiota</mark>" in html
        assert html.count("\n") <= 12
        assert len(html) <= 12 * WIDTH + len("……<mark></mark>")
        assert html.startswith("…") or html.endswith("…")


def test_a_hit_that_is_longer_than_the_cut_is_marked_as_far_as_it_is_shown():
    html = shown("ab\n" * 50, "", "600\n" * 50)
    assert re.search(r"<mark>(600\n)+</mark>…$", html)


def test_a_text_that_fits_is_whole():
    assert shown("To ", ".\n<b>") == "To <mark>idiota</mark>.\n&lt;b&gt;"
