"""A text prepared once for all screeners: folded, and split into words and sentences."""

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from console.errors import Refused
from console.language import _
from console.text import folding
from console.text.folding import Token

if TYPE_CHECKING:  # the engine builds readings, so it cannot be imported here
    from console.screening.engine import Context
    from console.text.links import Link

MAX_HITS = 20  # by one screener in one entry: a person reads them

# A full stop after these does not end a sentence: "ul. Kaczyńskiego".
_ABBREVIATIONS = frozenset(
    [
        "ul",
        "al",
        "pl",
        "os",
        "im",
        "św",
        "sw",
        "dr",
        "prof",
        "mgr",
        "inz",
        "hab",
        "ks",
        "plk",
        "gen",
        "nr",
        "tel",
        "godz",
        "ok",
        "np",
        "tj",
        "tzw",
        "r",
        "m",
        "w",
        "zl",
        "tys",
        "mln",
        "mld",
        "p",
        "o",
        "str",
        "wg",
        "ds",
        "sp",
        "gm",
        "pow",
        "woj",
        "kom",
        "e",
    ]
)
_END = re.compile(r"[!?…\n]|\.(?=\s|$)|\.{2,}")


class Invalid(Refused):
    """Settings that cannot work. The message is in the reader's language, str() in English.

    `key` among the values is the setting, and the field of the form, that is wrong.
    """

    def __init__(self, template: str, **values: Any):
        super().__init__(_(template).format(**values), values.get("key"))
        self.args = (template.format(**values),)


class Span(NamedTuple):
    """A span of the original text that a screener found; 0 to 0: about the whole entry."""

    start: int
    end: int
    base: str
    cue: str = ""


class Reading(folding.Folded):
    """A text as the kinds of screener get it, and the entry's context."""

    def __init__(self, text: str, context: "Context"):
        super().__init__(text)
        self.context = context
        self.links: list[Link] | None = None  # once they have been looked for

    @cached_property
    def tokens(self) -> list[Token]:
        return folding.tokens(self.plain)

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset([word for word, _, _ in self.tokens])

    def is_capitalised(self, start: int, end: int) -> bool:
        return self.original(start, end)[:1].isupper()


def sentence_numbers(plain: str, tokens: list[Token]) -> list[int]:
    """The number of the sentence of each token."""
    stops = _END.finditer(plain)
    stop = next(stops, None)
    numbers, number, behind = [], 0, ""
    for word, start, _end in tokens:
        first = stop if stop and stop.start() < start else None
        while stop and stop.start() < start:
            stop = next(stops, None)
        if first and not (first[0] == "." and behind in _ABBREVIATIONS):
            number += 1
        numbers.append(number)
        behind = word
    return numbers
