"""Hits: what screeners found in a text, in words and highlighted in HTML."""

from collections.abc import Iterable
from typing import NamedTuple

from markupsafe import Markup, escape

from console.screening.wording import MANY, describe_hits
from console.text.excerpts import WIDTH, reach


class Hit(NamedTuple):
    """A span that a screener found; models.Hit is the same as a row."""

    start: int  # in code points of the original text; 0 to 0: about the whole entry
    end: int
    form: str  # the text of the span
    base: str  # what it was recognised as
    cue: str  # the word beside it that made it a hit, if it needed one
    mode: str
    kind: str
    screener: str
    rule: str
    version: int
    screener_id: int | None = None

    @property
    def holds(self) -> bool:
        return self.mode == "on"


class Finding(NamedTuple):
    """What one screener found, in words."""

    screener: str
    version: int
    holds: bool
    words: list[str]


def findings(hits: Iterable[Hit], most: int = MANY) -> list[Finding]:
    """What each screener found; `most` bounds the words that stand in one line."""
    of_each: dict[tuple[str, int, bool], list[Hit]] = {}
    for hit in hits:
        of_each.setdefault((hit.screener, hit.version, hit.holds), []).append(hit)
    return [Finding(*screener, describe_hits(found, most)) for screener, found in of_each.items()]


def holds(hits: Iterable[Hit]) -> bool:
    return any(hit.holds for hit in hits)


def highlight(text: str, hits: tuple[Hit, ...], lines: int | None = None) -> Markup:
    """The text as HTML with the hits that hold in <mark>.

    lines  cut to so many, the first hit among them
    """
    at, end = (0, len(text)) if lines is None else _window(text, hits, lines)
    parts = ["…"] if at else []
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        if not hit.holds or hit.start < at or hit.start >= end or hit.end <= hit.start:
            continue
        parts += [escape(text[at : hit.start]), _mark(text[hit.start : min(hit.end, end)])]
        at = hit.end
    parts.append(escape(text[at:end]))
    if end < len(text):
        parts.append("…")
    return Markup("").join(parts)


def _window(text: str, hits: tuple[Hit, ...], lines: int) -> tuple[int, int]:
    """The beginning; or, where the first hit stands further down, what is around that."""
    end = reach(text, lines)
    spans = [(hit.start, hit.end) for hit in hits if hit.holds and hit.end]
    start, first_end = min(spans, default=(0, 0))
    if first_end <= end:
        return 0, end
    before = text[:start][: -lines * WIDTH : -1]  # read backwards
    at = start - reach(before, lines // 3)
    return at, at + reach(text[at:], lines)


def _mark(text: str) -> Markup:
    return Markup("<mark>") + escape(text) + Markup("</mark>")
