"""Sign in and out; the users, for administrators; one's own password and language."""

from secrets import token_hex
from urllib.parse import urlsplit

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask_login import current_user, login_user, logout_user

from console.config import is_loopback
from console.entries.events import tell_user
from console.errors import NotFound, Refused
from console.frame import frame_of
from console.language import LANGUAGES, N_, _
from console.people import signin, users
from console.people.session import SignedIn
from console.web import administrators_only, get_or_404, local, public, whole
from models import Group, Seat, User

people = Blueprint("people", __name__, url_prefix="/people")


@people.record_once
def _into_the_frame(state) -> None:
    frame_of(state.app).add_item("people.edit_users", N_("Users"), administrators_only=True)


@people.get("/sign-in")
@public
def edit_sign_in():
    return _form()


@people.post("/sign-in")
@public
def save_sign_in():
    name = request.form.get("name", "")
    try:
        user = signin.sign_in(name, request.form.get("password", ""), request.remote_addr or "")
        _keep_the_demonstration_here(user)
    except Refused as refusal:
        return _form(name, refusal.message), refusal.status
    _clear_session()
    session.permanent = True
    session["browser"] = token_hex(8)  # names this session among the user's
    login_user(SignedIn(user))
    return redirect(local(request.form.get("next")) or "/", 303)


@people.post("/sign-out")
def sign_out():
    tell_user(current_user.user, session.get("browser", ""))
    logout_user()
    _clear_session()
    return redirect(url_for("people.edit_sign_in"), 303)


@people.post("/language")
@public
def save_language():
    """A user's choice is kept with the user, a stranger's in the browser."""
    chosen = request.form.get("language")
    if chosen in LANGUAGES and current_user.is_authenticated:
        User.update(language=chosen).where(User.id == current_user.id).execute()
    elif chosen in LANGUAGES:
        session["language"] = chosen
    return redirect(local(request.form.get("back")) or "/", 303)


@people.get("/account")
def edit_account():
    return render_template("people/account.html")


@people.post("/account")
def save_password():
    form = request.form
    try:
        signin.sign_in(current_user.name, form.get("current", ""), request.remote_addr or "")
        users.change_password(current_user.user, form.get("password", ""))
    except Refused as refusal:
        return render_template("people/account.html", refusal=refusal.message), refusal.status
    login_user(SignedIn(current_user.user))  # this session goes on, the others end
    return render_template("people/account.html", changed=True)


@people.get("/users")
@administrators_only
def edit_users():
    return _users()


@people.post("/users")
@administrators_only
def save_new_user():
    form = request.form
    try:
        new = users.add(form.get("name", ""), form.get("password", ""), form.get("role", ""))
        users.seat(new, _chosen_groups())
    except Refused as refusal:
        return _users(refusal.message), refusal.status
    return redirect(url_for("people.edit_users"), 303)


@people.post("/users/<id:id>")
@administrators_only
def save_user(id: int):
    user = get_or_404(User.select().where(User.id == id))
    change = {
        "seats": lambda: users.seat(user, _chosen_groups()),
        "password": lambda: users.change_password(user, request.form.get("password", "")),
        "deactivate": lambda: users.deactivate(user),
        "reactivate": lambda: users.reactivate(user),
    }.get(request.form.get("change", ""))
    if change is None:
        raise NotFound
    try:
        change()
    except Refused as refusal:
        return _users(refusal.message), refusal.status
    return redirect(url_for("people.edit_users"), 303)


def _clear_session() -> None:
    """Only the language chosen in this browser outlives signing in and out."""
    chosen = session.get("language")
    session.clear()
    if chosen:
        session["language"] = chosen


def _keep_the_demonstration_here(user: User) -> None:
    """Its passwords are known to everybody. A proxy on this machine shows in the host's name."""
    host = urlsplit(request.host_url).hostname or ""
    if user.demo and not (is_loopback(request.remote_addr or "") and is_loopback(host)):
        raise Refused(_("The demonstration's accounts work on this machine only."))


def _form(name: str = "", refusal: str = ""):
    target = local(request.values.get("next"))
    return render_template("people/sign_in.html", name=name, refusal=refusal, next=target)


def _users(refusal: str = ""):
    seats: dict[int, set[int]] = {}
    for seat in Seat.select():
        seats.setdefault(seat.user_id, set()).add(seat.group_id)
    return render_template(
        "people/users.html",
        users=list(User.select().order_by(User.active.desc(), User.name)),
        groups=list(Group.select().order_by(Group.name)),
        seats=seats,
        refusal=refusal,
    )


def _chosen_groups() -> list[Group]:
    ids = [whole(id) for id in request.form.getlist("group")]
    return list(Group.select().where(Group.id.in_(ids)))
