"""The HTML of the cards in lists, kept under all that it shows.

Fifty cards take longer to render than to fetch (docs/performance.md), and colleagues look at the same
ones all day. A kept card is never stale: what changes the card changes its key.
"""

import re
from collections.abc import Iterator
from hashlib import blake2b
from secrets import token_hex

from flask import current_app, g
from markupsafe import Markup

from console import clock
from console.language import language
from console.queue.cards import Card

MAX_FRAGMENTS = 2000  # about 10 kB each

# They stand in a kept card where the page's form fields and the relative time go. They are random,
# so that no text of a card contains them.
FORM_FIELDS_GAP, TIME_GAP = token_hex(16), token_hex(16)

ASTRAL = re.compile("[\U00010000-\U0010ffff]")

_fragments: dict[tuple, tuple[Markup, Markup, Markup]] = {}


def cards_html(cards: list[Card], context: dict) -> Iterator[str]:
    """The cards of a list, in pieces that follow each other; `context` is that of `card_context`.

    The pieces are not joined and have no astral characters: a single emoji would make Python keep
    the whole page in four bytes a character, and every copy of it slow.
    """
    for card in cards:
        head, middle, end = _kept(card, context["group_names"])
        yield from (head, clock.relative(card.entry.created, g.now), middle)
        yield from (context["form_fields"], end)


def _kept(card: Card, group_names: dict[int, str]) -> tuple[Markup, Markup, Markup]:
    key = _key(card, group_names[card.entry.group_id])
    if key not in _fragments:
        if len(_fragments) >= MAX_FRAGMENTS:
            _fragments.pop(next(iter(_fragments)), None)
        _fragments[key] = _rendered(card, group_names)
    return _fragments[key]


def _rendered(card: Card, group_names: dict[int, str]) -> tuple[Markup, Markup, Markup]:
    """The card before, between and after its two gaps."""
    html = current_app.jinja_env.get_template("queue/card/_card.html").render(
        card=card, group_names=group_names, form_fields=FORM_FIELDS_GAP, relative_time=TIME_GAP
    )
    head, rest = ASTRAL.sub(_as_reference, html).split(TIME_GAP, 1)
    middle, end = rest.split(FORM_FIELDS_GAP, 1)
    return Markup(head), Markup(middle), Markup(end)


def _as_reference(character: re.Match) -> str:
    return f"&#{ord(character[0])};"


def _key(card: Card, group_name: str) -> tuple:
    """All that the template shows of a card in a list; long texts by their digest."""
    entry = card.entry
    long = entry.text, entry.links, entry.media
    text, links, media = (blake2b(each.encode(), digest_size=16).hexdigest() for each in long)
    return (
        language.get(),
        group_name,
        entry._replace(text=text, links=links, media=media),
        card.rules,
        card.past,
        card.hits,
        card.reports,
        card.tags,
    )
