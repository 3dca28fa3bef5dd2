"""The screening engine: compiles screeners, then finds their hits in texts.

It is pure and thread-safe. The settings of each kind of screener are described in its module: words.py,
patterns.py, links.py, personal.py, behaviour.py.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Protocol

from console.language import N_
from console.screening.behaviour import Newcomer, Repeat, Shouting
from console.screening.hits import Hit
from console.screening.links import Links
from console.screening.patterns import Patterns
from console.screening.personal import PersonalData
from console.screening.reading import MAX_HITS, Invalid, Reading, Span
from console.screening.words import Lexicon


class Finder(Protocol):
    def find(self, reading: Reading) -> Iterator[Span]: ...


class JointFinder(Protocol):
    def find(self, reading: Reading) -> Iterator[tuple[int, Span]]:
        """(place of the screener among those it was built from, hit)"""


_PURE: dict[str, Callable[[str, dict], Finder]] = {
    "link": Links,
    "personal-data": PersonalData,
    "shouting": Shouting,
}
# They need the author's earlier entries, or those with the same text.
_IN_CONTEXT: dict[str, Callable[[str, dict], Finder]] = {"repeat": Repeat, "newcomer": Newcomer}
# All screeners of such a kind in one pass, built from their names and settings.
_TOGETHER: dict[str, Callable[[list[tuple[str, dict]]], JointFinder]] = {
    "words": Lexicon,
    "pattern": Patterns,
}
SCREENER_KINDS = *_TOGETHER, *_PURE, *_IN_CONTEXT
MODES = ("on", "shadow", "off")
LONGEST_FORM = 200


@dataclass(frozen=True)
class Spec:
    """A screener's definition; `id` is None before it is saved."""

    id: int | None
    name: str
    kind: str
    mode: str
    version: int
    rule: str
    settings: dict = field(hash=False)


@dataclass(frozen=True)
class Recent:
    """An earlier entry with the same author or text."""

    text: str
    hours_ago: float
    same_author: bool


@dataclass(frozen=True)
class Context:
    """What some kinds of screener need to know beside the text."""

    links: tuple[str, ...] = ()
    earlier_posts: int | None = None  # None: unknown
    recent: tuple[Recent, ...] = ()


_NOTHING = Context()
Built = list[tuple[Spec, Finder]]


class Screening:
    """Compiled screeners, without those that are off. Raises Invalid for unusable settings."""

    def __init__(self, specs: Iterable[Spec]):
        specs = [spec for spec in specs if _checked(spec).mode != "off"]
        self._together: list[tuple[list[Spec], JointFinder]] = []
        for kind, build in _TOGETHER.items():
            of_kind = [spec for spec in specs if spec.kind == kind]
            self._together.append((of_kind, build([(s.name, s.settings) for s in of_kind])))
        self._pure = _built(_PURE, specs)
        self._in_context = _built(_IN_CONTEXT, specs)

    def run(self, text: str, context: Context = _NOTHING) -> list[Hit]:
        """The hits of all screeners in the order of the text; those on trial too."""
        reading = Reading(text, context)
        return in_order(self.run_pure(reading) + self.run_in_context(reading))

    def run_pure(self, reading: Reading) -> list[Hit]:
        """The hits of those that only read the entry itself; of the context, its links."""
        return self._hits_together(reading) + _hits(self._pure, reading)

    def run_in_context(self, reading: Reading) -> list[Hit]:
        """The hits of those that compare it with other entries."""
        return _hits(self._in_context, reading)

    def _hits_together(self, reading: Reading) -> list[Hit]:
        hits = []
        for specs, finder in self._together:
            counts: Counter[int] = Counter()
            last: dict[int, tuple[int, int]] = {}
            for number, span in finder.find(reading):
                # A hit within the screener's hit before it adds nothing.
                start, end = last.get(number, (0, 0))
                if counts[number] < MAX_HITS and not start <= span.start < span.end <= end:
                    counts[number] += 1
                    last[number] = span.start, span.end
                    hits.append(_hit(specs[number], reading.text, span))
        return hits


def in_order(hits: list[Hit]) -> list[Hit]:
    return sorted(hits, key=lambda item: (item.start, item.end)) if hits else hits


def _built(builders: dict[str, Callable[[str, dict], Finder]], specs: list[Spec]) -> Built:
    of_kinds = [spec for spec in specs if spec.kind in builders]
    return [(spec, builders[spec.kind](spec.name, spec.settings)) for spec in of_kinds]


def _hits(screeners: Built, reading: Reading) -> list[Hit]:
    return [
        _hit(spec, reading.text, span)
        for spec, screener in screeners
        for span in islice(screener.find(reading), MAX_HITS)
    ]


def _checked(spec: Spec) -> Spec:
    if spec.kind not in SCREENER_KINDS:
        raise Invalid(N_("{screener}: unknown kind “{kind}”"), screener=spec.name, kind=spec.kind)
    if spec.mode not in MODES:
        raise Invalid(N_("{screener}: unknown mode “{mode}”"), screener=spec.name, mode=spec.mode)
    if not isinstance(spec.settings, dict):
        raise Invalid(N_("{screener}: the settings are not a table"), screener=spec.name)
    return spec


def _hit(spec: Spec, text: str, span: Span) -> Hit:
    end = min(span.end, span.start + LONGEST_FORM)
    return Hit(
        span.start,
        end,
        text[span.start : end],
        span.base[:LONGEST_FORM],
        span.cue[:LONGEST_FORM],
        spec.mode,
        spec.kind,
        spec.name,
        spec.rule,
        spec.version,
        spec.id,
    )
