"""The capture form; the forms for what an entry still lacks that was captured."""

from secrets import token_hex

from flask import (
    Blueprint,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_login import current_user

from console.errors import NotFound, Refused
from console.forms import Form
from console.frame import frame_of
from console.groups.access import find_entry, find_group, groups_of
from console.groups.groups import group_named
from console.intake import completing, deciding, pictures, share
from console.intake.capture import capture
from console.intake.forms import AddressForm, AuthorForm, CaptureForm, TextForm
from console.intake.known import check_group, entry_alike, known_entry
from console.intake.pictures import Picture
from console.intake.receive import CHANGED, UNCHANGED, Receipt
from console.intake.share_views import MAX_BYTES, SharedHere, shared_here
from console.language import N_, _
from console.text import addresses
from console.web import htmx, takes
from models import Entry, Group, Profile, Unit

intake = Blueprint("intake", __name__, url_prefix="/intake")


@intake.record_once
def _register(state) -> None:
    frame_of(state.app).add_item("intake.edit_capture", N_("Add by hand"))


@intake.get("/capture")
def edit_capture():
    shared = shared_here()
    args = request.args | (shared.values() if shared else {})
    given = {name: args.get(name, "") for name in ("link", "text", "author")}
    stands = args.get("stands") or Entry.VISIBLE
    form = _form(group=args.get("group"), stands=stands, **given)
    form.understand_text() if given["text"] else form.understand()
    return _page(form, shared)


@intake.post("/capture")
@takes(MAX_BYTES)
def save_capture():
    """Adds it and perhaps decides, or opens the entry that is there; "look" only says what it is."""
    form, shared = _form(request.form), shared_here()
    form.understand()
    chosen = find_group(current_user.user, form.group.data) if form.group.data else None
    if "look" in request.form:
        return _look(form, shared, chosen)
    try:
        group = _agreed(chosen, form.link.data or "")
        picture = _picture(shared, known_entry(group, form.link.data or ""))
        form.group.data = group.slug
        form.check()
        receipt = _captured(form, group, picture)
    except Refused as refusal:
        form.add_error(refusal)
        kept = shared if refusal.field not in ("picture", "share") else None
        return _page(form, kept), refusal.status
    assert receipt.entry  # only a report may come before its entry
    if shared and shared.kept:
        share.use(shared.kept, receipt.entry, current_user.user, picture)
    return redirect(_page_of(receipt.entry), 303)


def _look(form: CaptureForm, shared: SharedHere | None, chosen: Group | None):
    """Saves nothing; it refuses only a link to another group than the one that was chosen."""
    link = form.link.data or ""
    try:
        if chosen:
            check_group(chosen, link)
    except Refused as refusal:
        form.add_error(refusal)
        return _page(form, shared), refusal.status
    group = chosen or _named(link)
    there = known_entry(group, link) if group and not htmx else None
    return redirect(_page_of(there), 303) if there else _page(form, shared)


def _page(form: CaptureForm, shared: SharedHere | None) -> str:
    """The form, what its link leads to, and the rules of its group as far as that is known."""
    link, slug = form.link.data or "", form.group.data
    group, groups = _named(link), groups_of(current_user.user)
    if group is None:
        group = next((each for each in groups if slug == each.slug or len(groups) == 1), None)
    form.group.data = group.slug if group else slug
    there = known_entry(group, link) if group else None
    said = form.text.data or "", form.author.data or ""
    return render_template(
        "intake/capture.html",
        form=form,
        shared=shared,
        known=there,
        alike=entry_alike(group, *said) if group and not there else None,
        seen=addresses.read(link) if link and request.method == "POST" else None,
        rules=deciding.buttons_of(group) if group else (),
        key=request.form.get("key") or token_hex(16),
    )


def _picture(shared: SharedHere | None, known: Entry | None) -> Picture | None:
    """The file that was chosen, or the one that was shared."""
    file = request.files.get("picture")
    data = file.read() if file else b""
    if data:
        return pictures.encoded_anew(data)
    if shared and known and not shared.kept:
        return None  # the form comes a second time, and its picture is there already
    return shared.picture() if shared else None


def _captured(form: CaptureForm, group: Group, picture: Picture | None) -> Receipt:
    """What is said of it stands on the entry's page."""
    user, said = current_user.user, request.form
    choice = deciding.choice(group, user, said.get("decision", ""), said.get("key", ""))
    receipt = capture(
        group,
        user,
        form.text.data or "",
        form.author.data or "",
        form.link.data or "",
        form.profile_of(group),
        stands=form.stands.data,
        reporter=form.reporter.data or "",
        picture=picture,
        then=choice.decide if choice else None,
    )
    if receipt.outcome == CHANGED:
        flash(_("This was here already. What is new about it was taken over: see the trail below."))
    elif receipt.outcome == UNCHANGED:
        flash(_("This was here already, and nothing about it is new. It stands as it was."))
    elif choice and choice.refusal:
        flash(choice.refusal)
    return receipt


def _page_of(entry: Entry) -> str:
    return url_for("queue.show_entry", id=entry.id)


@intake.get("/ways")
def show_ways():
    """How what is seen on Facebook gets here fastest."""
    origin = current_app.config["SETTINGS"].origin or request.host_url.rstrip("/")
    address = origin + url_for("shares.edit_share")
    bookmarklet = (
        f"javascript:void(open('{address}?u='+encodeURIComponent(location.href)"
        "+'&t='+encodeURIComponent(getSelection())))"
    )
    return render_template("intake/ways.html", bookmarklet=bookmarklet)


@intake.get("/entries/<id:id>/<any(address, text, author):what>")
def edit_missing(id: int, what: str):
    """What an entry lacks that was added by hand: its text, its author, its real address."""
    entry = find_entry(current_user.user, id)
    forms = missing_forms(entry)
    if what not in forms:
        return redirect(_page_of(entry), 303)
    return _missing(entry, what, forms[what])


@intake.post("/entries/<id:id>/<any(address, text, author):what>")
def save_missing(id: int, what: str):
    entry = find_entry(current_user.user, id)
    form = form_of(what, entry, request.form)
    try:
        form.check()
        known = _complete(entry, what, form)
    except Refused as refusal:
        form.add_error(refusal)
        return _missing(entry, what, form), refusal.status
    if known:
        return _missing(entry, what, form, known), 409
    return redirect(_page_of(entry), 303)


def _complete(entry: Entry, what: str, form: Form) -> Entry | None:
    """Another entry that has the address already."""
    user, said = current_user.user, form.data
    if what == "address":
        return completing.set_address(entry, user, said["link"])
    if what == "text":
        completing.set_text(entry, user, said["text"])
    else:
        assert isinstance(form, AuthorForm)
        completing.name_author(entry, user, said["author"] or "", form.chosen)
    return None


def _missing(entry: Entry, what: str, form: Form, known: Entry | None = None) -> str:
    return render_template(
        "intake/missing.html", entry=entry, what=what, missing={what: form}, known=known
    )


def missing_forms(entry: Entry) -> dict[str, Form]:
    """{what the entry lacks: the form for it}"""
    return {what: form_of(what, entry) for what in completing.missing(entry)}


def form_of(what: str, entry: Entry, formdata=None) -> Form:
    if what == "author":
        return AuthorForm(entry.group, _profiles([entry.group]), formdata)
    return TextForm(formdata) if what == "text" else AddressForm(formdata)


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
    check_group(group, link)
    return group


def _form(formdata=None, **data) -> CaptureForm:
    groups = groups_of(current_user.user)
    return CaptureForm(groups, _profiles(groups), formdata, **data)


def _profiles(groups: list[Group]) -> list[Profile]:
    """Those of units."""
    of_units = Profile.select().join(Unit).where(Profile.group.in_(groups))
    return list(of_units.order_by(Profile.name))
