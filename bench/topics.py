"""How well topics are guessed: python -m bench.topics FILE, a CSV of text, unit_kind and topic.

Only posts that nobody had looked at while the cues were chosen say how it will do on new ones.
"""

import csv
import sys
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from console.text.topics import guess
from models import Entry


class Figures(NamedTuple):
    confusion: Counter[tuple[str, str]]  # (topic, guess): number of posts

    @property
    def accuracy(self) -> float:
        right = sum(self.confusion[topic, topic] for topic in Entry.TOPICS)
        return right / self.confusion.total()

    @property
    def safety_recall(self) -> float:
        """Of the posts on safety, the share that was guessed so."""
        return self._safety / sum(self.confusion["safety", guessed] for guessed in Entry.TOPICS)

    @property
    def safety_precision(self) -> float:
        """Of the posts that were guessed to be on safety, the share that is."""
        return self._safety / sum(self.confusion[topic, "safety"] for topic in Entry.TOPICS)

    @property
    def _safety(self) -> int:
        return self.confusion["safety", "safety"]


def measure(path: Path) -> Figures:
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return Figures(Counter((row["topic"], guess(row["text"], row["unit_kind"])) for row in rows))


def show(figures: Figures) -> None:
    print(f"posts             {figures.confusion.total()}")
    print(f"accuracy          {figures.accuracy:.3f}")
    print(f"safety recall     {figures.safety_recall:.3f}")
    print(f"safety precision  {figures.safety_precision:.3f}\n")
    print("Each line a topic, each column a guess:")
    print("".join(name.rjust(11) for name in ("", *Entry.TOPICS)))
    for topic in Entry.TOPICS:
        counts = (figures.confusion[topic, guessed] for guessed in Entry.TOPICS)
        print(topic.rjust(11), *(str(count).rjust(10) for count in counts))


if __name__ == "__main__":
    show(measure(Path(sys.argv[1])))
