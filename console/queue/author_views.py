"""The author's page."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import current_user

from console.errors import Refused
from console.groups import unit_kinds
from console.groups.access import find_profile
from console.groups.whitelist import REASONS
from console.queue import notes
from console.queue.authors import NOTES, about, notes_about
from console.web import htmx, whole
from models import Profile

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


def _done(profile: Profile, what: str):
    if htmx:
        return _notes(profile, done=what)
    return redirect(url_for("authors.show_author", id=profile.id, _anchor="notes"), 303)


def _notes(profile: Profile, **said):
    """The notes alone for htmx, otherwise all of the page."""
    if not htmx:
        return _page(profile, **said)
    return render_template(
        "queue/_notes.html", profile=profile, notes=notes_about(profile), **_furniture(), **said
    )


def _page(profile: Profile, **said):
    told = about(profile, whole(request.args.get("after")))
    return render_template(
        "queue/author.html",
        author=told,
        profile=profile,
        notes=told.notes,
        kinds=unit_kinds.UNIT_KIND_NAMES,
        reasons=REASONS,
        **_furniture(),
        **said,
    )


def _furniture() -> dict:
    return {
        "notes_shown": NOTES,
        "longest": notes.LONGEST,
        "is_mine": lambda note: notes.can_be_struck(note, current_user.user),
    }
