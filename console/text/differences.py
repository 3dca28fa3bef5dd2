"""What an edit changed in a text, word by word.

Authors here mean harm, so the time and the length of the answer are bounded: where words are too
many, sentences are compared; where these are too many as well, one whole text stands for the other.
"""

import re
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from rapidfuzz.distance import Indel, Opcode, Postfix, Prefix

SAME, OUT, IN = "same", "out", "in"
MAX_CELLS = 10_000**2  # tokens of one text times those of the other, from first to last change
MAX_PIECES = 1000  # a page shows up to fifty such answers
AROUND = 160  # characters that stand for a long stretch without a change, at each end of it

WORD = re.compile(r"\w+|\s+|[^\w\s]+")
SENTENCE = re.compile(r"[^.!?\n]+[.!?\s]*|[.!?\n]+")
WHOLE = re.compile(r".+", re.DOTALL)


class Piece(NamedTuple):
    kind: str
    text: str


def difference(before: str, after: str) -> list[Piece]:
    """The pieces of both texts in order."""
    for token in (WORD, SENTENCE, WHOLE):
        old, new = token.findall(before), token.findall(after)
        if _cells(old, new) <= MAX_CELLS:
            pieces = list(_pieces(old, new))
            if len(pieces) <= MAX_PIECES:
                break
    return pieces


def shortened(pieces: list[Piece]) -> list[Piece]:
    """The same with long unchanged stretches cut to their ends."""
    return [Piece(kind, _ends(text) if kind == SAME else text) for kind, text in pieces]


def _ends(text: str) -> str:
    return text if len(text) <= 3 * AROUND else f"{text[:AROUND]} … {text[-AROUND:]}"


def _cells(old: list[str], new: list[str]) -> int:
    """What a comparison takes in time and memory; it skips the common beginning and end."""
    start = Prefix.similarity(old, new)
    common = start + Postfix.similarity(old[start:], new[start:])
    return (len(old) - common) * (len(new) - common)


def _pieces(old: list[str], new: list[str]) -> Iterator[Piece]:
    """What was taken out, then what stands for it; a space between two such changes joins them."""

    def stayed(step: Opcode) -> bool:
        text = "".join(old[step.src_start : step.src_end])
        joins = text.isspace() and step.src_start > 0 and step.src_end < len(old)
        return step.tag == "equal" and not joins

    for same, steps in groupby(Indel.opcodes(old, new), key=stayed):
        run = list(steps)
        out = "".join(old[run[0].src_start : run[-1].src_end])
        put = "".join(new[run[0].dest_start : run[-1].dest_end])
        pieces = [(SAME, out)] if same else [(OUT, out), (IN, put)]
        yield from (Piece(kind, text) for kind, text in pieces if text)
