"""The beginning of a text that fits some lines."""

import pytest

from console.text.excerpts import WIDTH, excerpt, reach


@pytest.mark.parametrize("text", ["", "raz", "raz\ndwa\ntrzy", "x" * 3 * WIDTH, "\n\n\n"])
def test_what_fits_is_whole(text):
    assert reach(text, 3) == len(text)
    assert excerpt(text, 3) == text


@pytest.mark.parametrize(
    "end", ["\n", "\r\n", "\r", "\v", "\f", "\x85", "\u2028", "\u2029"], ids=ascii
)
def test_short_lines_are_counted_however_they_end(end):
    assert excerpt(f"raz{end}" * 590, 3) == f"raz{end}raz{end}raz…"


def test_a_long_line_counts_as_the_lines_it_takes():
    text = "x" * (2 * WIDTH + 1) + "\nraz\ndwa"
    assert excerpt(text, 3) == "x" * (2 * WIDTH + 1) + "…"
    assert reach("x" * 65_536, 12) == 12 * WIDTH
