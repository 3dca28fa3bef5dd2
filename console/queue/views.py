"""The three lists, an entry's page, and the one route for every decision."""

from secrets import token_hex
from urllib.parse import urlencode

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from console import jobs
from console.errors import NotFound, Overtaken, Refused
from console.groups.access import find_entry
from console.insight.trail import delivery_words, sentence
from console.language import _
from console.queue import decisions, rendering
from console.queue.cards import Card, cards, decided
from console.queue.lists import LISTS, After, Desk, desk_of, page
from console.queue.shown import shown
from console.queue.story import story_of
from console.web import htmx, local, whole
from models import Entry, Group, Rule

queue = Blueprint("queue", __name__)

NEEDS_RULES = {"remove": decisions.remove, "tag": decisions.tag, "untag": decisions.untag}
NEEDS_NONE = {
    "release": decisions.release,
    "keep": decisions.keep,
    "hold": decisions.hold,
    "undo": decisions.undo,
}


@queue.app_context_processor
def _furniture() -> dict:
    """What the frame of every page and every card needs, worked out once a request."""
    if not current_user.is_authenticated:
        return {}
    desk = my_desk()
    back = g.get("back") or _here()
    furniture = {
        "desk": desk,
        "name": next((name for name in LISTS if back.startswith(f"/queue/{name}")), None),
        "entries": url_for("queue.entry", id=0).removesuffix("0"),
        "form_fields": _form_fields(back),
        "sentence": sentence,
        "delivery_words": delivery_words,
        **rendering.words(desk.groups),
    }
    return {**furniture, "cards_html": lambda cards: rendering.cards_html(cards, furniture)}


def _form_fields(back: str) -> Markup:
    """What all forms of a page share. A decision's key is this one and the entry's id."""
    field = Markup('<input type="hidden" name="{}" value="{}">').format
    return field("csrf_token", generate_csrf()) + field("key", token_hex(16)) + field("back", back)


def _here() -> str:
    """This page's address, without the card that stands on top of it."""
    kept = {name: request.args[name] for name in ("group", "after") if name in request.args}
    return f"{request.path}?{urlencode(kept)}" if kept else request.path


def my_desk() -> Desk:
    if "desk" not in g:
        g.desk = desk_of(current_user.user)
    return g.desk


@queue.get("/")
def home():
    return redirect(url_for("queue.show", name="held"), 303)


@queue.get("/queue/<any(incoming, held, reported):name>")
def show(name: str):
    chosen = _chosen_group()
    groups = [chosen.id] if chosen else _all_groups()
    found = page(name, groups, After.parse(request.args.get("after")))
    decided_id = whole(request.args.get("decided"))
    below = [entry for entry in found.entries if entry.id != decided_id]
    return render_template(
        "queue/list.html",
        name=name,
        group=chosen,
        cards=cards(below),
        next=found.next,
        decided=_card(decided_id) if decided_id else None,
    )


@queue.get("/entries/<int(max=2147483647):id>")
def entry(id: int):
    card = _card(id)
    return render_template("queue/entry.html", card=card, story=story_of(Entry.get_by_id(id)))


@queue.post("/entries/<int(max=2147483647):id>/decisions")
def decide(id: int):
    g.back = local(request.form.get("back"))
    entry = find_entry(current_user.user, id)
    try:
        decision = _decide(entry, request.form)
    except Overtaken:
        return _answer(id, 409)
    except Refused as refusal:
        return _answer(id, refusal.status, refusal.message)
    if entry.group.address:
        jobs.wake(decision.at + decisions.undo_window)
    return _answer(id, 200)


def _decide(entry: Entry, form):
    verb, _colon, codes = form.get("decision", "").partition(":")
    version = whole(form.get("version"))
    key = form.get("key", "")
    if version is None or not 8 <= len(key) <= 64:
        raise Refused(_("The form was not complete. Reload the page and decide again."))
    slip = decisions.Slip(version, f"{key}-{entry.id}")
    user = current_user.user
    if act := NEEDS_NONE.get(verb):
        return act(entry, user, slip)
    if act := NEEDS_RULES.get(verb):
        rules = Rule.select().where(Rule.group == entry.group, Rule.code.in_(codes.split(",")))
        if verb != "untag":
            rules = rules.where(~Rule.retired)
        return act(entry, user, slip, list(rules))
    raise Refused(_("There is no such decision."))


def _answer(id: int, status: int, refusal: str = ""):
    """The card as it now is; without JavaScript, the list that the form came from, with it on top."""
    if status == 409:
        refusal = _(
            "Somebody was faster. Nothing of yours was carried out; this is how it stands now."
        )
    if htmx and not refusal and (g.back or "").startswith(url_for("queue.entry", id=id)):
        return "", 200, {"HX-Refresh": "true"}  # its page tells all of its story
    if htmx:
        return render_template("queue/decided.html", card=_card(id), refusal=refusal), status
    if refusal:
        return render_template("queue/refused.html", card=_card(id), refusal=refusal), status
    back = g.back or url_for("queue.entry", id=id)
    joint = "&" if "?" in back else "?"
    return redirect(f"{back}{joint}decided={id}", 303)


def _card(id: int) -> Card:
    """The entry's card with its newest decision; NotFound outside the user's groups."""
    entry = next(shown([id]), None)
    if entry is None or all(group.id != entry.group_id for group in my_desk().groups):
        raise NotFound
    return decided(cards([entry])[0])


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
