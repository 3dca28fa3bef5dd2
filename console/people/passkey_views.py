"""One's own passkeys, and signing in with one."""

from datetime import datetime

from flask import (
    Blueprint,
    Response,
    current_app,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_login import current_user

from console import config
from console.errors import NotFound, Refused
from console.language import _
from console.outages import security_log
from console.people import passkeys as verbs
from console.people.forms import ConfirmForm, PasskeyForm, SignInForm
from console.people.passkeys import Challenge
from console.people.session_views import confirm_page, confirmed_address
from console.people.signed_in import confirm_session
from console.people.views import begin_session, keep_the_demonstration_here, sign_in_page
from console.web import asks_again, htmx, local, public
from models import Passkey

passkeys = Blueprint("passkeys", __name__, url_prefix="/people/passkeys")

# What an administrator may do who has to use a passkey, and signed in without.
OPEN = (
    "passkeys.edit_passkeys",
    "passkeys.options_to_add",
    "passkeys.save_passkey",
    "passkeys.begin",
    "passkeys.confirm",
    "sessions.save_confirm",
    "people.sign_out",
)


@passkeys.record_once
def _register(state) -> None:
    state.app.jinja_env.globals["passkey_origin"] = _origin


@passkeys.before_app_request
def _ask_administrators_for_a_passkey():
    if not _lacks_a_passkey():
        return None
    g.without_frame = True
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None or getattr(view, "public", False) or request.endpoint in OPEN:
        return None
    if request.accept_mimetypes.best == "text/event-stream":
        return "", 204  # a stream that shall not be tried again
    there = url_for("passkeys.edit_passkeys")
    return ("", 204, {"HX-Redirect": there}) if htmx else redirect(there, 303)


@passkeys.get("")
def edit_passkeys():
    return _page(PasskeyForm())


@passkeys.get("/options-to-add")
def options_to_add():
    _refuse_whom_a_password_is_not_enough()
    challenge = _new_challenge(verbs.handle_of(current_user.user))
    return _json(verbs.options_to_add(current_user.user, challenge))


@passkeys.post("/begin")
@asks_again
def begin():
    """Asks before a passkey is made: the response of a device could not be held up."""
    return redirect(url_for(".edit_passkeys"), 303)


@passkeys.post("")
def save_passkey():
    form, challenge = PasskeyForm(request.form), _challenge()
    try:
        _refuse_whom_a_password_is_not_enough()
        form.check()
        verbs.add(current_user.user, form.name.data, form.response.data, challenge)
    except Refused as refusal:
        form.add_error(refusal)
        return _page(form), refusal.status
    session["signed_in_by"] = "passkey"
    return redirect(url_for(".edit_passkeys"), 303)


@passkeys.post("/<id:id>/revoke")
@asks_again
def revoke(id: int):
    verbs.revoke(current_user.user, id)
    return redirect(url_for(".edit_passkeys"), 303)


@passkeys.get("/options-to-sign-in")
@public
def options_to_sign_in():
    if not _origin():
        raise NotFound
    challenge = _new_challenge()
    return _json(verbs.options_to_sign_in(challenge))


@passkeys.post("/sign-in")
@public
def sign_in():
    challenge = _challenge()
    try:
        user = verbs.sign_in(request.form.get("response", ""), challenge)
        keep_the_demonstration_here(user)
    except Refused as refusal:
        security_log.warning("passkey refused: from %r", request.remote_addr)
        form = SignInForm()
        form.add_error(refusal)
        return sign_in_page(form), refusal.status
    begin_session(user, "passkey")
    return redirect(local(request.form.get("next")) or "/", 303)


@passkeys.post("/confirm")
def confirm():
    """Instead of the password, where `asks_again` holds up a form; then the form goes on."""
    challenge = _challenge()
    try:
        if verbs.sign_in(request.form.get("response", ""), challenge) != current_user.user:
            raise Refused(_("This passkey is not yours. Use one of your own, or your password."))
    except Refused as refusal:
        security_log.warning("passkey refused: %r from %r", current_user.name, request.remote_addr)
        form = ConfirmForm()
        form.add_error(refusal)
        return confirm_page(form), refusal.status
    confirm_session("passkey")
    return redirect(confirmed_address(), 307)


def _lacks_a_passkey() -> bool:
    return (
        config.settings().admin_passkeys
        and current_user.is_authenticated
        and current_user.is_administrator
        and session.get("signed_in_by") != "passkey"
    )


def _may_add() -> bool:
    """With a stolen password nobody adds a passkey beside those that protect the account."""
    if not _lacks_a_passkey() or session.get("signed_in_by") == "link":
        return True
    return not current_user.passkeys.exists()


def _refuse_whom_a_password_is_not_enough() -> None:
    if not _origin():
        raise NotFound
    if not _may_add():
        raise Refused(_("Sign in with the passkey that you have, before you add another."))
    if not current_user.is_confirmed:
        raise Refused(_("Confirm first that it is you. Nothing was added."))


def _new_challenge(handle: bytes = b"") -> Challenge:
    """It stays in the session until it is answered."""
    challenge = Challenge.new(handle)
    session["challenge"] = challenge.value.hex(), challenge.made.isoformat(), handle.hex()
    return challenge


def _challenge() -> Challenge | None:
    """The session's, which is taken out of it: each is good for one answer."""
    if "challenge" not in session:
        return None
    value, made, handle = session.pop("challenge")
    return Challenge(bytes.fromhex(value), datetime.fromisoformat(made), bytes.fromhex(handle))


def _json(text: str) -> Response:
    return Response(text, mimetype="application/json")


def _origin() -> str:
    """Where passkeys work; "" where they do not."""
    settings = config.settings()
    return settings.origin if settings.passkey_host else ""


def _page(form: PasskeyForm):
    return render_template(
        "people/passkeys.html",
        form=form,
        passkeys=list(current_user.passkeys.order_by(Passkey.id)),
        is_required=_lacks_a_passkey(),
        may_add=_may_add(),
    )
