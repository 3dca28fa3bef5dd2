"""What screeners found in a text, as it is shown: in words, and marked where it stands."""

from typing import NamedTuple

from markupsafe import Markup, escape

from console.screening.wording import in_words
from models import Screener


class Hit(NamedTuple):
    """What a screener found in the text."""

    start: int
    end: int
    form: str
    base: str
    cue: str
    mode: str
    kind: str
    screener: str
    rule: str
    version: int

    @property
    def holds(self) -> bool:
        return self.mode == Screener.ON

    def __str__(self) -> str:
        return in_words(self.kind, self.screener, self.form, self.base, self.cue)


def marked(text: str, hits: tuple[Hit, ...], limit: int | None = None) -> Markup:
    """The text, escaped, with what was found in <mark>; cut to `limit` characters around the first."""
    at, end = 0, len(text)
    if limit is not None and end > limit:
        found = min((hit.start for hit in hits if hit.holds and hit.end), default=0)
        at = max(0, min(found - limit // 2, end - limit))
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
