"""The routes of decisions: one on one entry, one on several."""

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask_login import current_user

from console.entries.decisions import LONGEST_NOTE, VERBS, Submission
from console.errors import NotFound, Overtaken, Refused
from console.groups.access import find_entry
from console.language import _, ngettext
from console.queue.views import card_of, cards_of
from console.web import htmx, local, whole
from models import Entry, Rule

decisions = Blueprint("decisions", __name__)

MAX_SELECTED = 200  # entries decided at once


@decisions.post("/entries/<id:id>/decisions")
def save_decision(id: int):
    g.back = local(request.form.get("back"))
    entry = find_entry(current_user.user, id)
    try:
        _decide(entry, request.form, whole(request.form.get("version")))
    except Overtaken:
        return _answer(id, 409, _OVERTAKEN())
    except Refused as refusal:
        return _answer(id, refusal.status, refusal.message)
    return _answer(id, 200)


@decisions.post("/queue/decisions")
def save_decisions():
    """One decision on each of the chosen entries, singly: what one is refused, others are not."""
    g.back = local(request.form.get("back"))
    outcomes = [
        _one_of_several(*_chosen(value)) for value in request.form.getlist("entry")[:MAX_SELECTED]
    ]
    refused = [(id, message) for id, message in outcomes if message]
    found = cards_of([id for id, _message in outcomes])
    authors = {card.entry.id: card.entry.author for card in found}
    done = len(outcomes) - len(refused)
    page = "queue/several_parts.html" if htmx else "queue/several_page.html"
    return render_template(
        page,
        cards=found,
        just_decided={id for id, message in outcomes if message in ("", _OVERTAKEN())},
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
    name, _colon, codes = form.get("decision", "").partition(":")
    key, note = form.get("key", ""), form.get("note", "").strip()
    verb = VERBS.get(name)
    if version is None or not 8 <= len(key) <= 64:
        raise Refused(_("The form was not complete. Reload the page and decide again."))
    if verb is None:
        raise Refused(_("There is no such decision."))
    if len(note) > LONGEST_NOTE:
        raise Refused(_("The reason is too long. Shorten it and decide again."))
    submission = Submission(version, f"{key}-{entry.id}", note)
    what = [_rules(entry, codes, name)] if verb.needs_rules else []
    verb.decide(entry, current_user.user, submission, *what)


def _rules(entry: Entry, codes: str, verb: str) -> list[Rule]:
    """Those of these codes; one that is retired can still be taken off."""
    rules = Rule.select().where(Rule.group == entry.group, Rule.code.in_(codes.split(",")))
    return list(rules if verb == "untag" else rules.where(~Rule.retired))


def _answer(id: int, status: int, refusal: str = ""):
    """The card as it now is; without JavaScript, the list that the form came from, with it on top."""
    if htmx and not refusal and (g.back or "").startswith(url_for("queue.show_entry", id=id)):
        return "", 200, {"HX-Refresh": "true"}  # its page tells all of its story
    if htmx:
        return render_template("queue/decided.html", card=card_of(id), refusal=refusal), status
    if refusal:
        return render_template("queue/refused.html", card=card_of(id), refusal=refusal), status
    back = g.back or url_for("queue.show_entry", id=id)
    joint = "&" if "?" in back else "?"
    return redirect(f"{back}{joint}decided={id}", 303)
