"""The author's page."""

from secrets import token_hex

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import current_user

from console import config
from console.errors import Refused
from console.groups import unit_kinds
from console.groups.access import find_profile
from console.queue import notes, takeovers
from console.queue.authors import NOTES, about, notes_about
from console.queue.sentences import sentence
from console.web import htmx, whole
from models import Note, Profile

authors = Blueprint("authors", __name__, url_prefix="/queue/authors")

AUTHOR = "/<id:id>"


@authors.get(AUTHOR)
def show_author(id: int):
    return _page(find_profile(current_user.user, id))


@authors.post(f"{AUTHOR}/notes")
def save_note(id: int):
    profile = find_profile(current_user.user, id)
    text = request.form.get("text", "")
    try:
        notes.write(profile, current_user.user, text)
    except Refused as refusal:
        return _notes(profile, refusal=refusal.message, text=text), refusal.status
    return _done(profile, "written")


@authors.post(f"{AUTHOR}/notes/<id:note_id>/strike")
def strike_note(id: int, note_id: int):
    profile = find_profile(current_user.user, id)
    try:
        notes.strike(profile, note_id, current_user.user)
    except Refused as refusal:
        return _notes(profile, refusal=refusal.message), refusal.status
    return _done(profile, "struck")


@authors.post(f"{AUTHOR}/takeover")
def save_takeover(id: int):
    """The account was taken over by somebody else: off the whitelist at once."""
    profile = find_profile(current_user.user, id)
    try:
        held = takeovers.take_over(profile, current_user.user, request.form.get("key", ""))
    except Refused as refusal:
        return _page(profile, refusal=refusal.message), refusal.status
    return redirect(url_for("authors.show_author", id=id, held=held), 303)


def _done(profile: Profile, what: str):
    if htmx:
        return _notes(profile, done=what)
    return redirect(url_for("authors.show_author", id=profile.id, _anchor="notes"), 303)


def _notes(profile: Profile, **outcome):
    """The notes alone for htmx, otherwise all of the page; `outcome` is of the form that was sent."""
    if not htmx:
        return _page(profile, **outcome)
    context = _notes_context(profile, notes_about(profile))
    return render_template("queue/author/_notes.html", **context, **outcome)


def _page(profile: Profile, **outcome):
    author = about(profile, whole(request.args.get("after")))
    return render_template(
        "queue/author.html",
        author=author,
        unit_kind_names=unit_kinds.UNIT_KIND_NAMES,
        takeover_hours=config.settings().takeover_hours,
        held=whole(request.args.get("held")),
        key=token_hex(16),
        sentence=sentence,
        **_notes_context(profile, author.notes),
        **outcome,
    )


def _notes_context(profile: Profile, written: list[Note]) -> dict:
    return {
        "profile": profile,
        "notes": written,
        "max_notes": NOTES,
        "max_length": notes.LONGEST,
        "can_strike": lambda note: notes.can_be_struck(note, current_user.user),
    }
