"""Texts as people write them here: the demonstration's sentences, put together anew."""

import json
import re
from collections.abc import Iterator
from random import Random

from console.demo import HERE

_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")


def sentences() -> list[str]:
    """Every sentence of the demonstration's week, once."""
    with open(HERE / "week.jsonl", encoding="utf-8") as week:
        texts = [json.loads(line)["data"].get("text", "") for line in week]
    parts = (part.strip() for text in texts for part in _SENTENCE.split(text))
    return sorted({part for part in parts if len(part.split()) >= 3})


def texts(rng: Random) -> Iterator[str]:
    """Endless texts of 20 to 30 words."""
    known = sentences()
    while True:
        words: list[str] = []
        while len(words) < 20:
            words += rng.choice(known).split()
        yield " ".join(words[: rng.randint(20, 30)])
