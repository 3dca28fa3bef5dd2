"""Names that strangers chose, made fit to stand in a line, a title or a label."""

import re
import unicodedata

from console.language import _

# Letters, by Unicode, and a Braille cell without a dot; none of them leaves a trace.
BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
# Marks, zero-width and control characters, spaces.
TRACELESS = frozenset("MCZ")
# They would turn what follows around, where no <bdi> can hold them: in a title, in a label.
DIRECTIONS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
PLAIN = re.compile("[\0-\u02af]*")  # Latin letters: without marks of their own
MOST_MARKS = 3  # on one letter; no living language needs more


def shown_name(name: str) -> str:
    """The name without piles of marks; "(no name)" if it has nothing that can be seen."""
    return _without_piles(name) if is_visible(name) else _("(no name)")


def is_visible(text: str) -> bool:
    """Whether the text has a character that leaves a trace: a link needs one to be seen and hit."""
    return any(
        char not in BLANK and unicodedata.category(char)[0] not in TRACELESS for char in text
    )


def _without_piles(name: str) -> str:
    if PLAIN.fullmatch(name):
        return name
    kept, marks = [], 0
    for char in name:
        marks = marks + 1 if unicodedata.category(char)[0] == "M" else 0
        if marks <= MOST_MARKS and char not in DIRECTIONS:
            kept.append(char)
    return "".join(kept)
