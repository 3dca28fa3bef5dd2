"""Connects flask-login to the sessions: its id of who has signed in is the key of a session."""

from typing import Any

from flask import Flask, request
from flask_login import LoginManager, UserMixin, current_user, login_user

from console.outages import security_log
from console.people import sessions
from models import Session


class SignedIn(UserMixin):
    """Adapts a session to flask-login's interface; all other attributes are the user's."""

    def __init__(self, session: Session, key: str):
        self.session, self.user = session, session.user
        self._key = key

    def __getattr__(self, name: str) -> Any:
        return getattr(self.user, name)

    @property
    def is_active(self) -> bool:
        return self.user.active

    @property
    def is_confirmed(self) -> bool:
        """Whether they proved a moment ago who they are."""
        return sessions.is_confirmed(self.session)

    def get_id(self) -> str:
        return self._key


def confirm_session(by: str) -> None:
    """They have just proved who they are, by a password or a passkey."""
    session = current_user.session
    login_user(SignedIn(session, sessions.mark_confirmed(session)))
    security_log.info("confirmed (%s): %r from %r", by, current_user.name, request.remote_addr)


def init_app(app: Flask) -> None:
    manager = LoginManager(app)
    manager.session_protection = None  # it signs out whoever's IP address changes, as phones' do

    @manager.user_loader
    def load(key: str) -> SignedIn | None:
        session = sessions.find(key)
        return SignedIn(session, key) if session else None

    @app.before_request
    def _note_use() -> None:
        view = app.view_functions.get(request.endpoint or "")
        if not getattr(view, "unattended", False) and current_user.is_authenticated:
            sessions.note_use(current_user.session, request.remote_addr or "")
