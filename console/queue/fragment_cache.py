"""Cards as HTML. A card's HTML follows from what it shows, so it is kept, under just that.

Fifty cards take longer to render than to fetch (docs/performance.md), and colleagues look at the same
ones all day. Nothing is ever stale: what changes a card changes the key under which it is kept.
"""

import re
from collections.abc import Iterator
from functools import cache
from hashlib import blake2b
from secrets import token_hex

from flask import current_app, g
from markupsafe import Markup

from console import clock
from console.language import language
from console.queue import wording
from console.queue.cards import Card, CardRule
from models import Group

MAX_FRAGMENTS = 2000  # about 10 kB each
# They stand in a kept card where the page's form fields and the time go; nobody's text has them.
FIELDS, WHEN = token_hex(16), token_hex(16)

ASTRAL = re.compile("[\U00010000-\U0010ffff]")

_fragments: dict[tuple, tuple[Markup, ...]] = {}


def words(groups: list[Group]) -> dict:
    """What the card's template needs beside the card."""
    return {**_words(language.get()), "group_names": {group.id: group.name for group in groups}}


def cards_html(cards: list[Card], context: dict) -> Iterator[Markup]:
    """The cards of a list, piece by piece; `context` is what the templates of the page get.

    Not joined here, and without astral characters: one emoji as such would make all of the page four
    bytes a character in memory, and each copy of it costly.
    """
    for card in cards:
        before, between, after = _pieces(card, context)
        when = clock.relative(card.entry.created, g.now)
        yield from (before, when, between, context["form_fields"], after)


def _pieces(card: Card, context: dict) -> tuple[Markup, ...]:
    facts = _facts(card, context["group_names"])
    if facts not in _fragments:
        if len(_fragments) >= MAX_FRAGMENTS:
            _fragments.pop(next(iter(_fragments)), None)
        template = current_app.jinja_env.get_template("queue/_entry.html")
        gaps = {"form_fields": FIELDS, "when": WHEN}
        html = ASTRAL.sub(_reference, template.render({**context, "card": card, **gaps}))
        before, rest = html.split(WHEN, 1)
        _fragments[facts] = Markup(before), *map(Markup, rest.split(FIELDS, 1))
    return _fragments[facts]


def _reference(character: re.Match) -> str:
    return f"&#{ord(character[0])};"


def _facts(card: Card, group_names: dict[int, str]) -> tuple:
    """All that the template shows of a card in a list; long texts by their digest."""
    entry = card.entry
    long = entry.text, entry.links, entry.media
    text, links, media = (blake2b(each.encode(), digest_size=16).digest() for each in long)
    return (
        language.get(),
        group_names[entry.group_id],
        entry._replace(text=text, links=links, media=media),
        card.rules,
        card.past,
        card.hits,
        card.reports,
        card.tags,
    )


@cache
def _words(_language: str) -> dict:
    return {
        "labels": wording.labels(),
        "named": wording.states_and_kinds(),
        "why": wording.why(),
        "rule_buttons": _rule_buttons,
    }


def _rule_buttons(rules: tuple[CardRule, ...], verb: str, suggested: tuple[str, ...]) -> Markup:
    return _rendered_buttons(language.get(), rules, verb, suggested)


@cache
def _rendered_buttons(_language: str, rules: tuple, verb: str, suggested: tuple) -> Markup:
    """The same for every card of a group, until a rule is changed."""
    template = current_app.jinja_env.get_template("queue/_rules.html")
    return Markup(template.render(rules=rules, verb=verb, suggested=suggested))
