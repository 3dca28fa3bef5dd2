"""The link screeners.

Settings of a link screener:
  domains   [domain]   blocked, with their subdomains; ".xyz" blocks a whole ending
  most      number     an entry with more links than this is held; left out: any number passes
  unless    [forms]    words that excuse the whole entry (a warning names the bad domain)
"""

import re
from collections.abc import Iterator
from itertools import islice

from console.language import N_
from console.screening.reading import Invalid, Reading, Span
from console.text.folding import fold
from console.text.links import LINKS_AT_MOST, Link, domain_of, is_under, links_in

_DOMAIN = re.compile(r"\.?[^\W_][\w.-]*")


def links(reading: Reading) -> list[Link]:
    """The links in the text, then the entry's other links: each domain once, with the span 0 to 0."""
    if reading.links is None:
        reading.links = _found(reading)
    return reading.links


def _found(reading: Reading) -> list[Link]:
    inside = list(islice(links_in(reading.plain), LINKS_AT_MOST))
    known = {link.domain for link in inside}
    others = {
        link.domain: Link(link.domain, 0, 0)
        for url in reading.context.links[:LINKS_AT_MOST]
        for link in links_in(fold(str(url)[:2000]))
        if link.domain not in known
    }
    return inside + list(others.values())


class Links:
    def __init__(self, name: str, settings: dict):
        self._domains = frozenset(_checked(name, domain) for domain in settings.get("domains", ()))
        self._most = settings.get("most")
        self._unless = frozenset(map(fold, settings.get("unless", ())))
        if self._most is not None and (not isinstance(self._most, int) or self._most < 0):
            raise Invalid(
                N_("{screener}: “most” must be a whole number"), screener=name, key="most"
            )
        if not self._domains and self._most is None:
            raise Invalid(
                N_("{screener}: neither domains nor a number of links"),
                screener=name,
                key="domains",
            )

    def find(self, reading: Reading) -> Iterator[Span]:
        all_links = links(reading)
        if not all_links or not self._unless.isdisjoint(reading.words):
            return
        for link in all_links:
            if is_under(link.domain, self._domains):
                span = reading.span(link.start, link.end) if link.end else (0, 0)
                yield Span(*span, link.domain)
        if self._most is not None and len(all_links) > self._most:
            yield Span(0, 0, str(len(all_links)))


def _checked(name: str, domain: str) -> str:
    folded = fold(str(domain)).strip().removeprefix("www.")
    if not _DOMAIN.fullmatch(folded):
        raise Invalid(
            N_("{screener}: “{domain}” is not a domain"),
            screener=name,
            key="domains",
            domain=domain,
        )
    return "." + folded[1:] if folded.startswith(".") else domain_of(folded)
