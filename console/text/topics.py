"""Guesses what a unit's post is about, from its words and the kind of unit that wrote it.

Each cue in the text adds its weight to a topic. The kind of unit adds some beforehand, so a post
without any cue has a topic too. The topic with the greatest sum is the guess; "safety" wins a tie.
"""

import tomllib
from collections import Counter, defaultdict
from pathlib import Path
from typing import NamedTuple

from console.text.folding import WORD, fold

READ = 1500  # characters, from the beginning: a post says first what it is about

# Of other topics the heaviest cues count, of safety all: who warns of a fire in a school names the
# school in many words.
MOST = 2

# What a kind of unit mostly writes about. A fire brigade's post is urgent until its words say
# otherwise.
USUAL = {
    "authority": {"official": 4},
    "auxiliary": {"community": 2, "official": 1},
    "education": {"education": 4},
    "culture": {"culture": 4},
    "sport": {"sport": 4},
    "safety": {"safety": 8},
    "welfare": {"welfare": 4},
    "health": {"welfare": 4},
    "utilities": {"utilities": 4},
    "ngo": {"community": 4},
}


class Cue(NamedTuple):
    number: int
    stem: str  # of its last word
    before: list[str]  # the stems of the words before that one
    topic: str
    weight: int


def _cues() -> dict[str, list[Cue]]:
    """The cues of topics.toml by the first four letters of their last word."""
    listed = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    cues = defaultdict(list)
    number = 0
    for topic, weights in listed.items():
        for weight, texts in weights.items():
            for text in texts.split(","):
                *before, stem = map(_stem, text.split())
                cues[stem[:4]].append(Cue(number, stem, before, topic, int(weight)))
                number += 1
    return dict(cues)


def _stem(word: str) -> str:
    """Of a word that ends there, with the space after it."""
    return word.removesuffix(".") + " " if word.endswith(".") or len(word) < 4 else word


CUES = _cues()


def guess(text: str, unit_kind: str) -> str:
    """One of Entry.TOPICS."""
    words = [word + " " for word in WORD.findall(fold(text[:READ])[:READ]) if len(word) > 2]
    found: dict[int, Cue] = {}
    for place, word in enumerate(words):
        for cue in CUES.get(word[:4], ()):
            if word.startswith(cue.stem) and (not cue.before or _is_led(words, place, cue.before)):
                found[cue.number] = cue
    weights = defaultdict(list)
    for cue in found.values():
        weights[cue.topic].append(cue.weight)
    sums = Counter(USUAL[unit_kind])
    for topic, each in weights.items():
        sums[topic] += sum(each if topic == "safety" else sorted(each)[-MOST:])
    return max(sums, key=lambda topic: (sums[topic], topic == "safety"))


def _is_led(words: list[str], place: int, stems: list[str]) -> bool:
    """Whether the words before this place begin with the stems, one each."""
    before = words[max(place - len(stems), 0) : place]
    return len(before) == len(stems) and all(map(str.startswith, before, stems))
