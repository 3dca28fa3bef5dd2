"""Cues: lists of words beside which an ambiguous word counts as a hit. Loads builtin.json."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from console.text.folding import fold

DEFAULT_CUES = ("address", "official", "intensifier", "second")
DISTANCE = 6  # words from the hit, for cues without a distance of their own
NEAR = 3  # words from the hit, for words that excuse it
BUILTIN = Path(__file__).with_name("builtin.json")


@dataclass(frozen=True, slots=True)
class Cue:
    words: frozenset[str]  # folded
    before: int  # how many words before the hit they count
    after: int


@cache
def data() -> dict:
    return json.loads(BUILTIN.read_text(encoding="utf-8"))


@cache
def cues() -> dict[str, Cue]:
    return {
        name: Cue(frozenset(map(fold, cue["words"])), cue["before"], cue["after"])
        for name, cue in data()["cues"].items()
    }
