"""One's own sessions; and the question, before some forms, whether it is really oneself."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import current_user

from console.errors import NotFound, Refused
from console.people import sessions as verbs
from console.people import signin
from console.people.forms import ConfirmForm
from console.people.known_browser import known_browser
from console.people.signed_in import confirm_session
from console.web import asks_again, local
from models import Session

sessions = Blueprint("sessions", __name__, url_prefix="/people")

OWN = {"csrf_token", "current", "response"}  # the fields of the question itself


@sessions.get("/sessions")
def show_sessions():
    return render_template("people/sessions.html", sessions=verbs.sessions_of(current_user.user))


@sessions.post("/sessions/<id:id>")
@asks_again
def end_session(id: int):
    session = Session.get_or_none(Session.id == id, Session.user == current_user.user)
    if session is None:
        raise NotFound
    verbs.end(session)
    return redirect(url_for("sessions.show_sessions"), 303)


@sessions.post("/sessions")
@asks_again
def end_others():
    verbs.end_all(current_user.user, keep=current_user.session)
    return redirect(url_for("sessions.show_sessions"), 303)


@sessions.post("/confirm")
def save_confirm():
    """A form that `asks_again` holds up comes here, then with the password, and then goes on."""
    form = ConfirmForm(request.form)
    if "current" not in request.form:
        return confirm_page(ConfirmForm())
    try:
        form.check()
        signin.confirm(
            current_user.user, form.current.data, request.remote_addr or "", known_browser()
        )
    except Refused as refusal:
        form.add_error(refusal)
        return confirm_page(form), refusal.status
    confirm_session("password")
    return redirect(confirmed_address(), 307)  # the browser sends the fields once more, to there


def confirm_page(form: ConfirmForm):
    """The question, with all fields of the form that is held up."""
    held_up = [each for each in request.form.items(multi=True) if each[0] not in OWN]
    return render_template(
        "people/confirm.html", form=form, next=confirmed_address(), held_up=held_up
    )


def confirmed_address() -> str:
    """Where the form that is held up goes."""
    return local(request.args.get("next")) or "/"
