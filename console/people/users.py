"""Manages users: their passwords, whether they are active, and their groups."""

from collections.abc import Iterator

from peewee import IntegrityError
from werkzeug.security import generate_password_hash

from console.audit import record
from console.entries.events import tell_user
from console.entries.names import ACTORS
from console.errors import Refused
from console.language import LANGUAGES, _, catalogue
from console.people import sessions
from console.storage import db, locked
from console.text.folding import fold_keeping_diacritics as _folded
from console.text.names import is_visible
from models import Group, Seat, Session, SignInFailure, User

SHORTEST_PASSWORD = 12
PASSWORD_METHOD = "scrypt"


def add(
    name: str,
    password: str,
    role: str = User.MODERATOR,
    *,
    demo: bool = False,
    by: User | None = None,
) -> User:
    """Creates a user. Raises Refused: a name in use, an unknown role, a short password."""
    name = " ".join(name.split())
    if len(name) > 80 or not is_visible(name) or not name.isprintable():
        raise Refused(_("A user's name has 1 to 80 characters."), "name")
    if role not in (User.ADMINISTRATOR, User.MODERATOR):
        raise Refused(_("The role is either administrator or moderator."), "role")
    if _folded(name) in map(_folded, _names_of_others()):
        raise Refused(_("This name is taken, or looks like one that is."), "name")
    try:
        with db.atomic():
            user = User.create(
                name=name,
                role=role,
                demo=demo,
                password_hash=_hash(password, shortest=1 if demo else SHORTEST_PASSWORD),
            )
            record(by, "user.added", name, role)
            return user
    except IntegrityError:  # another was faster
        raise Refused(_("This name is taken, or looks like one that is."), "name") from None


@db.atomic()
def change_password(
    user: User, password: str, keep: Session | None = None, *, by: User | None = None
) -> None:
    """Sets the password; what failed with the old one is over. Ends all of the user's sessions.

    keep  the one that goes on
    """
    user.password_hash = _hash(password)
    user.demo = False
    user.save(only=[User.password_hash, User.demo])
    SignInFailure.delete().where(SignInFailure.account == account_of(user.name)).execute()
    record(by, "user.password", user.name)
    sessions.end_all(user, keep)


def deactivate(user: User, *, by: User | None = None) -> None:
    """Ends all of the user's sessions and refuses new ones; what they decided stays.

    Raises Refused for the last active administrator.
    """
    with db.atomic():
        administrators = User.select().where(User.active, User.role == User.ADMINISTRATOR)
        if user.is_administrator and {user.id for user in locked(administrators)} <= {user.id}:
            raise Refused(_("The last active administrator cannot be deactivated."))
        user.active = False
        user.save(only=[User.active])
        record(by, "user.deactivated", user.name)
        sessions.end_all(user)


def reactivate(user: User, *, by: User | None = None) -> None:
    user.active = True
    with db.atomic():
        user.save(only=[User.active])
        record(by, "user.reactivated", user.name, user.role)


def seat(user: User, groups: list[Group], *, by: User | None = None) -> None:
    """Gives the user seats in exactly these groups."""
    with db.atomic():
        had = Seat.delete().where(Seat.user == user).execute()
        for group in groups:
            Seat.create(user=user, group=group)
        if had or groups:
            seats = ", ".join(group.name for group in groups)
            record(by, "user.seats", user.name, seats or "none")
        tell_user(user)


def account_of(name: str) -> str:
    """What failures to sign in are counted under, whether there is such a user or not."""
    return name.strip().casefold()[:80]


def _names_of_others() -> Iterator[str]:
    """Whom else a trail names: "anna" or "screening" there must not be taken for "Anna" or a person."""
    yield from (user.name for user in User.select(User.name))
    yield from ACTORS
    yield from (catalogue(code).gettext(name) for code in LANGUAGES for name in ACTORS.values())


def administrators() -> list[str]:
    """The names of those who can be asked for something."""
    active = User.select(User.name).where(User.active, User.role == User.ADMINISTRATOR)
    return [user.name for user in active.order_by(User.name)]


def _hash(password: str, shortest: int = SHORTEST_PASSWORD) -> str:
    if len(password) < shortest:
        message = _("A password has at least %(count)s characters.")
        raise Refused(message % {"count": shortest}, "password")
    return generate_password_hash(password, PASSWORD_METHOD)
