"""Prepares a screened text for the try-out form and for the examples of replays."""

from console.screening.hits import Hit, highlight

LONGEST = 1200  # characters; longer texts are cut around the first hit


def excerpt(text: str, hits: list[Hit]) -> dict:
    """{"marked": HTML, "holding" and "shadow": [(hit in words, screener's name)]}

    "shadow" are the hits of screeners on trial.
    """
    holding = [hit._replace(mode="on") for hit in hits]
    return {
        "marked": highlight(text, tuple(holding), LONGEST),
        "holding": list(dict.fromkeys((str(h), h.screener) for h in hits if h.holds)),
        "shadow": list(dict.fromkeys((str(h), h.screener) for h in hits if not h.holds)),
    }
