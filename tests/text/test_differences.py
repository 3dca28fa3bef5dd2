"""What an edit changed, word by word, in a bounded time."""

from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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


@given(TEXTS, TEXTS)
@settings(max_examples=300, deadline=None)
def test_the_pieces_hold_both_texts_whole(before, after):
    pieces = difference(before, after)
    assert "".join(text for kind, text in pieces if kind != IN) == before
    assert "".join(text for kind, text in pieces if kind != OUT) == after
    assert all(a.kind != b.kind for a, b in zip(pieces, pieces[1:], strict=False))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a " * 32_000, "a b " * 16_000),
        ("a " * 1_500, "a b " * 700),
        ("a " * 800 + "b " * 800, "a b " * 800),
        ("x" * 65_000, "y" * 65_000),
        ("!?" * 32_000, "?!" * 32_000),
        (" ".join(map(str, range(9_000))), " ".join(map(str, range(9_000, 0, -1)))),
    ],
)
def test_texts_made_to_be_slow_are_answered_soon(before, after):
    start = perf_counter()
    difference(before, after)
    assert perf_counter() - start < 1


def test_one_word_changed_in_the_longest_text_is_found():
    words = [f"słowo{n}" for n in range(6_000)]
    changed = [*words[:3_000], "INNE", *words[3_001:]]
    pieces = difference(" ".join(words), " ".join(changed))
    assert [text for kind, text in pieces if kind != SAME] == ["słowo3000", "INNE"]


def test_a_text_that_became_another_is_not_compared():
    other = " ".join(f"inne{n}" for n in range(400))
    assert difference(" ".join(f"słowo{n}" for n in range(400)), other) is None


def test_long_stretches_without_a_change_are_cut_to_their_ends():
    before = " ".join(f"słowo{n}" for n in range(1_000))
    pieces = shortened(difference(before, before + " koniec"))
    assert len(pieces[0].text) < 400
    assert pieces[0].text.startswith("słowo0 ")
    assert pieces[0].text.endswith("słowo999")
    assert pieces[1] == (IN, " koniec")
