"""The capture form."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import current_user

from console.errors import Refused
from console.frame import frame_of
from console.groups.access import find_group, groups_of
from console.intake.capture import capture
from console.language import N_
from console.web import whole
from models import Profile, Unit

intake = Blueprint("intake", __name__, url_prefix="/intake")


@intake.record_once
def _into_the_frame(state) -> None:
    frame_of(state.app).add_item("intake.edit_capture", N_("Add by hand"))


@intake.get("/capture")
def edit_capture():
    return _form({"group": request.args.get("group"), "link": request.args.get("link")})


@intake.post("/capture")
def save_capture():
    form, user = request.form, current_user.user
    group = find_group(user, form.get("group", ""))
    profile = Profile.get_or_none(
        (Profile.id == whole(form.get("profile"))) & (Profile.group == group)
    )
    said = (form.get(name, "") for name in ("text", "author", "link"))
    try:
        receipt = capture(group, user, *said, profile)
    except Refused as refusal:
        return _form(form, refusal.message), refusal.status
    return redirect(url_for("queue.show_entry", id=receipt.entry.id), 303)


def _form(values, refusal: str = ""):
    groups = groups_of(current_user.user)
    profiles = Profile.select().join(Unit).where(Profile.group.in_(groups)).order_by(Profile.name)
    return render_template(
        "intake/capture.html",
        values=values,
        groups=[(g, [p for p in profiles if p.group_id == g.id]) for g in groups],
        refusal=refusal,
    )
