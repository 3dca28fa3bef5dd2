"""What screeners found in a text, to be shown: the text with its marks, and the reasons."""

from console.screening.engine import Found
from console.screening.hits import Hit, marked
from models import Screener

LONGEST = 1200  # longer texts are cut around what was found


def shown(text: str, found: list[Found]) -> dict:
    """The text with its marks, and why: what holds, and what is in the shadow."""
    hits = [_hit(each) for each in found]
    alone = [hit._replace(mode=Screener.ON) for hit in hits]
    return {
        "marked": marked(text, tuple(alone), LONGEST),
        "holding": list(dict.fromkeys((str(h), h.screener) for h in hits if h.holds)),
        "shadow": list(dict.fromkeys((str(h), h.screener) for h in hits if not h.holds)),
    }


def _hit(of: Found) -> Hit:
    span = of.start, of.end, of.form, of.base, of.cue
    return Hit(*span, of.mode, of.kind, of.screener, of.rule, of.version)
