"""A text read once for all screeners: folded, cut into words and sentences."""

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from console.text import folding
from console.text.folding import Token

if TYPE_CHECKING:  # the engine builds readings, so it cannot be imported here
    from console.screening.engine import Context

# After these a full stop does not end a sentence: "ul. Kaczyńskiego" is one thing.
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


class Invalid(ValueError):
    """Settings that cannot work. The template and its values are apart, to be translated."""

    def __init__(self, template: str, **values: Any):
        self.template, self.values = template, values
        super().__init__(template.format(**values))


class Span(NamedTuple):
    """What a screener found: a span in the original text (0, 0 = the whole entry)."""

    start: int
    end: int
    base: str
    cue: str = ""


class Reading(folding.Folded):
    """What the kinds of screener work on."""

    def __init__(self, text: str, context: "Context"):
        super().__init__(text)
        self.context = context

    @cached_property
    def tokens(self) -> list[Token]:
        return folding.tokens(self.plain)

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset([word for word, _, _ in self.tokens])

    def is_capitalised(self, start: int, end: int) -> bool:
        return self.written(start, end)[:1].isupper()


def sentence_numbers(plain: str, tokens: list[Token]) -> list[int]:
    """For every token, the number of its sentence."""
    stops = _END.finditer(plain)
    stop = next(stops, None)
    numbers, number, behind = [], 0, ""
    for word, start, _ in tokens:
        first = stop if stop and stop.start() < start else None
        while stop and stop.start() < start:
            stop = next(stops, None)
        if first and not (first[0] == "." and behind in _ABBREVIATIONS):
            number += 1
        numbers.append(number)
        behind = word
    return numbers
