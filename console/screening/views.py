"""Screeners, for administrators: the list, one being edited, trying a text, replays."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import current_user

from console.errors import Changed, NotFound, Refused
from console.frame import frame_of
from console.language import N_, _
from console.screening import editing, labels, overview, replay, verbs
from console.screening.engine import SCREENER_KINDS, Screening, Spec
from console.screening.expand import Remark
from console.screening.reading import Invalid
from console.screening.showing import excerpt
from console.web import administrators_only, get_or_404, htmx, whole
from models import Group, Replay, Screener

screening = Blueprint("screening", __name__, url_prefix="/screening")


@screening.record_once
def _into_the_frame(state) -> None:
    frame_of(state.app).add_item(
        "screening.list_screeners", N_("Screeners"), administrators_only=True
    )


LONGEST_TRIED = 20_000


@screening.get("/")
@administrators_only
def list_screeners():
    return _list()


@screening.post("/try")
@administrators_only
def try_text():
    group = _group(request.form.get("group", ""))
    outcome = _found(verbs.screening_of(group and group.id))
    return render_template("screening/_tried.html", tried=outcome) if htmx else _list(outcome)


@screening.get("/new/<kind>")
@administrators_only
def edit_new_screener(kind: str):
    return _form(editing.blank(_known(kind)))


@screening.post("/new/<kind>")
@administrators_only
def save_new_screener(kind: str):
    return _act(editing.typed_in(request.form, _known(kind), None))


@screening.get("/<id:id>")
@administrators_only
def edit_screener(id: int):
    draft = editing.draft_of(_screener(id))
    saved = request.args.get("saved")
    return _form(draft, saved=bool(saved), remarks=editing.uninflected(draft) if saved else ())


@screening.post("/<id:id>")
@administrators_only
def save_screener(id: int):
    screener = _screener(id)
    return _act(editing.typed_in(request.form, screener.kind, screener), screener)


@screening.post("/<id:id>/mode")
@administrators_only
def save_mode(id: int):
    verbs.switch(_screener(id), request.form.get("mode", ""))
    return redirect(url_for("screening.list_screeners", _anchor=f"screener-{id}"), 303)


@screening.get("/replays/<id:id>")
@administrators_only
def show_replay(id: int):
    row = get_or_404(Replay.select().where(Replay.id == id))
    done = row.state == Replay.DONE
    found = [(entry, excerpt(entry.text, of)) for entry, of in replay.examples(row)] if done else []
    template = "screening/_progress.html" if htmx else "screening/replay.html"
    return render_template(template, replay=row, examples=found, kinds=labels.kinds())


def _act(draft: editing.Draft, screener: Screener | None = None):
    """What a button of the form asks for. The form is shown again as it was typed."""
    acts = {"save": _save, "replay": _replay, "try": _try, "inflect": _inflect, "more": _form}
    act = acts.get(request.form.get("do", "save"))
    if act is None:
        raise NotFound
    try:
        return act(draft)
    except Invalid as wrong:
        message, status = labels.said(wrong), 400
    except Changed:
        message, status = _overtaken(draft, screener), 409
    except Refused as refusal:
        message, status = refusal.message, refusal.status
    if htmx and request.form.get("do") == "try":
        return render_template("screening/_tried.html", tried={"refusal": message})
    return _form(draft, refusal=message), status


def _save(draft: editing.Draft):
    spec, group = _complete(draft)
    saved, _notes = verbs.save(spec, group)
    return redirect(url_for("screening.edit_screener", id=saved.id, saved=1), 303)


def _replay(draft: editing.Draft):
    spec, group = _complete(draft)
    begun = replay.begin(spec, group, whole(request.form.get("last")) or 0, current_user.user)
    replay.run_soon(begun.id)
    return redirect(url_for("screening.show_replay", id=begun.id), 303)


def _try(draft: editing.Draft):
    spec, _notes = verbs.inflected(draft.as_tried())
    outcome = _found(Screening([spec]))
    return (
        render_template("screening/_tried.html", tried=outcome) if htmx else _form(draft, outcome)
    )


def _inflect(draft: editing.Draft):
    return _form(draft, remarks=draft.inflect(), inflected=True)


def _overtaken(draft: editing.Draft, screener: Screener) -> str:
    """The next save is of the version that the message tells of: it is made knowingly."""
    draft.version = _screener(screener.id).version
    return _(
        "Somebody changed this screener after you opened it; it is version %(version)s now. What "
        "you typed is still here, and nothing of it is saved. Save again to put it in place of theirs."
    ) % {"version": draft.version}


def _complete(draft: editing.Draft) -> tuple[Spec, Group | None]:
    if draft.rule not in _rules(draft):
        raise Refused(_("Choose the rule that it suggests."))
    return draft.spec(), _group(draft.group)


def _form(draft: editing.Draft, tried=None, remarks: list[Remark] = (), refusal: str = "", **more):
    return render_template(
        "screening/edit.html",
        draft=draft,
        kind=labels.kinds()[draft.kind],
        labels=labels.fields(),
        choices=labels.choices(),
        modes=labels.modes(),
        modes_explained=labels.modes_explained(),
        rules=_rules(draft),
        groups=list(Group.select().order_by(Group.name)),
        remarks=[labels.said(note) for note in remarks],
        tried=tried,
        refusal=refusal,
        sizes=replay.SIZES,
        **more,
    )


def _list(tried=None):
    screeners = overview.all_in_order()
    return render_template(
        "screening/list.html",
        screeners=screeners,
        own={screener.group_id for screener in screeners if screener.group_id},
        found=overview.found_lately(),
        days=overview.DAYS,
        kinds=labels.kinds(),
        modes=labels.modes(),
        rules=overview.rule_names(),
        tried=tried,
    )


def _found(of: Screening) -> dict:
    text = request.form.get("text", "")[:LONGEST_TRIED]
    return {"text": text} | excerpt(text, of.run(text))


def _rules(draft: editing.Draft) -> dict[str, str]:
    known = overview.rule_names()
    return known if draft.rule in known or not draft.id else known | {draft.rule: draft.rule}


def _group(text: str) -> Group | None:
    if not text:
        return None
    group = Group.get_or_none(Group.id == whole(text))
    if group is None:
        raise Refused(_("There is no such group."))
    return group


def _screener(id: int) -> Screener:
    return get_or_404(Screener.select().where(Screener.id == id))


def _known(kind: str) -> str:
    if kind not in SCREENER_KINDS:
        raise NotFound
    return kind
