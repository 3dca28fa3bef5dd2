"""Sign in and out; the users, for administrators; one's own password and language."""

from urllib.parse import urlsplit

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from flask_login import current_user, login_user, logout_user

from console.config import is_loopback
from console.errors import Refused
from console.frame import frame_of
from console.language import LANGUAGES, N_, _
from console.outages import security_log
from console.people import links, sessions, signin, users
from console.people.forms import (
    ROLES,
    ChangePasswordForm,
    NewUserForm,
    SeatsForm,
    SignInForm,
    UserForm,
)
from console.people.known_browser import known_browser, remember
from console.people.signed_in import SignedIn, confirm_session
from console.storage import now
from console.web import administrators_only, asks_again, get_or_404, local, public
from models import Group, Seat, User

people = Blueprint("people", __name__, url_prefix="/people")


@people.record_once
def _register(state) -> None:
    frame = frame_of(state.app)
    frame.add_item("people.edit_users", N_("Users"), administrators_only=True)
    frame.add_context(lambda: {"administrators": users.administrators})


@people.get("/sign-in")
@public
def edit_sign_in():
    return sign_in_page(SignInForm())


@people.post("/sign-in")
@public
def save_sign_in():
    form = SignInForm(request.form)
    try:
        form.check()
        user = signin.sign_in(
            form.name.data, form.password.data, request.remote_addr or "", known_browser()
        )
        keep_the_demonstration_here(user)
    except Refused as refusal:
        form.add_error(refusal)
        return sign_in_page(form), refusal.status
    begin_session(user, "password", is_own_device=form.own_device.data)
    return redirect(local(request.form.get("next")) or "/", 303)


@people.post("/sign-out")
def sign_out():
    sessions.end(current_user.session)
    security_log.info("signed out: %r from %r", current_user.name, request.remote_addr)
    logout_user()
    _clear_session()
    answer = redirect(url_for("people.edit_sign_in"), 303)
    # Not "cookies": the known browser's shall stay.
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


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
    return render_template("people/account.html", form=ChangePasswordForm())


@people.post("/account")
def save_password():
    form = ChangePasswordForm(request.form)
    try:
        form.check()
        signin.confirm(
            current_user.user, form.current.data, request.remote_addr or "", known_browser()
        )
        users.change_password(
            current_user.user, form.password.data, keep=current_user.session, by=current_user.user
        )
        confirm_session("password")
    except Refused as refusal:
        form.add_error(refusal)
        return render_template("people/account.html", form=form), refusal.status
    return render_template("people/account.html", form=ChangePasswordForm(), changed=True)


@people.get("/users")
@administrators_only
def edit_users():
    return _users_page()


@people.post("/users")
@administrators_only
@asks_again
def save_new_user():
    form = NewUserForm(_all_groups(), request.form)
    try:
        form.check()
        by = current_user.user
        new = users.add(form.name.data, None, form.role.data, by=by)
        users.seat(new, form.chosen, by=by)
    except Refused as refusal:
        form.add_error(refusal)
        return _users_page(form), refusal.status
    return _link_page(new)


@people.post("/users/<id:id>")
@administrators_only
@asks_again
def save_user(id: int):
    user = get_or_404(User.select().where(User.id == id))
    is_of_seats = request.form.get("change") == "seats"
    form = SeatsForm(_all_groups(), request.form) if is_of_seats else UserForm(request.form)
    try:
        shown = _change(user, form)
    except Refused as refusal:
        form.add_error(refusal)
        return _users_page(refused={(id, type(form)): form}), refusal.status
    return shown or redirect(url_for("people.edit_users"), 303)


def _change(user: User, form: SeatsForm | UserForm) -> str | None:
    """Returns the page of a new link, which is shown this once."""
    by = current_user.user
    match request.form.get("change"):
        case "seats":
            form.check()
            users.seat(user, form.chosen, by=by)
        case "link":
            return _link_page(user)
        case User.ADMINISTRATOR | User.MODERATOR as role:
            users.change_role(by, user, role)
        case "deactivate":
            users.deactivate(user, by=by)
        case "reactivate":
            users.reactivate(user, by=by)
        case "sign-out":
            sessions.sign_out_everywhere(user, by)
        case _:
            abort(404)
    return None


def _link_page(user: User) -> str:
    link = links.make(current_user.user, user)
    return render_template("people/link.html", user=user, link=link, expires=now() + links.LIFETIME)


def begin_session(user: User, signed_in_by: str, *, is_own_device: bool = False) -> None:
    """signed_in_by  password, passkey, link, or demonstration: the address that `make run` prints"""
    if current_user.is_authenticated:
        sessions.end(current_user.session)  # nobody could return to it
    _clear_session()
    session.permanent = True
    session["signed_in_by"] = signed_in_by
    browser, address = request.user_agent.string, request.remote_addr or ""
    login_user(SignedIn(*sessions.begin(user, browser, address, is_own_device=is_own_device)))
    remember(user)
    security_log.info("signed in (%s): %r from %r", signed_in_by, user.name, address)


def _clear_session() -> None:
    """Only the language chosen in this browser outlives signing in and out."""
    chosen = session.get("language")
    session.clear()
    if chosen:
        session["language"] = chosen


def keep_the_demonstration_here(user: User) -> None:
    """Its passwords are printed at each start. A proxy on this machine shows in the host's name."""
    host = urlsplit(request.host_url).hostname or ""
    if user.demo and not (is_loopback(request.remote_addr or "") and is_loopback(host)):
        security_log.warning("demonstration refused: %r from %r", user.name, request.remote_addr)
        raise Refused(_("The demonstration's accounts work on this machine only."))


def sign_in_page(form: SignInForm):
    target = local(request.values.get("next"))
    return render_template("people/sign_in.html", form=form, next=target)


def _users_page(new: NewUserForm | None = None, refused: dict | None = None):
    """With the forms that were refused, and fresh ones for the rest: {(user's id, class): form}."""
    seats: dict[int, list[int]] = {}
    for seat in Seat.select():
        seats.setdefault(seat.user_id, []).append(seat.group_id)
    groups, everybody = _all_groups(), list(User.select().order_by(User.active.desc(), User.name))
    forms = {(user.id, UserForm): UserForm() for user in everybody}
    for user in everybody:
        forms[user.id, SeatsForm] = SeatsForm(groups, group=seats.get(user.id))
    forms |= refused or {}
    return render_template(
        "people/users.html",
        users=[(user, forms[user.id, SeatsForm], forms[user.id, UserForm]) for user in everybody],
        new=new or NewUserForm(groups),
        roles=ROLES,
        numbers=sessions.numbers(),
    )


def _all_groups() -> list[Group]:
    return list(Group.select().order_by(Group.name))
