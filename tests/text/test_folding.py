"""One spelling for comparing, and the way back to the original text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.text.folding import Folded, fold, fold_keeping_diacritics, tokens


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("ŁÓDŹ", "lodz"),
        ("Zażółć gęślą jaźń", "zazolc gesla jazn"),
        ("ko\u200bn\u00adi\u200f", "koni"),
        ("ｋｏńⅣ", "koniv"),
        ("z\u0307o\u0301", "zo"),
        ("a\ud800b", "a\ufffdb"),
        ("„tak” – nie", '"tak" - nie'),
        ("Straße", "strasse"),
    ],
)
def test_case_marks_widths_and_invisible_characters_do_not_count(written, folded):
    assert fold(written) == folded


@pytest.mark.parametrize(
    ("text", "word", "written"),
    [
        ("😀😀 dureń!", "duren", "dureń"),
        ("to du\u200dr\u200den tam", "duren", "du\u200dr\u200den"),
        ("oto duren\u0301 jeden", "duren", "duren\u0301"),
        ("… ﬁrma ĳ dureń", "duren", "dureń"),
        ("𝐝𝐮𝐫𝐞𝐧 tu", "duren", "𝐝𝐮𝐫𝐞𝐧"),
        ("\u202edureń\u202c", "duren", "dureń"),
    ],
)
def test_a_span_leads_back_to_what_was_written(text, word, written):
    reading = Folded(text)
    start, end = next((s, e) for found, s, e in tokens(reading.plain) if found == word)
    assert reading.original(start, end) == written


def test_folding_can_keep_the_diacritics():
    folded = fold_keeping_diacritics("ŚMIAĆ")
    assert folded == fold_keeping_diacritics("s\u0301miac\u0301") == "śmiać"
    assert folded != fold_keeping_diacritics("smiac")


@given(st.text())
def test_every_span_lies_within_the_text(text):
    reading = Folded(text)
    for _, start, end in tokens(reading.plain):
        first, last = reading.span(start, end)
        assert 0 <= first < last <= len(text)
        assert fold(text[first:last]) == reading.plain[start:end] or len(fold(text)) > len(text)
