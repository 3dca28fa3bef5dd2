"""Folds text to one spelling for comparison, and maps spans of it back to the original.

Folding: compatibility forms (NFKC), no format characters (zero-width, soft hyphen, direction
marks), no case, no combining marks, and ł as l, which Unicode does not decompose.
"""

import re
import unicodedata
from array import array

Token = tuple[str, int, int]  # a word of a folded text, its start and its end

WORD = re.compile(r"[^\W_]+")
# "…" is kept as it is: its long form would only blur sentence ends and offsets.
_SPELLED_AS = {"…": "…", "ł": "l", "Ł": "l"}
_SPELLED_AS |= dict.fromkeys("„”“‟«»″", '"') | dict.fromkeys("‐‑‒–—―−", "-")
_CACHED_BELOW = 0x20000
LONGEST_FOLDED = 4  # of one character; a few ligatures stand for whole phrases


def fold_character(char: str) -> str:
    if char in _SPELLED_AS:
        return _SPELLED_AS[char]
    category = unicodedata.category(char)
    if category == "Cf":
        return ""
    if category == "Cs":  # a lone surrogate: no encoding can carry it
        return "\ufffd"
    folded = unicodedata.normalize("NFKC", char).casefold()
    bare = (c for c in unicodedata.normalize("NFKD", folded) if unicodedata.category(c) != "Mn")
    return "".join(bare).replace("ł", "l")[:LONGEST_FOLDED]


class _Table(dict[int, str]):
    """A translation table for str.translate, filled on demand.

    `uneven` are the characters met so far that do not fold to exactly one character.
    """

    def __init__(self) -> None:
        self.uneven: set[str] = set()

    def __missing__(self, code: int) -> str:
        char = chr(code)
        folded = fold_character(char)
        if len(folded) != 1:
            self.uneven.add(char)
        if code < _CACHED_BELOW:
            self[code] = folded
        return folded


_TABLE = _Table()


def fold(text: str) -> str:
    """The text without case, diacritics and format characters."""
    return text.translate(_TABLE)


def fold_keeping_diacritics(text: str) -> str:
    """Folds all but the diacritics: żyd and zyd stay different."""
    text = "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Cs"))
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text).casefold())


class Folded:
    """A text and its folded spelling, `plain`."""

    __slots__ = ("text", "plain", "_offsets")

    def __init__(self, text: str):
        self.text = text
        self.plain = text.translate(_TABLE)
        self._offsets = None if _TABLE.uneven.isdisjoint(text) else _offsets(text)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span in the original text of a span of `plain`."""
        if self._offsets is None:
            return start, end
        first, last = self._offsets[start], self._offsets[end - 1] + 1
        # Combining marks after the last letter belong to it.
        while last < len(self.text) and unicodedata.category(self.text[last]) == "Mn":
            last += 1
        return first, last

    def original(self, start: int, end: int) -> str:
        """The original text of a span of `plain`."""
        first, last = self.span(start, end)
        return self.text[first:last]


def _offsets(text: str) -> "array[int]":
    offsets = array("I")
    for position, char in enumerate(text):
        offsets.extend([position] * len(_TABLE[ord(char)]))
    return offsets


def tokens(plain: str) -> list[Token]:
    """Every word of a folded text, in order."""
    return [(match[0], *match.span()) for match in WORD.finditer(plain)]
