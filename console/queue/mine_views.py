"""One's own decisions, and undoing the newest of them from wherever one is."""

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask_login import current_user

from console import config
from console.entries.decisions import undo
from console.entries.transaction import Submission
from console.errors import Refused
from console.frame import frame_of
from console.groups.access import find_entry, groups_of
from console.language import N_, _
from console.queue.mine import PAGE, Batch, my_batches, newest_undoable
from console.queue.views import card_context, cards_of, form_fields, is_page_of
from console.web import htmx, local, whole
from models import Decision

mine = Blueprint("mine", __name__, url_prefix="/queue/mine")


@mine.record_once
def _register(state) -> None:
    frame = frame_of(state.app)
    frame.add_item("mine.show_mine", N_("My decisions"))
    frame.add_part("end", "queue/mine/_take_back.html")
    frame.add_context(lambda: {"take_back_fields": form_fields()})


@mine.get("")
def show_mine():
    batches = my_batches(current_user.user, _groups(), whole(request.args.get("before")))
    return render_template(
        "queue/mine.html",
        batches=batches[:PAGE],
        next=batches[PAGE - 1].newest.id if len(batches) > PAGE else None,
        form_fields=form_fields(),
        **_window(),
    )


@mine.post("/undo")
def undo_newest():
    """Undoes one's newest decision within the undo window, or all of its batch; says which it was."""
    key = request.form.get("key", "")
    if not 8 <= len(key) <= 64:
        raise Refused(_("The form was not complete. Reload the page and decide again."))
    user, window, batch_key = current_user.user, _window(), f"undo-{key}"
    again = list(Decision.select().where(Decision.batch == batch_key, Decision.by == user))
    found = None if again else newest_undoable(user, _groups(), window["window_begins"])
    undone = _undo_all(found, batch_key) if found else [each.undoes for each in again]
    if not htmx:  # the key was pressed before the page's scripts were ready
        return redirect(url_for(".show_mine"), 303)
    g.back = local(request.form.get("back"))
    if any(is_page_of(each.entry_id) for each in undone):
        return "", 200, {"HX-Refresh": "true"}
    is_listed = g.back == url_for(".show_mine")
    return render_template(
        "queue/mine/taken_back.html",
        batch=found,
        undone=undone,
        batches=my_batches(user, _groups())[:PAGE] if is_listed else [],
        cards=cards_of([undone[0].entry_id]) if len(undone) == 1 else [],
        decided_ids=(),
        **card_context(),
        **window,
    )


def _undo_all(batch: Batch, batch_key: str) -> list[Decision]:
    """Those that were undone; what somebody else was faster with stays."""
    user, undone = current_user.user, []
    for decision, version in batch.undoable:
        form = Submission(version, f"{batch_key}-{decision.entry_id}", batch=batch_key)
        try:
            undo(find_entry(user, decision.entry_id), user, form, decision)
        except Refused:
            continue
        undone.append(decision)
    return undone


def _groups() -> list[int]:
    """Not those of the desk, whose counts would be from before the undo."""
    return [group.id for group in groups_of(current_user.user)]


def _window() -> dict:
    settings = config.settings()
    return {"window": settings.undo_seconds, "window_begins": g.now - settings.undo_window}
