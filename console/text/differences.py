"""The difference between two versions of a text, word by word.

Texts may be made to be slow to compare, so time and output are bounded: if there are too many words,
sentences are compared; if these are too many as well, the whole text is replaced by the other.
"""

import re
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from rapidfuzz.distance import Indel, Opcode, Postfix, Prefix

from console.text.excerpts import WIDTH, excerpt, reach

SAME, OUT, IN = "same", "out", "in"
MAX_CELLS = 10_000**2  # tokens of one text times those of the other, from first to last change
MAX_PIECES = 1000  # a page shows up to fifty differences
CONTEXT = 2  # lines that are kept at each end of a long unchanged piece
LINES = 40  # of all that is shown of one difference

WORD = re.compile(r"\w+|\s+|[^\w\s]+")
SENTENCE = re.compile(r"[^.!?\n]+[.!?\s]*|[.!?\n]+")
WHOLE = re.compile(r".+", re.DOTALL)


class Piece(NamedTuple):
    kind: str  # SAME, OUT (removed) or IN (inserted)
    text: str


def difference(before: str, after: str) -> list[Piece]:
    """The pieces that make up both texts, in order."""
    for token in (WORD, SENTENCE, WHOLE):
        old, new = token.findall(before), token.findall(after)
        if _cells(old, new) <= MAX_CELLS:
            pieces = list(_pieces(old, new))
            if len(pieces) <= MAX_PIECES:
                break
    return pieces


def shortened(pieces: list[Piece]) -> list[Piece]:
    """The pieces, as much as fits LINES: long unchanged ones keep only their ends."""
    short = [
        Piece(kind, _ends(text) if kind == SAME else excerpt(text, LINES // 2 - CONTEXT))
        for kind, text in pieces
    ]
    room = reach("".join(text for _kind, text in short), LINES)
    kept: list[Piece] = []
    for kind, text in short:
        kept.append(Piece(kind, text[:room]))
        room -= len(text)
        if room < 0:
            return [*kept, Piece(SAME, "…")]
    return kept


def _ends(text: str) -> str:
    if reach(text, 3 * CONTEXT) == len(text):
        return text
    last = text[: -CONTEXT * WIDTH : -1]  # read backwards
    return f"{text[: reach(text, CONTEXT)]} … {text[-reach(last, CONTEXT) :]}"


def _cells(old: list[str], new: list[str]) -> int:
    """The cost of the comparison in time and memory, without the common beginning and end."""
    start = Prefix.similarity(old, new)
    common = start + Postfix.similarity(old[start:], new[start:])
    return (len(old) - common) * (len(new) - common)


def _pieces(old: list[str], new: list[str]) -> Iterator[Piece]:
    """Removed text, then what replaces it. Changes with only a space between them are joined."""

    def is_same(step: Opcode) -> bool:
        text = "".join(old[step.src_start : step.src_end])
        joins = text.isspace() and step.src_start > 0 and step.src_end < len(old)
        return step.tag == "equal" and not joins

    for same, steps in groupby(Indel.opcodes(old, new), key=is_same):
        run = list(steps)
        removed = "".join(old[run[0].src_start : run[-1].src_end])
        inserted = "".join(new[run[0].dest_start : run[-1].dest_end])
        pieces = [(SAME, removed)] if same else [(OUT, removed), (IN, inserted)]
        yield from (Piece(kind, text) for kind, text in pieces if text)
