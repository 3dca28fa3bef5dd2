"""The three lists, finding in them, and an entry's page."""

from secrets import token_hex
from urllib.parse import urlencode

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from console.errors import NotFound
from console.frame import frame_of
from console.language import N_
from console.queue import fragment_cache
from console.queue.card_rows import rows_of
from console.queue.cards import Card, cards, rules_of, with_outcomes
from console.queue.criteria import Criteria
from console.queue.filter_choices import chips, choices
from console.queue.lists import LISTS, After, Desk, desk_of, page
from console.queue.results import ALL, find
from console.queue.story import story_of
from console.queue.trail import delivery_words, sentence
from console.web import htmx, whole
from models import Entry, Group

queue = Blueprint("queue", __name__)

LIST_NAMES = {"incoming": N_("Incoming"), "held": N_("Held"), "reported": N_("Reported")}


@queue.record_once
def _into_the_frame(state) -> None:
    frame = frame_of(state.app)
    for name, label in LIST_NAMES.items():
        frame.add_list(name, "queue.show_list", label, name=name)
    frame.add_item("queue.show_list", N_("Search everything"), name=ALL)
    frame.add_part("menu", "queue/_groups.html")
    frame.add_part("end", "queue/_keys.html")
    frame.add_context(_frame_context)


def _frame_context() -> dict:
    """What the frame of every page and every card needs, worked out once a request."""
    desk = my_desk()
    back = g.get("back") or _here()
    context = {
        "desk": desk,
        "counts": desk.counts,
        "name": next((name for name in (*LISTS, "all") if back.startswith(f"/queue/{name}")), None),
        "entries": url_for("queue.show_entry", id=0).removesuffix("0"),
        "authors": url_for("authors.show_author", id=0).removesuffix("0"),
        "form_fields": _form_fields(back),
        "new_form_fields": lambda: _form_fields(back),  # for a form that decides the same entries
        "sentence": sentence,
        "delivery_words": delivery_words,
        **fragment_cache.words(desk.groups),
    }
    return {**context, "cards_html": lambda cards: fragment_cache.cards_html(cards, context)}


def _form_fields(back: str) -> Markup:
    """What all forms of a page share. A decision's key is this one and the entry's id."""
    field = Markup('<input type="hidden" name="{}" value="{}">').format
    return field("csrf_token", generate_csrf()) + field("key", token_hex(16)) + field("back", back)


def _here() -> str:
    """This page's address, without the card that stands on top of it."""
    kept = {**Criteria.parse(request.args).args(), "after": request.args.get("after")}
    kept = {name: value for name, value in kept.items() if value}
    return f"{request.path}?{urlencode(kept)}" if kept else request.path


def my_desk() -> Desk:
    if "desk" not in g:
        g.desk = desk_of(current_user.user)
    return g.desk


@queue.get("/")
def home():
    return redirect(url_for("queue.show_list", name="held"), 303)


@queue.get("/queue/<any(incoming, held, reported, all):name>")
def show_list(name: str):
    chosen = _chosen_group()
    groups = [chosen.id] if chosen else _all_groups()
    criteria = Criteria.parse(request.args)
    after = After.parse(request.args.get("after"))
    looked_for = name == ALL or not criteria.is_empty
    results = find(name, groups, criteria, after) if looked_for else page(name, groups, after)
    decided_id = whole(request.args.get("decided"))
    below = [entry for entry in results.entries if entry.id != decided_id]
    return render_template(
        "queue/list.html",
        name=name,
        group=chosen,
        criteria=criteria,
        chips=chips(criteria, results.names, chosen) if looked_for else [],
        cards=(shown_cards := cards(below)),
        rules=rules_of(shown_cards),
        rules_by_group={card.entry.group_id: card.rules for card in shown_cards},
        next=results.next,
        decided=card_of(decided_id) if decided_id else None,
    )


@queue.get("/queue/filters")
def edit_filters():
    """What can be chosen, for the search form of a list; without JavaScript, a page of its own."""
    name = request.args.get("list")
    return render_template(
        "queue/_filter_choices.html" if htmx else "queue/filters.html",
        name=name if name in LISTS else ALL,
        criteria=Criteria.parse(request.args),
        choices=choices(my_desk().groups),
    )


@queue.get("/entries/<id:id>")
def show_entry(id: int):
    card = card_of(id)
    return render_template("queue/entry.html", card=card, story=story_of(Entry.get_by_id(id)))


def card_of(id: int) -> Card:
    """The entry's card with its newest decision; NotFound outside the user's groups."""
    found = cards_of([id])
    if not found:
        raise NotFound
    return found[0]


def cards_of(ids: list[int]) -> list[Card]:
    """The cards of those entries that the user may see, each with its newest decision."""
    mine = {group.id for group in my_desk().groups}
    entries = {each.id: each for each in rows_of(ids) if each.group_id in mine} if ids else {}
    return with_outcomes(cards([entries[id] for id in dict.fromkeys(ids) if id in entries]))


def _chosen_group() -> Group | None:
    slug = request.args.get("group")
    if not slug:
        return None
    chosen = next((group for group in my_desk().groups if group.slug == slug), None)
    if chosen is None:
        raise NotFound
    return chosen


def _all_groups() -> list[int] | None:
    return None if current_user.is_administrator else [group.id for group in my_desk().groups]
