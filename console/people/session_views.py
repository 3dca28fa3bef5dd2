"""One's own sessions."""

from flask import Blueprint, redirect, render_template, url_for
from flask_login import current_user

from console.errors import NotFound
from console.people import sessions as verbs
from models import Session

sessions = Blueprint("sessions", __name__, url_prefix="/people")


@sessions.get("/sessions")
def show_sessions():
    return render_template("people/sessions.html", sessions=verbs.sessions_of(current_user.user))


@sessions.post("/sessions/<id:id>")
def end_session(id: int):
    session = Session.get_or_none(Session.id == id, Session.user == current_user.user)
    if session is None:
        raise NotFound
    verbs.end(session)
    return redirect(url_for("sessions.show_sessions"), 303)


@sessions.post("/sessions")
def end_others():
    verbs.end_all(current_user.user, keep=current_user.session)
    return redirect(url_for("sessions.show_sessions"), 303)
