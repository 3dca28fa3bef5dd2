"""Connects flask-login to the users: a session cookie names a user and their session key."""

from typing import Any

from flask import Flask
from flask_login import LoginManager, UserMixin

from console.prepared import first, prepared
from models import User


class SignedIn(UserMixin):
    """Adapts a User to flask-login's interface; all other attributes are the user's."""

    def __init__(self, user: User):
        self.user = user

    def __getattr__(self, name: str) -> Any:
        return getattr(self.user, name)

    @property
    def is_active(self) -> bool:
        return self.user.active

    def get_id(self) -> str:
        """Contains the session key, so that a new key ends all of the user's sessions."""
        return f"{self.user.id}.{self.user.session_key}"


def init_app(app: Flask) -> None:
    manager = LoginManager(app)
    manager.session_protection = None  # it signs out whoever's IP address changes, as phones' do

    @manager.user_loader
    def load(session_id: str) -> SignedIn | None:
        user = user_of(session_id)
        return SignedIn(user) if user else None


def user_of(session_id: str) -> User | None:
    """The user of a session; None when it has ended."""
    id, _, key = session_id.partition(".")
    return first(_user(int(id), key))


@prepared
def _user(id, session_key):
    return User.select().where(User.id == id, User.session_key == session_key, User.active)
