"""The second cues that make an ambiguous word hold: who is addressed, who is meant, how."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from console.text.folding import fold

DEFAULT_CUES = ("address", "official", "intensifier", "second")
DISTANCE = 6  # words, for cues that have no distance of their own
NEAR = 3  # words, for what excuses a match
BUILTIN = Path(__file__).with_name("builtin.json")


@dataclass(frozen=True, slots=True)
class Cue:
    words: frozenset[str]
    before: int
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
