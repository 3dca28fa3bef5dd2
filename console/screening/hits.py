"""Hits: what screeners found in a text, in words and highlighted in HTML."""

from collections.abc import Iterable
from typing import NamedTuple

from markupsafe import Markup, escape

from console.screening.wording import describe_hit


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

    def __str__(self) -> str:
        return describe_hit(self.kind, self.screener, self.form, self.base, self.cue)


def holds(hits: Iterable[Hit]) -> bool:
    return any(hit.holds for hit in hits)


def highlight(text: str, hits: tuple[Hit, ...], limit: int | None = None) -> Markup:
    """The text as HTML with the hits that hold in <mark>.

    limit  cut to so many characters around the first hit
    """
    at, end = 0, len(text)
    if limit is not None and end > limit:
        first = min((hit.start for hit in hits if hit.holds and hit.end), default=0)
        at = max(0, min(first - limit // 2, end - limit))
        end = at + limit
    parts = ["…"] if at else []
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        if not hit.holds or hit.start < at or hit.end > end or hit.end <= hit.start:
            continue
        parts += [escape(text[at : hit.start]), _mark(text[hit.start : hit.end])]
        at = hit.end
    parts.append(escape(text[at:end]))
    if end < len(text):
        parts.append("…")
    return Markup("").join(parts)


def _mark(text: str) -> Markup:
    return Markup("<mark>") + escape(text) + Markup("</mark>")
