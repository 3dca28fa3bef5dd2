"""The capture form."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import current_user

from console.errors import Refused
from console.frame import frame_of
from console.groups.access import find_group, groups_of
from console.intake.capture import capture
from console.intake.forms import CaptureForm
from console.language import N_
from models import Profile, Unit

intake = Blueprint("intake", __name__, url_prefix="/intake")


@intake.record_once
def _register(state) -> None:
    frame_of(state.app).add_item("intake.edit_capture", N_("Add by hand"))


@intake.get("/capture")
def edit_capture():
    form = _form(group=request.args.get("group"), link=request.args.get("link"))
    return render_template("intake/capture.html", form=form)


@intake.post("/capture")
def save_capture():
    form = _form(request.form)
    group = find_group(current_user.user, form.group.data or "")
    try:
        form.check()
        values = form.text.data, form.author.data, form.link.data
        receipt = capture(group, current_user.user, *values, form.profile_of(group))
    except Refused as refusal:
        form.add_error(refusal)
        return render_template("intake/capture.html", form=form), refusal.status
    assert receipt.entry  # only a report may come before its entry
    return redirect(url_for("queue.show_entry", id=receipt.entry.id), 303)


def _form(formdata=None, **data) -> CaptureForm:
    groups = groups_of(current_user.user)
    profiles = Profile.select().join(Unit).where(Profile.group.in_(groups)).order_by(Profile.name)
    return CaptureForm(groups, list(profiles), formdata, **data)
