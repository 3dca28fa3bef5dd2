"""The HTML of the cards in lists, kept under all that it shows.

Fifty cards take longer to render than to fetch (docs/performance.md), and colleagues look at the same
ones all day. A kept card is never stale: what changes the card changes its key.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from secrets import token_hex
from sys import getsizeof
from threading import Lock
from time import monotonic
from typing import NamedTuple

from flask import current_app, g
from markupsafe import Markup

from console import clock
from console.language import language
from console.queue.cards import Card, CardRule

# In a process: what colleagues look at in a day is some hundred cards of about 15 kB, key included.
MAX_BYTES = 16 * 1024 * 1024

# They stand in a kept card where the page's form fields and the relative time go. They are random,
# so that no text of a card contains them.
FORM_FIELDS_GAP, TIME_GAP = token_hex(16), token_hex(16)

ASTRAL = re.compile("[\U00010000-\U0010ffff]")

KEPT_WHOLE = 1000  # characters of an entry in a key; more of them are digested

BOUNDED = 6 * 1024  # bytes of the part of a key that is so called: measuring it takes longer

Fragment = tuple[Markup, Markup, Markup]


class Key(NamedTuple):
    """All that a card shows in a list."""

    bounded: tuple
    unbounded: tuple  # hits and reports: as many as there are


@dataclass(slots=True)
class Kept:
    fragment: Fragment
    size: int
    used: float


class Fragments:
    """Cards by their keys, within so many bytes: what was not asked for the longest goes (LRU)."""

    def __init__(self, max_bytes: int):
        self.max_bytes = max_bytes
        self.bytes = 0
        self._kept: dict[Key, Kept] = {}
        self._changing = Lock()

    def get(self, key: Key) -> Fragment | None:
        kept = self._kept.get(key)
        if kept is None:
            return None
        kept.used = monotonic()
        return kept.fragment

    def keep(self, key: Key, fragment: Fragment) -> None:
        size = BOUNDED + _size(key.unbounded) + _size(fragment)
        with self._changing:
            if key in self._kept:  # another thread was quicker
                return
            self._kept[key] = Kept(fragment, size, monotonic())
            self.bytes += size
            if self.bytes > self.max_bytes:
                self._make_room()

    def _make_room(self) -> None:
        """Drops a quarter at once, so that the order is worked out seldom."""
        for key in sorted(self._kept, key=lambda key: self._kept[key].used):
            self.bytes -= self._kept.pop(key).size
            if self.bytes <= self.max_bytes * 3 // 4:
                break


def _size(values: tuple) -> int:
    """Bytes in memory of all that a tuple holds."""
    inner = [value for value in values if isinstance(value, tuple)]
    return sum(map(getsizeof, values)) + sum(map(_size, inner))


_fragments = Fragments(MAX_BYTES)


def cards_html(cards: list[Card], context: dict) -> Iterator[str]:
    """The cards of a list, in pieces that follow each other; `context` is that of `card_context`.

    The pieces are not joined and have no astral characters: a single emoji would make Python keep
    the whole page in four bytes a character, and every copy of it slow.
    """
    for card in cards:
        head, middle, end = _kept(card, context["group_names"])
        yield from (head, clock.relative(card.entry.created, g.now), middle)
        yield from (context["form_fields"], end)


def _kept(card: Card, group_names: dict[int, str]) -> Fragment:
    key = _key(card, group_names[card.entry.group_id])
    fragment = _fragments.get(key)
    if fragment is None:
        fragment = _rendered(card, group_names)
        _fragments.keep(key, fragment)
    return fragment


def _rendered(card: Card, group_names: dict[int, str]) -> Fragment:
    """The card before, between and after its two gaps."""
    html = current_app.jinja_env.get_template("queue/card/_card.html").render(
        card=card, group_names=group_names, form_fields=FORM_FIELDS_GAP, relative_time=TIME_GAP
    )
    head, rest = ASTRAL.sub(_as_reference, html).split(TIME_GAP, 1)
    middle, end = rest.split(FORM_FIELDS_GAP, 1)
    return Markup(head), Markup(middle), Markup(end)


@lru_cache(maxsize=256)
def rule_buttons(verb: str, rules: tuple[CardRule, ...], suggested: tuple[str, ...]) -> Markup:
    """A button for each rule: nearly all cards of a group have the same ones."""
    template = current_app.jinja_env.get_template("queue/card/_rule_buttons.html")
    return Markup(template.render(verb=verb, rules=rules, suggested=suggested))


def _as_reference(character: re.Match) -> str:
    return f"&#{ord(character[0])};"


def _key(card: Card, group_name: str) -> Key:
    """All that the template shows of a card in a list; long texts by their digest."""
    entry = card.entry
    if len(entry.text) + len(entry.links) + len(entry.media) > KEPT_WHOLE:
        long = entry.text, entry.links, entry.media
        text, links, media = (blake2b(each.encode(), digest_size=16).hexdigest() for each in long)
        entry = entry._replace(text=text, links=links, media=media)
    bounded = (
        language.get(),
        group_name,
        entry,
        card.rules,
        card.past,
        card.tags,
        card.pictures,
        card.is_below_removed,
    )
    return Key(bounded, (card.hits, card.reports))
