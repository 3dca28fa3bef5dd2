"""What an edit changed in a text, word by word.

Not difflib: a text of 800 words can be written for which it needs seconds, and authors here mean
harm. This is Myers' search for the shortest edit, given up after EDITS words; its time is bounded.
"""

import re
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

SAME, OUT, IN = "same", "out", "in"
EDITS = 300  # words taken out and put in; a text changed more than that is simply another text
WORDS = 6000  # looked through between the first and the last change
AROUND = 160  # characters that stand for a long stretch without a change, at each end of it

TOKEN = re.compile(r"\w+|\s+|[^\w\s]+")


class Piece(NamedTuple):
    kind: str
    text: str


def difference(before: str, after: str) -> list[Piece] | None:
    """The pieces of both texts in order; None when the texts have too little in common."""
    old, new = TOKEN.findall(before), TOKEN.findall(after)
    start = _common(old, new)
    end = _common(old[start:][::-1], new[start:][::-1])
    head, tail = old[:start], old[len(old) - end :]
    old, new = old[start : len(old) - end], new[start : len(new) - end]
    if len(old) + len(new) > WORDS:
        return None
    steps = _shortest_edit(old, new)
    if steps is None:
        return None
    steps = [*((SAME, word) for word in head), *steps, *((SAME, word) for word in tail)]
    return [
        Piece(kind, "".join(text for _kind, text in run))
        for kind, run in groupby(_regions(steps), key=lambda piece: piece[0])
    ]


def shortened(pieces: list[Piece]) -> list[Piece]:
    """The same with long unchanged stretches cut to their ends."""
    return [Piece(kind, _ends(text) if kind == SAME else text) for kind, text in pieces]


def _ends(text: str) -> str:
    return text if len(text) <= 3 * AROUND else f"{text[:AROUND]} … {text[-AROUND:]}"


def _common(old: list[str], new: list[str]) -> int:
    """How many words both begin with."""
    pairs = enumerate(zip(old, new, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(old), len(new)))


def _shortest_edit(old: list[str], new: list[str]) -> list[tuple[str, str]] | None:
    """Per number of edits, how far into the old text each diagonal gets; then the way back."""
    furthest, rounds = {1: 0}, []
    for edits in range(EDITS + 1):
        rounds.append(furthest.copy())
        for diagonal in range(-edits, edits + 1, 2):
            x = _entered(furthest, diagonal, edits)
            y = x - diagonal
            while x < len(old) and y < len(new) and old[x] == new[y]:
                x, y = x + 1, y + 1
            furthest[diagonal] = x
            if x >= len(old) and y >= len(new):
                return list(_way_back(old, new, rounds))[::-1]
    return None


def _entered(furthest: dict[int, int], diagonal: int, edits: int) -> int:
    """Where a diagonal is entered: by putting a word in, or by taking one out."""
    if _puts_in(furthest, diagonal, edits):
        return furthest[diagonal + 1]
    return furthest[diagonal - 1] + 1


def _puts_in(furthest: dict[int, int], diagonal: int, edits: int) -> bool:
    if abs(diagonal) == edits:
        return diagonal == -edits
    return furthest[diagonal - 1] < furthest[diagonal + 1]


def _way_back(old: list[str], new: list[str], rounds: list) -> Iterator[tuple[str, str]]:
    x, y = len(old), len(new)
    for edits in range(len(rounds) - 1, 0, -1):
        diagonal = x - y
        entered = _entered(rounds[edits], diagonal, edits)
        while x > entered:
            x, y = x - 1, y - 1
            yield SAME, old[x]
        if _puts_in(rounds[edits], diagonal, edits):
            y -= 1
            yield IN, new[y]
        else:
            x -= 1
            yield OUT, old[x]
    yield from ((SAME, word) for word in old[:x][::-1])


def _regions(steps: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """What was taken out, then what stands for it; a space between two such changes joins them."""
    out = put = gap = ""
    for kind, word in steps:
        if kind == OUT:
            out, put, gap = out + gap + word, put + gap, ""
        elif kind == IN:
            out, put, gap = out + gap, put + gap + word, ""
        elif out and put and word.isspace():
            gap += word
        else:
            yield from _change(out, put)
            yield SAME, gap + word
            out = put = gap = ""
    yield from _change(out, put)
    if gap:
        yield SAME, gap


def _change(out: str, put: str) -> Iterator[tuple[str, str]]:
    if out:
        yield OUT, out
    if put:
        yield IN, put
