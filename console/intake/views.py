"""The capture form."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import current_user

from console.errors import Refused
from console.groups.access import find_group
from console.intake.capture import capture
from console.queue.lists import desk_of

intake = Blueprint("intake", __name__, url_prefix="/intake")


@intake.get("/capture")
def capture_form():
    return _form({"group": request.args.get("group"), "link": request.args.get("link")})


@intake.post("/capture")
def captured():
    form = request.form
    group = find_group(current_user.user, form.get("group", ""))
    try:
        receipt = capture(group, form.get("text", ""), form.get("author", ""), form.get("link", ""))
    except Refused as refusal:
        return _form(form, refusal.message), refusal.status
    return redirect(url_for("queue.entry", id=receipt.entry.id), 303)


def _form(values, refusal: str = ""):
    groups = desk_of(current_user.user).groups
    return render_template("intake/capture.html", values=values, groups=groups, refusal=refusal)
