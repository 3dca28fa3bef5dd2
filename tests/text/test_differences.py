"""What an edit changed, word by word, in a bounded time."""

from random import Random
from time import process_time
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.text import differences
from console.text.differences import IN, OUT, SAME, difference, shortened

TEXTS = st.text(st.sampled_from("ab \n.!ąż😀"), max_size=60)


def told(before: str, after: str) -> list[tuple[str, str]]:
    return [tuple(piece) for piece in difference(before, after)]


def test_a_word_that_was_changed_is_taken_out_and_put_in():
    assert told("Sąsiad to idiota.", "Sąsiad to anioł.") == [
        (SAME, "Sąsiad to "),
        (OUT, "idiota"),
        (IN, "anioł"),
        (SAME, "."),
    ]


def test_words_added_at_the_end_and_the_beginning_are_put_in():
    assert told("Dom", "Dom na sprzedaż") == [(SAME, "Dom"), (IN, " na sprzedaż")]
    assert told("Dom", "Mój Dom") == [(IN, "Mój "), (SAME, "Dom")]


def test_changes_with_only_a_space_between_them_are_read_as_one():
    assert told("stary dom", "nowy blok") == [(OUT, "stary dom"), (IN, "nowy blok")]


def test_the_same_text_is_one_piece_and_an_empty_one_none():
    assert told("Dom", "Dom") == [(SAME, "Dom")]
    assert told("", "") == []
    assert told("", "Dom") == [(IN, "Dom")]
    assert told("Dom", "") == [(OUT, "Dom")]


def test_a_space_at_the_beginning_or_the_end_stays():
    assert told(" ", " ") == [(SAME, " ")]
    assert told(" raz ", " dwa ") == [(SAME, " "), (OUT, "raz"), (IN, "dwa"), (SAME, " ")]


def test_a_text_that_became_another_is_taken_out_whole():
    before, after = (" ".join(f"{word}{n}" for n in range(1_000)) for word in ("stare", "nowe"))
    assert told(before, after) == [(OUT, before), (IN, after)]


def test_words_changed_in_the_longest_text_are_found():
    words = [f"słowo{n}" for n in range(5_000)]
    changed = ["PIERWSZE", *words[1:3_000], "INNE", *words[3_001:-1], "OSTATNIE"]
    pieces = told(" ".join(words), " ".join(changed))
    assert [text for kind, text in pieces if kind == OUT] == ["słowo0", "słowo3000", "słowo4999"]
    assert [text for kind, text in pieces if kind == IN] == ["PIERWSZE", "INNE", "OSTATNIE"]


def test_where_words_are_too_many_sentences_are_compared(monkeypatch):
    monkeypatch.setattr(differences, "MAX_CELLS", 20)
    assert told("Pies szczeka. Kot śpi! Deszcz pada.", "Pies milczy. Kot śpi! Słońce świeci.") == [
        (OUT, "Pies szczeka. "),
        (IN, "Pies milczy. "),
        (SAME, "Kot śpi! "),
        (OUT, "Deszcz pada."),
        (IN, "Słońce świeci."),
    ]


def test_where_changed_words_are_too_many_sentences_are_compared(monkeypatch):
    monkeypatch.setattr(differences, "MAX_PIECES", 5)
    assert told("Raz i dwa i trzy.\nKoniec.", "1 i 2 i 3.\nKoniec.") == [
        (OUT, "Raz i dwa i trzy.\n"),
        (IN, "1 i 2 i 3.\n"),
        (SAME, "Koniec."),
    ]


def test_where_sentences_are_too_many_one_text_stands_for_the_other():
    before, after = "a!" * 30_000, "b?a!" * 15_000
    assert told(before, after) == [(OUT, before), (IN, after)]


@given(TEXTS, TEXTS, st.sampled_from([1, 20, 10_000]), st.sampled_from([2, 5, 1000]))
@settings(max_examples=300, deadline=None)
def test_the_pieces_hold_both_texts_whole(before, after, cells, most):
    with patch.multiple(differences, MAX_CELLS=cells, MAX_PIECES=most):
        pieces = difference(before, after)
    assert "".join(text for kind, text in pieces if kind != IN) == before
    assert "".join(text for kind, text in pieces if kind != OUT) == after
    assert all(a.kind != b.kind for a, b in zip(pieces, pieces[1:], strict=False))
    assert len(pieces) <= most


HANZI = [chr(0x4E00 + n) for n in range(20_000)]


def signs(seed: int, length: int, between: str) -> str:
    """A word or something else at every character."""
    chance = Random(seed)
    return "".join(chance.choice(between if n % 2 else HANZI) for n in range(length))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a " * 32_000, "a b " * 16_000),
        ("a " * 800 + "b " * 800, "a b " * 800),
        ("x" * 65_000, "y" * 65_000),
        ("!?" * 32_000, "?!" * 32_000),
        (" ".join(map(str, range(9_000))), " ".join(map(str, range(9_000, 0, -1)))),
        *((signs(1, length, " ."), signs(2, length, " .")) for length in (9_990, 65_536)),
        *((signs(1, length, "\n"), signs(2, length, "\n")) for length in (20_000, 65_536)),
        (signs(1, 1_500, " ."), signs(2, 65_536, " .")),
    ],
)
def test_texts_made_to_be_slow_are_answered_soon(before, after):
    start = process_time()
    pieces = difference(before, after)
    assert process_time() - start < 0.3
    assert len(pieces) <= differences.MAX_PIECES


def test_long_stretches_without_a_change_are_cut_to_their_ends():
    before = " ".join(f"słowo{n}" for n in range(1_000))
    pieces = shortened(difference(before, before + " koniec"))
    assert len(pieces[0].text) < 420
    assert pieces[0].text.startswith("słowo0 ")
    assert pieces[0].text.endswith("słowo999")
    assert pieces[1] == (IN, " koniec")


@pytest.mark.parametrize("line", ["ab\n", "słowo " * 40 + "\n"])
def test_a_change_of_very_many_lines_is_shown_by_its_beginning(line):
    before, after = (f"{word} {line}" * 590 for word in ("stare", "nowe"))
    for pieces in (
        shortened(difference(before, after)),
        shortened(difference("x\n" * 590, "x\n" * 590 + after)),
        shortened(difference(before + "x\n" * 590, "")),
    ):
        text = "".join(piece.text for piece in pieces)
        assert text.count("\n") <= 41
        assert len(text) < 4_500
        assert {piece.kind for piece in pieces} & {IN, OUT}
        assert "…" in text[-2:]
