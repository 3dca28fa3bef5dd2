"""Manages users: their passwords, whether they are active, and their groups."""

import secrets
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from peewee import IntegrityError

from console.audit import record
from console.entries.events import tell_user
from console.entries.names import ACTORS
from console.errors import Refused
from console.language import LANGUAGES, _, catalogue
from console.people import passwords, sessions
from console.storage import db, locked
from console.text.folding import fold_keeping_diacritics as _folded
from console.text.names import is_visible
from models import Group, Municipality, OneTimeLink, Seat, Session, SignInFailure, User


def add(
    name: str,
    password: str | None,
    role: str = User.MODERATOR,
    *,
    demo: bool = False,
    by: User | None = None,
) -> User:
    """Creates a user; without a password, none that anybody knows. The demonstration's may be any.

    Raises Refused: a name in use, an unknown role, a weak password.
    """
    name = " ".join(name.split())
    if len(name) > 80 or not is_visible(name) or not name.isprintable():
        raise Refused(_("A user's name has 1 to 80 characters."), "name")
    _check_role(role)
    if _folded(name) in map(_folded, _names_of_others()):
        raise Refused(_("This name is taken, or looks like one that is."), "name")
    if password is not None and not demo:
        check_password(name, password)
    try:
        with db.atomic():
            user = User.create(
                name=name,
                role=role,
                demo=demo,
                password_hash=passwords.hashed(password or secrets.token_urlsafe(32)),
            )
            record(by, "user.added", name, role)
            return user
    except IntegrityError:  # another was faster
        raise Refused(_("This name is taken, or looks like one that is."), "name") from None


def change_password(
    user: User, password: str, keep: Session | None = None, *, by: User | None = None
) -> None:
    """Sets the password; what failed with the old one is over. Ends all of the user's sessions.

    keep  the one that goes on
    """
    check_password(user.name, password)
    password_hash = passwords.hashed(password)
    with db.atomic():
        set_password_hash(user, password_hash, keep)
        record(by, "user.password", user.name)


@db.atomic()
def set_password_hash(user: User, password_hash: str, keep: Session | None = None) -> None:
    """For a transaction: to make a hash takes longer than one may last."""
    user.password_hash, user.demo = password_hash, False
    _withdraw_links(user)
    user.save(only=[User.password_hash, User.demo])
    SignInFailure.delete().where(SignInFailure.account == account_of(user.name)).execute()
    sessions.end_all(user, keep)


def check_password(name: str, password: str) -> None:
    """Raises Refused for a password that whoever knows the user, or this place, could guess."""
    groups = Group.select(Group.name, Municipality.name).join(Municipality)
    names: Iterable[Any] = groups.tuples()
    passwords.check(password, [name, *chain(*names)])


def renew_hash(user: User, password: str) -> None:
    """Hashes a password that was just found right in the present way, where that is another."""
    if passwords.is_outdated(user.password_hash):
        is_the_same = User.password_hash == user.password_hash
        renewed = passwords.hashed(password)
        User.update(password_hash=renewed).where(User.id == user.id, is_the_same).execute()


def change_role(by: User | None, user: User, role: str) -> None:
    """Their sessions go on, with the new role's rights. Raises Refused for the last administrator."""
    _check_role(role)
    with db.atomic():
        if role != User.ADMINISTRATOR:
            _refuse_the_last_administrator(user)
        user.role = role
        user.save(only=[User.role])
        record(by, "user.role", user.name, role)
        tell_user(user)


def deactivate(user: User, *, by: User | None = None) -> None:
    """Ends all of the user's sessions and refuses new ones; what they decided stays.

    Raises Refused for the last active administrator.
    """
    with db.atomic():
        _refuse_the_last_administrator(user)
        user.active = False
        _withdraw_links(user)
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


def _withdraw_links(user: User) -> None:
    OneTimeLink.delete().where(OneTimeLink.user == user, OneTimeLink.used.is_null()).execute()


def _check_role(role: str) -> None:
    if role not in (User.ADMINISTRATOR, User.MODERATOR):
        raise Refused(_("The role is either administrator or moderator."), "role")


def _refuse_the_last_administrator(user: User) -> None:
    """Within the transaction that changes the user."""
    active = User.select().where(User.active, User.role == User.ADMINISTRATOR)
    if {each.id for each in locked(active)} == {user.id}:
        raise Refused(
            _(
                "This is the last active administrator, who stays one: nobody else could manage the "
                "users. Make somebody else an administrator first."
            )
        )
