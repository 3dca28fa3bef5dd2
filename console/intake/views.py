"""The capture form."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import current_user

from console.errors import NotFound, Refused
from console.frame import frame_of
from console.groups.access import find_entry, find_group, groups_of
from console.groups.groups import group_named
from console.intake import capture, share
from console.intake.forms import AddressForm, CaptureForm
from console.intake.share_views import shared_here
from console.language import N_, _
from console.text import addresses
from models import Group, Profile, Unit

intake = Blueprint("intake", __name__, url_prefix="/intake")


@intake.record_once
def _register(state) -> None:
    frame_of(state.app).add_item("intake.edit_capture", N_("Add by hand"))


@intake.get("/capture")
def edit_capture():
    shared = shared_here()
    args = request.args | (shared.values() if shared else {})
    link = args.get("link", "")
    group = _named(link)
    slug = group.slug if group else args.get("group")
    form = _form(group=slug, link=link, text=args.get("text", ""))
    known = capture.known_entry(group, link) if group else None
    return render_template("intake/capture.html", form=form, known=known, shared=shared)


@intake.post("/capture")
def save_capture():
    """Adds it, or opens the entry that is there already. "look" only says what the link leads to."""
    form, shared = _form(request.form), shared_here()
    chosen = find_group(current_user.user, form.group.data) if form.group.data else None
    try:
        picture = shared.picture() if shared else None
        group = _agreed(chosen, form.link.data or "")
        entry = capture.known_entry(group, form.link.data or "")
        if entry is None and "look" in request.form:
            form.group.data = group.slug
            seen = addresses.read(form.link.data or "")
            return render_template("intake/capture.html", form=form, seen=seen, shared=shared)
        if entry is None:
            form.check()
            values = form.text.data, form.author.data, form.link.data
            of_unit = form.profile_of(group)
            entry = capture.capture(group, current_user.user, *values, of_unit).entry
    except Refused as refusal:
        form.add_error(refusal)
        kept = shared if refusal.field not in ("picture", "share") else None
        return render_template("intake/capture.html", form=form, shared=kept), refusal.status
    assert entry  # only a report may come before its entry
    if shared and shared.kept:
        share.use(shared.kept, entry, current_user.user, picture)
    return redirect(url_for("queue.show_entry", id=entry.id), 303)


@intake.get("/entries/<id:id>/address")
def edit_address(id: int):
    entry = find_entry(current_user.user, id)
    if not capture.lacks_address(entry):
        return redirect(url_for("queue.show_entry", id=id), 303)
    return render_template("intake/address.html", entry=entry, form=AddressForm())


@intake.post("/entries/<id:id>/address")
def save_address(id: int):
    """The real address of what was added by hand with a link that does not say what it leads to."""
    entry, form = find_entry(current_user.user, id), AddressForm(request.form)
    try:
        form.check()
        known = capture.set_address(entry, form.link.data)
    except Refused as refusal:
        form.add_error(refusal)
        page = render_template("intake/address.html", entry=entry, form=form)
        return page, refusal.status
    if known:
        return render_template("intake/address.html", entry=entry, form=form, known=known), 409
    return redirect(url_for("queue.show_entry", id=id), 303)


def _named(link: str) -> Group | None:
    """The group that the link names, if the user may see it."""
    named = group_named(addresses.read(link).group)
    try:
        return named and find_group(current_user.user, named.slug)
    except NotFound:
        return None


def _agreed(chosen: Group | None, link: str) -> Group:
    """The group that was chosen, or that the link names. Refused unless they agree."""
    group = chosen or _named(link)
    if group is None:
        raise Refused(
            _(
                "Choose the group: the link does not say which of yours it is. Nothing was saved, "
                "and what you typed is still here."
            ),
            "group",
        )
    capture.check_group(group, link)
    return group


def _form(formdata=None, **data) -> CaptureForm:
    groups = groups_of(current_user.user)
    profiles = Profile.select().join(Unit).where(Profile.group.in_(groups)).order_by(Profile.name)
    return CaptureForm(groups, list(profiles), formdata, **data)
