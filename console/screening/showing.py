"""A text as the try-box and replays show it: with its marks, and the reasons."""

from console.screening.hits import Hit, marked

LONGEST = 1200  # longer texts are cut around what was found


def shown(text: str, hits: list[Hit]) -> dict:
    """The text with its marks, and why: what holds, and what is on trial."""
    holding = [hit._replace(mode="on") for hit in hits]
    return {
        "marked": marked(text, tuple(holding), LONGEST),
        "holding": list(dict.fromkeys((str(h), h.screener) for h in hits if h.holds)),
        "shadow": list(dict.fromkeys((str(h), h.screener) for h in hits if not h.holds)),
    }
