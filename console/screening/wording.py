"""Describes hits in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from console.language import _, ngettext

if TYPE_CHECKING:
    from console.screening.hits import Hit

FEW, MANY = 3, 20  # words of one kind in a line: on a card, and where all is told


def describe_hits(hits: Iterable[Hit], most: int = FEW) -> list[str]:
    """A line for all of one kind: "word: a, b, c and 17 others", "20 phone numbers"."""
    kinds: dict[tuple[str, str], dict[str, None]] = {}
    for hit in hits:
        code = hit.base if hit.kind == "personal-data" else ""
        details = kinds.setdefault((_kind(hit), code), {})
        if hit.kind != "newcomer":
            details[_detail(hit)] = None
    return [_line(kind, code, list(details), most) for (kind, code), details in kinds.items()]


def _line(kind: str, code: str, details: list[str], most: int) -> str:
    others = len(details) - most
    if others > 0 and code:
        return _counted(code, len(details))
    words = ", ".join(details[:most])
    if others > 0:
        words = ngettext("%(words)s and %(n)d other", "%(words)s and %(n)d others", others) % {
            "words": words,
            "n": others,
        }
    return f"{kind}: {words}" if words else kind


def _counted(code: str, n: int) -> str:
    words = {
        "phone": ngettext("%(n)d phone number", "%(n)d phone numbers", n),
        "address": ngettext("%(n)d address", "%(n)d addresses", n),
        "PESEL": ngettext("%(n)d PESEL number", "%(n)d PESEL numbers", n),
    }
    return words[code] % {"n": n}


def _kind(hit: Hit) -> str:
    if hit.kind == "newcomer":
        return _("new profile (entries before: %(count)s)") % {"count": hit.base}
    return {
        "words": _("word"),
        "pattern": _("pattern"),
        "link": _("link") if hit.form else _("number of links"),
        "repeat": _("repeated text"),
        "personal-data": _("personal data"),
        "shouting": _("capital letters"),
    }.get(hit.kind, hit.screener)


def _detail(hit: Hit) -> str:
    """The form in the text, what it was recognised as, and the word beside it."""
    parts = _short(hit.form), _translated(hit.base)
    line = " → ".join(dict.fromkeys(filter(None, parts)))
    if hit.cue:
        return _("%(line)s (beside: %(cue)s)") % {"line": line, "cue": _translated(hit.cue)}
    return line


def _short(form: str) -> str:
    form = " ".join(form.split())
    return form if len(form) <= 60 else form[:59] + "…"


def _translated(text: str) -> str:
    """Translates the engine's codes; other words stay as they are."""
    return {"phone": _("phone number"), "address": _("address"), "name": _("a name")}.get(
        text, text
    )
