"""The pattern screeners: regular expressions on RE2, whose run time is linear in the text.

Settings of a pattern screener:
  patterns   {name: expression}   matched against the folded text: case and diacritics do not count
  unless     [forms]              words that excuse the whole entry
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any

import re2

from console.language import N_
from console.screening.reading import MAX_HITS, Invalid, Reading, Span
from console.text.folding import fold

_MARKED = "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ"
_UNMARKED = str.maketrans(_MARKED, "acelnoszzACELNOSZZ")
_LONGEST = 10_000


class Patterns:
    """All pattern screeners of a screening. `screeners` are (name, settings)."""

    def __init__(self, screeners: list[tuple[str, dict]]):
        self._patterns = []
        self._unless = [frozenset(map(fold, s.get("unless", ()))) for _, s in screeners]
        # A prefilter: in one pass it finds the patterns whose required letters occur in the text.
        self._filter = re2.Filter()
        for number, (name, settings) in enumerate(screeners):
            for key, text in _checked(name, settings).items():
                self._patterns.append((number, key, _compiled(name, text)))
                self._filter.Add(_without_diacritics(text), _options())
        if screeners:
            self._filter.Compile()

    def find(self, reading: Reading) -> Iterator[tuple[int, Span]]:
        """(number of the screener, hit)"""
        possible = self._filter.Match(reading.plain, potential=True) if self._patterns else None
        for index in sorted(possible or ()):
            number, name, pattern = self._patterns[index]
            for match in islice(pattern.finditer(reading.plain), MAX_HITS):
                if not self._unless[number].isdisjoint(reading.words):
                    break
                if match.end() > match.start():
                    yield number, Span(*reading.span(*match.span()), name)


def _checked(name: str, settings: dict) -> dict[str, str]:
    patterns = settings.get("patterns")
    if not isinstance(patterns, dict) or not patterns:
        raise Invalid(
            N_("{screener}: there are no patterns to look for"), screener=name, key="patterns"
        )
    return patterns


def _without_diacritics(text: str) -> str:
    return text.translate(_UNMARKED)


def _options():
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    return options


def _compiled(name: str, text: str) -> Any:
    if not isinstance(text, str) or not text.strip() or len(text) > _LONGEST:
        raise Invalid(
            N_("{screener}: a pattern is empty or too long"), screener=name, key="patterns"
        )
    try:
        pattern = re2.compile(_without_diacritics(text), _options())
    except re2.error as error:
        reason = error.args[0]
        reason = reason.decode() if isinstance(reason, bytes) else str(reason)
        raise Invalid(
            N_("{screener}: the pattern “{pattern}” cannot be used: {reason}"),
            screener=name,
            key="patterns",
            pattern=text,
            reason=reason,
        ) from None
    if pattern.search(""):
        raise Invalid(
            N_("{screener}: the pattern “{pattern}” matches every entry"),
            screener=name,
            key="patterns",
            pattern=text,
        )
    return pattern
