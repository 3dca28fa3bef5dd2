"""The screeners that judge how an entry is published. Their hits are about the whole entry.

repeat     hours    how far back to look (24)
           times    how many earlier entries with nearly the same text are needed (1)
           same_author   count only the author's own (false)
newcomer   entries  a profile with fewer earlier entries is new (3)
           with     what the entry must contain: "link", "phone", or []: anything (["link"])
           trusted  [domain] links that do not count
shouting   letters  entries with fewer letters are ignored (40)
           share    the share of capitals from which on it is a hit (0.7)
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from console.language import N_
from console.screening.links import links
from console.screening.personal import phones
from console.screening.reading import Invalid, Reading, Span
from console.text.folding import fold, tokens
from console.text.links import is_under

if TYPE_CHECKING:  # the engine imports this module
    from console.screening.engine import Recent

_FEWEST_WORDS = 5  # "dziękuję bardzo" is not spam
COMPARED = 5000  # characters of each text, since twenty of the longest would take a second
_ALIKE = 0.85  # the share of words that two texts must have in common


def _number(name: str, settings: dict, key: str, default: float, least: float = 1) -> float:
    value = settings.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or value < least:
        raise Invalid(
            N_("{screener}: “{key}” must be a number, {least} or more"),
            screener=name,
            key=key,
            least=least,
        )
    return value


class Repeat:
    def __init__(self, name: str, settings: dict):
        self._hours = _number(name, settings, "hours", 24)
        self._times = _number(name, settings, "times", 1)
        self._same_author = bool(settings.get("same_author", False))

    def find(self, reading: Reading) -> Iterator[Span]:
        if len(reading.tokens) < _FEWEST_WORDS or not reading.context.recent:
            return
        earlier = [recent for recent in reading.context.recent if self._counts(recent)]
        words = _words(reading.text[:COMPARED])
        alike = sum(_alike(words, _words(recent.text)) for recent in earlier)
        if alike >= self._times:
            yield Span(0, 0, str(alike))

    def _counts(self, recent: "Recent") -> bool:
        return recent.hours_ago <= self._hours and (recent.same_author or not self._same_author)


@lru_cache(maxsize=64)  # whoever repeats a text is compared with the same ones each time
def _words(beginning: str) -> frozenset[str]:
    return frozenset([word for word, _, _ in tokens(fold(beginning))])


def _alike(words: frozenset[str], others: frozenset[str]) -> bool:
    return len(words & others) >= _ALIKE * len(words | others)


class Newcomer:
    def __init__(self, name: str, settings: dict):
        self._entries = _number(name, settings, "entries", 3)
        self._with = settings.get("with", ["link"])
        self._trusted = frozenset(settings.get("trusted", ()))
        if not set(self._with) <= {"link", "phone"}:
            raise Invalid(N_("{screener}: “with” may name link and phone"), screener=name)

    def find(self, reading: Reading) -> Iterator[Span]:
        earlier = reading.context.earlier_posts
        if earlier is None or earlier >= self._entries:
            return
        if not self._with or any(self._contains(reading, what) for what in self._with):
            yield Span(0, 0, str(earlier))

    def _contains(self, reading: Reading, what: str) -> bool:
        if what == "phone":
            return any(phones(reading.plain))
        return any(not is_under(link.domain, self._trusted) for link in links(reading))


class Shouting:
    def __init__(self, name: str, settings: dict):
        self._letters = _number(name, settings, "letters", 40)
        self._share = _number(name, settings, "share", 0.7, least=0.1)

    def find(self, reading: Reading) -> Iterator[Span]:
        if not _CAPITALS.search(reading.text):
            return
        capitals = len(_CAPITAL.findall(reading.text))
        letters = capitals + len(_SMALL.findall(reading.text))
        if letters >= self._letters and capitals >= self._share * letters:
            yield Span(0, 0, f"{100 * capitals // letters} %")


_CAPITAL = re.compile(r"[A-ZĄĆĘŁŃÓŚŹŻА-ЯІЇЄҐ]")
_CAPITALS = re.compile(_CAPITAL.pattern * 2)
_SMALL = re.compile(r"[a-ząćęłńóśźżа-яіїєґ]")
