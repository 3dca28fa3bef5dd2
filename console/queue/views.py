"""The lists, the search and the filters, an entry's page; and what every page with cards needs."""

from secrets import token_hex
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from console.clock import today
from console.entries.names import KIND_NAMES, REPORT_STATES, STATE_NAMES, TOPIC_NAMES
from console.entries.topics import set_topic
from console.errors import NotFound
from console.frame import frame_of
from console.groups.access import find_entry, find_report
from console.groups.whitelist import REASONS, any_contract
from console.intake.views import missing_forms
from console.language import N_
from console.outbox.author_notes import to_send_again
from console.queue import fragment_cache, reporters
from console.queue.card_rows import CardRow, rows_of
from console.queue.cards import Card, cards, rules_of
from console.queue.criteria import Criteria
from console.queue.filter_choices import chips, choices
from console.queue.forms import ReasonForm
from console.queue.lists import LISTS, After, Desk, Page, desk_of, page
from console.queue.outcomes import with_outcomes
from console.queue.results import ALL, find
from console.queue.sentences import delivery_news, sentence
from console.queue.story import story_of
from console.queue.trail import Key
from console.web import htmx, local, whole
from models import Entry, Group

queue = Blueprint("queue", __name__)

LIST_NAMES = {"incoming": N_("Incoming"), "held": N_("Held"), "reported": N_("Reported")}


@queue.record_once
def _register(state) -> None:
    state.app.jinja_env.globals.update(
        KIND_NAMES=KIND_NAMES,
        REPORT_STATES=REPORT_STATES,
        STATE_NAMES=STATE_NAMES,
        TOPIC_NAMES=TOPIC_NAMES,
        WHITELIST_REASONS=REASONS,
        rule_buttons=fragment_cache.rule_buttons,
    )
    frame = frame_of(state.app)
    for name, label in LIST_NAMES.items():
        frame.add_list(name, "queue.show_list", label, name=name)
    frame.add_item("queue.show_list", N_("Search everything"), name=ALL)
    frame.add_part("menu", "queue/_groups.html")
    frame.add_words("queue/_keys.html")
    frame.add_words("queue/_photos.html")
    frame.add_context(_frame_context)


def _frame_context() -> dict:
    """What the frame of every page shows of the queue: the counts, and which list this is."""
    desk, path = my_desk(), _back()
    names = (name for name in (*LISTS, ALL) if path.startswith(f"/queue/{name}"))
    return {
        "desk": desk,
        "counts": desk.counts,
        "list_name": next(names, None),
        # templates/screening/_result.html reads it
    }


def my_desk() -> Desk:
    """The desk of who asks, counted once a request."""
    if "desk" not in g:
        g.desk = desk_of(current_user.user)
    return g.desk


def card_context() -> dict:
    """What the template of a card needs beside the card; for every view that shows cards."""
    return {
        "form_fields": form_fields(),
        "group_names": {group.id: group.name for group in my_desk().groups},
        "sentence": sentence,
        "delivery_news": delivery_news,
        "again_note": to_send_again,
    }


def form_fields() -> Markup:
    """The hidden fields that all forms of a page share; each call makes a new key.

    The idempotency key of a decision is this one and the entry's id.
    """
    field = Markup('<input type="hidden" name="{}" value="{}">').format
    return (
        field("csrf_token", generate_csrf()) + field("key", token_hex(16)) + field("back", _back())
    )


def _back() -> str:
    """The page that a decision leads back to: that of the form which was sent, or this one."""
    return g.get("back") or _here()


def is_page_of(id: int) -> bool:
    """Whether a form stands on that entry's own page, which shows more than the card."""
    return urlsplit(g.get("back") or "").path == url_for("queue.show_entry", id=id)


def _here() -> str:
    """This page's address, without the card that stands on top of it; worked out once a request."""
    if "here" not in g:
        kept = {**Criteria.parse(request.args).args(), "after": request.args.get("after")}
        kept = {name: value for name, value in kept.items() if value}
        g.here = f"{request.path}?{urlencode(kept)}" if kept else request.path
    return g.here


@queue.get("/")
def home():
    return redirect(url_for("queue.show_list", name="held"), 303)


@queue.get("/queue/<any(incoming, held, reported, all):name>")
def show_list(name: str):
    group, criteria = _chosen_group(), Criteria.parse(request.args)
    groups = [group.id] if group else _all_groups()
    results = _results(name, groups, criteria)
    return render_template(
        "queue/list.html",
        list_name=name,
        group=group,
        criteria=criteria,
        chips=chips(criteria, results.names, group) if _is_search(name, criteria) else [],
        next=results.next,
        under_contract=bool(results.entries) or any_contract(groups, today()),
        **_listed_cards(results.entries),
    )


def _is_search(name: str, criteria: Criteria) -> bool:
    return name == ALL or not criteria.is_empty


def _results(name: str, groups: list[int] | None, criteria: Criteria) -> Page:
    after = After.parse(request.args.get("after"))
    if _is_search(name, criteria):
        return find(name, groups, criteria, after)
    return page(name, groups, after)


def _chosen_group() -> Group | None:
    slug = request.args.get("group")
    if not slug:
        return None
    group = next((group for group in my_desk().groups if group.slug == slug), None)
    if group is None:
        raise NotFound
    return group


def _all_groups() -> list[int] | None:
    return None if current_user.is_administrator else [group.id for group in my_desk().groups]


def _listed_cards(entries: list[CardRow]) -> dict:
    """The cards of a list's page; one that was just decided stands above the others."""
    decided_id = whole(request.args.get("decided"))
    listed = cards([entry for entry in entries if entry.id != decided_id])
    context = card_context()
    return {
        **context,
        "cards": listed,
        "cards_html": fragment_cache.cards_html(listed, context),
        "decided": card_of(decided_id) if decided_id else None,
        "rules": rules_of(listed),
        "rules_by_group": {card.entry.group_id: card.rules for card in listed},
        "several_form_fields": form_fields(),
    }


@queue.get("/queue/filters")
def edit_filters():
    """What can be chosen, for the search form of a list; without JavaScript, a page of its own."""
    name, groups = request.args.get("list"), my_desk().groups
    return render_template(
        "queue/list/_filter_choices.html" if htmx else "queue/filters.html",
        list_name=name if name in LISTS else ALL,
        criteria=Criteria.parse(request.args),
        choices=choices(groups),
        groups=[(group.slug, group.name) for group in groups],
    )


@queue.get("/entries/<id:id>")
def show_entry(id: int):
    return entry_page(card_of(id))


def entry_page(card: Card, reason_form: ReasonForm | None = None, refusal: str = "") -> str:
    entry = Entry.get_by_id(card.entry.id)
    before, change = Key.parse(request.args.get("before")), whole(request.args.get("change"))
    return render_template(
        "queue/entry.html",
        card=card,
        story=story_of(entry, before, change),
        topic_by=entry.topic_by,
        reason_form=reason_form or ReasonForm(card.rules),
        refusal=refusal,
        missing=missing_forms(entry),
        **card_context(),
    )


@queue.get("/queue/reports/<id:id>/reporter")
def show_reporter(id: int):
    """Who made this report, and what else they reported in its group."""
    report = find_report(current_user.user, id)
    before = whole(request.args.get("before"))
    reporter = reporters.about(report, before)
    return render_template("queue/reporter.html", report=report, reporter=reporter, before=before)


@queue.post("/entries/<id:id>/topic")
def save_topic(id: int):
    g.back = local(request.form.get("back"))
    set_topic(find_entry(current_user.user, id), request.form.get("topic", ""), current_user.user)
    if not htmx:
        return redirect(url_for(".show_entry", id=id), 303)
    return render_template("queue/topic_set.html", card=card_of(id), **card_context())


def card_of(id: int) -> Card:
    """The entry's card with its newest decision; NotFound outside the user's groups."""
    visible = cards_of([id])
    if not visible:
        raise NotFound
    return visible[0]


def cards_of(ids: list[int]) -> list[Card]:
    """The cards of those entries that the user may see, each with its newest decision."""
    mine = {group.id for group in my_desk().groups}
    entries = {each.id: each for each in rows_of(ids) if each.group_id in mine} if ids else {}
    return with_outcomes(cards([entries[id] for id in dict.fromkeys(ids) if id in entries]))
