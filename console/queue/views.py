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
from console.language import _, ngettext
from console.queue import decisions, rendering
from console.queue.cards import Card, cards, decided, rules_of
from console.queue.lists import LISTS, After, Desk, desk_of, page
from console.queue.shown import shown
from console.queue.story import story_of
from console.web import htmx, local, whole
from models import Decision, Entry, Group, Rule

queue = Blueprint("queue", __name__)

MOST = 200  # entries decided at once

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
        "name": next((name for name in (*LISTS, "all") if back.startswith(f"/queue/{name}")), None),
        "entries": url_for("queue.entry", id=0).removesuffix("0"),
        "authors": "/groups/profiles/",
        "form_fields": _form_fields(back),
        "new_form_fields": lambda: _form_fields(back),  # for a form that decides the same entries
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
        cards=(shown_cards := cards(below)),
        rules=rules_of(shown_cards),
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
        _decide(entry, request.form, whole(request.form.get("version")))
    except Overtaken:
        return _answer(id, 409, _OVERTAKEN())
    except Refused as refusal:
        return _answer(id, refusal.status, refusal.message)
    return _answer(id, 200)


@queue.post("/queue/decisions")
def decide_several():
    """One decision on each of the chosen entries, singly: what one is refused, others are not."""
    g.back = local(request.form.get("back"))
    outcomes = [_one_of_several(*_chosen(value)) for value in request.form.getlist("entry")[:MOST]]
    refused = [(id, message) for id, message in outcomes if message]
    found = cards_of([id for id, _message in outcomes])
    authors = {card.entry.id: card.entry.author for card in found}
    done = len(outcomes) - len(refused)
    page = "queue/several_parts.html" if htmx else "queue/several_page.html"
    return render_template(
        page,
        cards=found,
        rules=rules_of(found),
        summary=_summary(done, len(refused)),
        refusals=[(authors.get(id, "?"), message) for id, message in refused],
        back=g.back,
    )


def _chosen(value: str) -> tuple[int, int | None]:
    id, _colon, version = value.partition(":")
    return whole(id) or 0, whole(version)


def _one_of_several(id: int, version: int | None) -> tuple[int, str]:
    """The entry's id, and why it was refused."""
    try:
        _decide(find_entry(current_user.user, id), request.form, version)
    except NotFound:
        return id, _("There is nothing here that you may see.")
    except Overtaken:
        return id, _OVERTAKEN()
    except Refused as refusal:
        return id, refusal.message
    return id, ""


def _summary(done: int, refused: int) -> str:
    if not done + refused:
        return _("Nothing was selected.")
    words = ngettext("Decided: %(num)d entry.", "Decided: %(num)d entries.", done) % {"num": done}
    if not refused:
        return words
    left = ngettext("Not carried out: %(num)d.", "Not carried out: %(num)d.", refused)
    return f"{words} {left % {'num': refused}}"


def _OVERTAKEN() -> str:
    return _("Somebody was faster. Nothing of yours was carried out; this is how it stands now.")


def _decide(entry: Entry, form, version: int | None) -> None:
    decision = _decided(entry, form, version)
    if entry.group.address:
        jobs.wake(decision.at + decisions.undo_window)


def _decided(entry: Entry, form, version: int | None) -> Decision:
    verb, _colon, codes = form.get("decision", "").partition(":")
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
    found = cards_of([id])
    if not found:
        raise NotFound
    return found[0]


def cards_of(ids: list[int]) -> list[Card]:
    """The cards of those entries that the user may see, each with its newest decision."""
    mine = {group.id for group in my_desk().groups}
    entries = {each.id: each for each in shown(ids) if each.group_id in mine} if ids else {}
    return decided(cards([entries[id] for id in dict.fromkeys(ids) if id in entries]))


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
