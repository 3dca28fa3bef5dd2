"""Prepares a screened text for the try-out form and for the examples of replays."""

from collections.abc import Iterable

from console.screening.hits import Finding, Hit, findings, highlight
from console.screening.wording import FEW

LINES = 12  # of the text, around the first hit


def excerpt(text: str, hits: list[Hit]) -> dict:
    """{"marked": HTML, "holding" and "shadow": [(hits in words, screener's name)]}

    "shadow" are the hits of screeners on trial.
    """
    holding = [hit._replace(mode="on") for hit in hits]
    found = findings(hits, FEW)
    return {
        "marked": highlight(text, tuple(holding), LINES),
        "holding": _lines(each for each in found if each.holds),
        "shadow": _lines(each for each in found if not each.holds),
    }


def _lines(found: Iterable[Finding]) -> list[tuple[str, str]]:
    return [(line, each.screener) for each in found for line in each.words]
