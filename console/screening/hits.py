"""A hit: what one screener found in a text. In words, and marked where it stands."""

from collections.abc import Iterable
from typing import NamedTuple

from markupsafe import Markup, escape

from console.screening.wording import in_words


class Hit(NamedTuple):
    start: int  # in code points of the original text; 0, 0 when about the whole entry
    end: int
    form: str
    base: str
    cue: str
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
        return in_words(self.kind, self.screener, self.form, self.base, self.cue)


def holds(hits: Iterable[Hit]) -> bool:
    return any(hit.holds for hit in hits)


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
