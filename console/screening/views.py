"""Screeners, for administrators: the list, one being edited, trying a text, replays."""

from dataclasses import replace

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import current_user

from console.errors import Changed, NotFound, Refused
from console.frame import frame_of
from console.language import N_, _
from console.screening import labels, overview, replay, verbs
from console.screening.engine import Screening
from console.screening.forms import FORMS, ScreenerForm
from console.screening.showing import excerpt
from console.web import administrators_only, get_or_404, htmx, unattended, whole
from models import Group, Replay, Screener

screening = Blueprint("screening", __name__, url_prefix="/screening")

LONGEST_TRIED = 20_000


@screening.record_once
def _register(state) -> None:
    frame_of(state.app).add_item(
        "screening.list_screeners", N_("Screeners"), administrators_only=True
    )


@screening.get("/")
@administrators_only
def list_screeners():
    return _list_page()


@screening.post("/try")
@administrators_only
def try_text():
    outcome = _outcome(verbs.screening_of(_group_id(request.form.get("group", ""))))
    if htmx:
        return render_template("screening/_outcome.html", outcome=outcome)
    return _list_page(outcome)


@screening.get("/new/<kind>")
@administrators_only
def edit_new_screener(kind: str):
    return _form_page(_form_class(kind)(checked=_checked(kind, None)))


@screening.post("/new/<kind>")
@administrators_only
def save_new_screener(kind: str):
    return _act(_form_class(kind)(request.form))


@screening.get("/<id:id>")
@administrators_only
def edit_screener(id: int):
    screener = _screener(id)
    form = FORMS[screener.kind](None, screener, _checked(screener.kind, id))
    if request.args.get("saved"):
        return _form_page(form, saved=True, remarks=form.uninflected())
    return _form_page(form)


@screening.post("/<id:id>")
@administrators_only
def save_screener(id: int):
    screener = _screener(id)
    return _act(FORMS[screener.kind](request.form, screener))


@screening.post("/<id:id>/mode")
@administrators_only
def save_mode(id: int):
    verbs.switch(_screener(id), request.form.get("mode", ""), by=current_user.user)
    return redirect(url_for("screening.list_screeners", _anchor=f"screener-{id}"), 303)


@screening.get("/replays/<id:id>")
@administrators_only
@unattended
def show_replay(id: int):
    row = get_or_404(Replay.select().where(Replay.id == id))
    examples = replay.examples(row) if row.state == Replay.DONE else []
    return render_template(
        "screening/_progress.html" if htmx else "screening/replay.html",
        replay=row,
        examples=[(entry, excerpt(entry.text, hits)) for entry, hits in examples],
        kinds=labels.kinds(),
    )


def _act(form: ScreenerForm):
    """What a button of the form asks for. A form that is refused is shown as it was typed."""
    acts = {"save": _save, "replay": _replay, "try": _try, "inflect": _inflect, "more": _form_page}
    asked = request.form.get("do", "save")
    if asked not in acts:
        raise NotFound
    try:
        return acts[asked](form)
    except Refused as refusal:
        form.add_error(_overtaken(form) if isinstance(refusal, Changed) else refusal)
        status = refusal.status
    if htmx and asked == "try":
        return render_template("screening/_outcome.html", refusals=form.messages())
    return _form_page(form), status


def _save(form: ScreenerForm):
    form.check()
    saved, _remarks = verbs.save(form.spec(), form.chosen_group(), by=current_user.user)
    return redirect(url_for("screening.edit_screener", id=saved.id, saved=1), 303)


def _replay(form: ScreenerForm):
    form.check()
    newest = whole(request.form.get("last")) or 0
    begun = replay.begin(form.spec(), form.chosen_group(), newest, current_user.user)
    replay.run_soon(begun.id)
    return redirect(url_for("screening.show_replay", id=begun.id), 303)


def _try(form: ScreenerForm):
    """With or without a name, and even when it is off."""
    form.check_settings()
    spec, _remarks = verbs.inflected(form.spec())
    spec = replace(spec, name=spec.name or "…", mode="on" if spec.mode == "off" else spec.mode)
    outcome = _outcome(Screening([spec])) | {"if_on": form.mode.data == Screener.OFF}
    if htmx:
        return render_template("screening/_outcome.html", outcome=outcome)
    return _form_page(form, outcome=outcome)


def _inflect(form: ScreenerForm):
    form.check_settings()
    return _form_page(form, remarks=form.inflect(), inflected=True)


def _overtaken(form: ScreenerForm) -> Refused:
    """The next save is of the version that the message tells of: it is made knowingly."""
    assert form.screener  # a new one cannot be overtaken
    form.version = _screener(form.screener.id).version
    message = _(
        "Somebody changed this screener after you opened it; it is version %(version)s now. What "
        "you typed is still here, and nothing of it is saved. Save again to put it in place of theirs."
    )
    return Refused(message % {"version": form.version})


def _form_page(form: ScreenerForm, remarks=(), **more):
    return render_template(
        "screening/edit.html",
        form=form,
        screener=form.screener,
        kind=labels.kinds()[form.kind],
        remarks=[labels.translated(remark) for remark in remarks],
        sizes=replay.SIZES,
        **more,
    )


def _checked(kind: str, screener_id: int | None) -> Replay | None:
    """The replay whose page the form is come back to from, if it is one of this form."""
    id = whole(request.args.get("checked"))
    row = Replay.get_or_none(Replay.id == id) if id else None
    if row is None or (row.spec.get("kind"), row.screener_id) != (kind, screener_id):
        return None
    return row if "mode" in row.spec else None  # an older console did not keep it


def _list_page(outcome: dict | None = None):
    screeners = overview.all_in_order()
    return render_template(
        "screening/list.html",
        screeners=screeners,
        damaged=verbs.damaged(),
        own={screener.group_id for screener in screeners if screener.group_id},
        found=overview.found_lately(),
        days=overview.DAYS,
        kinds=labels.kinds(),
        modes=labels.modes(),
        rules=overview.rule_names(),
        outcome=outcome,
    )


def _outcome(screening: Screening) -> dict:
    text = request.form.get("text", "")[:LONGEST_TRIED]
    return {"text": text} | excerpt(text, screening.run(text))


def _group_id(text: str) -> int | None:
    if text and not Group.select().where(Group.id == whole(text)).exists():
        raise Refused(_("There is no such group."))
    return whole(text)


def _screener(id: int) -> Screener:
    """Without settings where they are damaged, so that it can be repaired."""
    if verbs.readable(id) is None:
        screener = get_or_404(overview.without_settings().where(Screener.id == id))
        screener.settings = {}
        return screener
    return get_or_404(Screener.select().where(Screener.id == id))


def _form_class(kind: str) -> type[ScreenerForm]:
    if kind not in FORMS:
        raise NotFound
    return FORMS[kind]
