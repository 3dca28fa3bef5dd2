"""The pattern screeners: operators' expressions, on RE2, so that none can hang the system.

Settings of a pattern screener:
  patterns   {name: expression}   matched against the folded text: case and diacritics do not count
  unless     [forms]              words that excuse the whole entry
"""

from collections.abc import Iterator

import re2

from console.screening.folding import fold
from console.screening.reading import Hit, Invalid, Reading

_MARKED = "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ"
_UNMARKED = str.maketrans(_MARKED, "acelnoszzACELNOSZZ")
_LONGEST = 10_000


class Patterns:
    def __init__(self, name: str, settings: dict):
        patterns = settings.get("patterns")
        if not isinstance(patterns, dict) or not patterns:
            raise Invalid("{screener}: there are no patterns to look for", screener=name)
        self._patterns = [(key, _compiled(name, text)) for key, text in patterns.items()]
        # One pass says which of them occur at all.
        self._any = re2.Set.SearchSet(_options())
        for text in patterns.values():
            self._any.Add(_prepared(text))
        self._any.Compile()
        self._unless = frozenset(map(fold, settings.get("unless", ())))

    def find(self, reading: Reading) -> Iterator[Hit]:
        matching = self._any.Match(reading.plain)
        if not matching or not self._unless.isdisjoint(reading.words):
            return
        for number in matching:
            name, pattern = self._patterns[number]
            for match in pattern.finditer(reading.plain):
                if match.end() > match.start():
                    yield Hit(*reading.span(*match.span()), name)


def _prepared(text: str) -> str:
    return text.translate(_UNMARKED)


def _options():
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    return options


def _compiled(name: str, text: str):
    if not isinstance(text, str) or not text.strip() or len(text) > _LONGEST:
        raise Invalid("{screener}: a pattern is empty or too long", screener=name)
    try:
        pattern = re2.compile(_prepared(text), _options())
    except re2.error as error:
        reason = error.args[0]
        reason = reason.decode() if isinstance(reason, bytes) else str(reason)
        raise Invalid(
            "{screener}: the pattern “{pattern}” cannot be used: {reason}",
            screener=name,
            pattern=text,
            reason=reason,
        ) from None
    if pattern.search(""):
        raise Invalid(
            "{screener}: the pattern “{pattern}” matches every entry", screener=name, pattern=text
        )
    return pattern
