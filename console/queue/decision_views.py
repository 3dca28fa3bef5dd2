"""The routes of decisions: one on one entry, one on several."""

from typing import NamedTuple

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask_login import current_user

from console.entries.decisions import VERBS
from console.entries.transaction import LONGEST_NOTE, Submission
from console.entries.with_replies import remove_replies, undo_with_replies
from console.errors import NotFound, Overtaken, Refused
from console.groups.access import find_entry
from console.language import N_, _, ngettext
from console.queue.forms import ReasonForm
from console.queue.views import card_context, card_of, cards_of, entry_page, form_fields, is_page_of
from console.text.names import shown_name
from console.web import htmx, local, whole
from models import Entry, Rule

decisions = Blueprint("decisions", __name__)

MAX_SELECTED = 200  # entries decided at once
OVERTAKEN = N_("Somebody was faster. Nothing of yours was carried out; this is how it stands now.")


class Outcome(NamedTuple):
    """What became of a decision on one of several entries."""

    id: int
    refusal: str = ""
    is_overtaken: bool = False
    lacks_reason: bool = False  # its author is on the whitelist


@decisions.post("/entries/<id:id>/decisions")
def save_decision(id: int):
    g.back = local(request.form.get("back"))
    entry = find_entry(current_user.user, id)
    version, note = whole(request.form.get("version")), request.form.get("note", "").strip()
    try:
        overtaken = _decide_with_replies(entry, version)
        if overtaken is not None:
            return _made_with_replies(id, overtaken)
        _decide(entry, version, note=note)
    except Refused as refusal:
        again = _reason_form_again if "note" in request.form else refused
        return again(id, refusal), refusal.status
    return made(id)


def made(id: int):
    """The card as it now is; without JavaScript, the list that the form came from, with it on top."""
    if not htmx:
        back = g.back or url_for("queue.show_entry", id=id)
        joint = "&" if "?" in back else "?"
        return redirect(f"{back}{joint}decided={id}", 303)
    if is_page_of(id):
        return "", 200, {"HX-Refresh": "true"}
    return render_template("queue/decisions/made.html", card=card_of(id), **card_context())


def _decide_with_replies(entry: Entry, version: int | None) -> list[int] | None:
    """Ids of the replies that could not be decided; None where the decision is on the entry alone."""
    name, _colon, replies = request.form.get("decision", "").partition(":")
    if name == "remove-replies":
        shown = [_id_and_version(reply) for reply in replies.split(",")]
        versions = {id: of_reply for id, of_reply in shown if of_reply is not None}
        form = _submission(entry, version)
        return remove_replies(entry, current_user.user, form, versions)
    if name == "undo-with-replies":
        return undo_with_replies(entry, current_user.user, _submission(entry, version))
    return None


def _made_with_replies(id: int, overtaken: list[int]):
    if not overtaken:
        return made(id)
    authors = ", ".join(
        dict.fromkeys(shown_name(card.entry.author) for card in cards_of(overtaken))
    )
    words = _(
        "Somebody was faster with some of the replies, and they stay as they are: %(authors)s."
    )
    return refused(id, Refused(words % {"authors": authors}))


def refused(id: int, refusal: Refused) -> str:
    template = "queue/decisions/refused.html" if htmx else "queue/decisions/refused_page.html"
    return render_template(template, card=card_of(id), refusal=_words(refusal), **card_context())


def _words(refusal: Refused) -> str:
    return _(OVERTAKEN) if isinstance(refusal, Overtaken) else refusal.message


def _reason_form_again(id: int, refusal: Refused) -> str:
    """The entry's page, with what was typed; the card says it where that is not for a field."""
    card = card_of(id)
    form = ReasonForm(card.rules, request.form)
    if refusal.field in form:
        form.add_error(refusal)
        return entry_page(card, form)
    return entry_page(card, form, _words(refusal))


@decisions.post("/queue/decisions")
def save_decisions():
    """One decision on each of the selected entries; a refusal of one does not stop the others."""
    g.back = local(request.form.get("back"))
    selected = request.form.getlist("entry")[:MAX_SELECTED]
    outcomes = [_decide_one_of_several(*_id_and_version(value)) for value in selected]
    return render_template(
        "queue/decisions/several_made.html" if htmx else "queue/decisions/several_page.html",
        summary=_summary(outcomes),
        back=g.back,
        is_undo=_is_undo(),
        several_form_fields=form_fields(),
        undo_form_fields=form_fields(),
        **_decided_cards(outcomes),
    )


def _batch() -> str:
    """Another button of the same form, on a page that was gone back to, begins another batch."""
    name, _colon, _codes = request.form.get("decision", "").partition(":")
    return f"{name}-{request.form.get('key', '')}"


def _id_and_version(value: str) -> tuple[int, int | None]:
    id, _colon, version = value.partition(":")
    return whole(id) or 0, whole(version)


def _decide_one_of_several(id: int, version: int | None) -> Outcome:
    try:
        _decide(find_entry(current_user.user, id), version, batch=_batch())
    except NotFound:
        return Outcome(id, _("There is nothing here that you may see."))
    except Overtaken:
        return Outcome(id, _(OVERTAKEN), is_overtaken=True)
    except Refused as refusal:
        return Outcome(id, refusal.message, lacks_reason=refusal.field == "note")
    return Outcome(id)


def _summary(outcomes: list[Outcome]) -> str:
    if not outcomes:
        return _("Nothing was selected.")
    skipped = sum(outcome.lacks_reason for outcome in outcomes)
    refused = sum(bool(outcome.refusal) for outcome in outcomes) - skipped
    made = len(outcomes) - refused - skipped
    done = ngettext("Decided: %(num)d entry.", "Decided: %(num)d entries.", made)
    if _is_undo():
        done = ngettext("Undone: %(num)d decision.", "Undone: %(num)d decisions.", made)
    left = ngettext("Not carried out: %(num)d.", "Not carried out: %(num)d.", refused)
    skip = ngettext(
        "Skipped: %(num)d entry of a whitelisted unit, removed only on its own page.",
        "Skipped: %(num)d entries of whitelisted units, removed only on their own pages.",
        skipped,
    )
    said = [(made, done), *(each for each in ((refused, left), (skipped, skip)) if each[0])]
    return " ".join(words % {"num": number} for number, words in said)


def _is_undo() -> bool:
    return request.form.get("decision") == "undo"


def _decided_cards(outcomes: list[Outcome]) -> dict:
    """The cards of all the entries, and of whom a decision was refused, and why."""
    cards = cards_of([outcome.id for outcome in outcomes])
    authors = {card.entry.id: card.entry.author for card in cards}
    made = {outcome.id for outcome in outcomes if not outcome.refusal}
    return {
        **card_context(),
        "cards": cards,
        "undoable": [card for card in cards if card.entry.id in made and card.undoable],
        "decided_ids": {each.id for each in outcomes if not each.refusal or each.is_overtaken},
        "refusals": [
            (authors.get(each.id, "?"), each.refusal)
            for each in outcomes
            if each.refusal and not each.lacks_reason
        ],
    }


def _decide(entry: Entry, version: int | None, **more: str) -> None:
    name, _colon, codes = request.form.get("decision", "").partition(":")
    verb = VERBS.get(name)
    if verb is None:
        raise Refused(_("There is no such decision."))
    what = [_rules(entry, codes, name)] if verb.needs_rules else []
    verb.decide(entry, current_user.user, _submission(entry, version, **more), *what)


def _submission(entry: Entry, version: int | None, note: str = "", batch: str = "") -> Submission:
    key = request.form.get("key", "")
    if version is None or not 8 <= len(key) <= 64:
        raise Refused(_("The form was not complete. Reload the page and decide again."))
    if len(note) > LONGEST_NOTE:
        raise Refused(_("The reason is too long. Shorten it and decide again."), field="note")
    return Submission(version, f"{key}-{entry.id}", note, batch or None)


def _rules(entry: Entry, codes: str, verb: str) -> list[Rule]:
    """Those of these codes or ticked; one that is retired can still be taken off."""
    chosen = [*codes.split(","), *request.form.getlist("rule")]
    rules = Rule.select().where(Rule.group == entry.group, Rule.code.in_(chosen))
    return list(rules if verb == "untag" else rules.where(~Rule.retired))
