"""Screening: text in, matches out. Pure; compiled once, used for many texts, by many threads.

The settings of each kind are described where it is built: words.py, patterns.py, links.py,
personal.py, behaviour.py.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from console.language import N_
from console.screening.behaviour import Newcomer, Repeat, Shouting
from console.screening.links import Links
from console.screening.patterns import Patterns
from console.screening.personal import PersonalData
from console.screening.reading import Hit, Invalid, Reading
from console.screening.words import Lexicon

_BUILDERS = {
    "link": Links,
    "repeat": Repeat,
    "newcomer": Newcomer,
    "personal-data": PersonalData,
    "shouting": Shouting,
}
_TOGETHER = {"words": Lexicon, "pattern": Patterns}  # all screeners of the kind in one pass
KINDS = (*_TOGETHER, *_BUILDERS)
MODES = ("on", "shadow", "off")
FOUND_AT_MOST = 20  # by one screener in one entry: a person reads them
LONGEST_FORM = 200


@dataclass(frozen=True)
class Spec:
    """One screener, as stored."""

    id: int | None
    name: str
    kind: str
    mode: str
    version: int
    rule: str
    settings: dict = field(hash=False)


@dataclass(frozen=True)
class Recent:
    """An earlier entry in the same group."""

    text: str
    hours_ago: float
    same_author: bool


@dataclass(frozen=True)
class Context:
    links: tuple[str, ...] = ()
    earlier_posts: int | None = None  # None: unknown
    recent: tuple[Recent, ...] = ()


@dataclass(frozen=True)
class Found:
    screener_id: int | None
    screener: str
    version: int
    kind: str
    mode: str
    rule: str
    start: int  # in code points of the original text; 0, 0 when about the whole entry
    end: int
    form: str
    base: str
    cue: str = ""


_NOTHING = Context()


class Screening:
    def __init__(self, specs: Iterable[Spec]):
        specs = [spec for spec in specs if _checked(spec).mode != "off"]
        self._together = []
        for kind, build in _TOGETHER.items():
            of_kind = [spec for spec in specs if spec.kind == kind]
            self._together.append((of_kind, build([(s.name, s.settings) for s in of_kind])))
        self._others = [
            (spec, _BUILDERS[spec.kind](spec.name, spec.settings))
            for spec in specs
            if spec.kind in _BUILDERS
        ]

    def run(self, text: str, context: Context = _NOTHING) -> list[Found]:
        reading = Reading(text, context)
        found = self._found_together(reading)
        for spec, screener in self._others:
            for count, hit in enumerate(screener.find(reading)):
                if count == FOUND_AT_MOST:
                    break
                found.append(_found(spec, text, hit))
        return sorted(found, key=lambda item: (item.start, item.end)) if found else found

    def _found_together(self, reading: Reading) -> list[Found]:
        found = []
        for specs, finder in self._together:
            counts, last = Counter(), {}
            for number, hit in finder.find(reading):
                # What lies within a match of the same screener says nothing new.
                start, end = last.get(number, (0, 0))
                if counts[number] < FOUND_AT_MOST and not start <= hit.start < hit.end <= end:
                    counts[number] += 1
                    last[number] = hit.start, hit.end
                    found.append(_found(specs[number], reading.text, hit))
        return found


def holds(found: Iterable[Found]) -> bool:
    return any(item.mode == "on" for item in found)


def _checked(spec: Spec) -> Spec:
    if spec.kind not in KINDS:
        raise Invalid(N_("{screener}: unknown kind “{kind}”"), screener=spec.name, kind=spec.kind)
    if spec.mode not in MODES:
        raise Invalid(N_("{screener}: unknown mode “{mode}”"), screener=spec.name, mode=spec.mode)
    if not isinstance(spec.settings, dict):
        raise Invalid(N_("{screener}: the settings are not a table"), screener=spec.name)
    return spec


def _found(spec: Spec, text: str, hit: Hit) -> Found:
    end = min(hit.end, hit.start + LONGEST_FORM)
    return Found(
        spec.id,
        spec.name,
        spec.version,
        spec.kind,
        spec.mode,
        spec.rule,
        hit.start,
        end,
        text[hit.start : end],
        hit.base[:LONGEST_FORM],
        hit.cue[:LONGEST_FORM],
    )
