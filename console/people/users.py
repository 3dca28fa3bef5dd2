"""Manages users: their passwords, whether they are active, and their groups."""

import secrets

from peewee import IntegrityError
from werkzeug.security import generate_password_hash

from console.entries.events import tell_user
from console.errors import Refused
from console.language import _
from console.storage import db, locked
from models import Decision, Group, Seat, User

SHORTEST_PASSWORD = 12
PASSWORD_METHOD = "scrypt"
AUTOMATA = {Decision.SCREENING, Decision.PLATFORM}  # they decide under these names


def add(name: str, password: str, role: str = User.MODERATOR, *, demo: bool = False) -> User:
    """Creates a user. Raises Refused: a name in use, an unknown role, a short password."""
    name = name.strip()
    if not 1 <= len(name) <= 80 or not name.isprintable():
        raise Refused(_("A user's name has 1 to 80 characters."), "name")
    if role not in (User.ADMINISTRATOR, User.MODERATOR):
        raise Refused(_("The role is either administrator or moderator."), "role")
    taken = {user.name.casefold() for user in User.select(User.name)} | AUTOMATA
    if name.casefold() in taken:  # whoever reads "Anna" and "anna" in a trail takes them for one
        raise Refused(_("There is a user with this name already."), "name")
    try:
        with db.atomic():
            return User.create(
                name=name,
                role=role,
                demo=demo,
                password_hash=_hash(password, shortest=1 if demo else SHORTEST_PASSWORD),
                session_key=secrets.token_urlsafe(16),
            )
    except IntegrityError:
        raise Refused(_("There is a user with this name already."), "name") from None


def change_password(user: User, password: str) -> None:
    """Sets the password and ends all of the user's sessions."""
    user.password_hash = _hash(password)
    user.demo = False
    _end_sessions(user)
    user.save(only=[User.password_hash, User.session_key, User.demo])
    tell_user(user)


def deactivate(user: User) -> None:
    """Ends all of the user's sessions and refuses new ones; what they decided stays.

    Raises Refused for the last active administrator.
    """
    with db.atomic():
        administrators = User.select().where(User.active, User.role == User.ADMINISTRATOR)
        if user.is_administrator and {user.id for user in locked(administrators)} <= {user.id}:
            raise Refused(_("The last active administrator cannot be deactivated."))
        user.active = False
        _end_sessions(user)
        user.save(only=[User.active, User.session_key])
        tell_user(user)


def reactivate(user: User) -> None:
    user.active = True
    user.save(only=[User.active])


def seat(user: User, groups: list[Group]) -> None:
    """Gives the user seats in exactly these groups."""
    with db.atomic():
        Seat.delete().where(Seat.user == user).execute()
        for group in groups:
            Seat.create(user=user, group=group)
        tell_user(user)


def _end_sessions(user: User) -> None:
    user.session_key = secrets.token_urlsafe(16)


def _hash(password: str, shortest: int = SHORTEST_PASSWORD) -> str:
    if len(password) < shortest:
        message = _("A password has at least %(count)s characters.")
        raise Refused(message % {"count": shortest}, "password")
    return generate_password_hash(password, PASSWORD_METHOD)
