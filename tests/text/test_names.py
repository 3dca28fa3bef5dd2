"""Strangers' names, fit to be shown."""

import pytest

from console.language import language
from console.text.names import MOST_MARKS, is_visible, shown_name


@pytest.fixture(autouse=True)
def _english():
    token = language.set("en")
    yield
    language.reset(token)


@pytest.mark.parametrize(
    "name",
    [
        "Jan Nowak",
        "Małgorzata Święcicka-Żółć",
        "Nguye\u0302\u0303n",  # decomposed
        "ภู่",  # a Thai letter with a vowel and a tone
        "שָׁלוֹם",
        "👩\u200d👧 Mama",
        "❤\ufe0f",
        "7",
        "…",
    ],
)
def test_a_name_that_can_be_seen_is_shown_as_it_is(name):
    assert shown_name(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "\u00a0\u2003",
        "\u200b",
        "\u2060\ufeff\u00ad",
        "\u0301" * 100,
        "\u2800" * 3,
        "\u3164",
        "\u115f\u1160\uffa0",
        "\U000e0041\U000e007f",
        "\x01\x7f",
        "\u202e\u2066",
        "\ue000",
    ],
    ids=ascii,
)
def test_a_name_without_a_trace_is_called_so(name):
    assert not is_visible(name)
    assert shown_name(name) == "(no name)"


@pytest.mark.parametrize("mark", ["\u0301", "\u20dd", "\u0903"], ids=ascii)
def test_marks_are_piled_no_higher_than_a_language_needs(mark):
    assert shown_name("Z" + mark * 100 + "ły") == "Z" + mark * MOST_MARKS + "ły"


def test_a_name_turns_nothing_around():
    assert shown_name("\u202etxt.\u2066exe") == "txt.exe"
