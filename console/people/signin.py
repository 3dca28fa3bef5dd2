"""Signs users in, with a rate limit per account and per IP address."""

from datetime import datetime, timedelta
from functools import cache
from ipaddress import ip_address, ip_network
from threading import BoundedSemaphore

from peewee import Expression
from werkzeug.security import check_password_hash, generate_password_hash

from console.errors import Refused, TooMany
from console.language import _
from console.people.users import account_of
from console.storage import db, delete_in_batches, is_postgres, now
from models import SignInFailure, User

WINDOW = timedelta(minutes=15)
# Failures within WINDOW. One address reaches its own limit long before it locks an account for all.
PER_ACCOUNT_AND_ADDRESS, PER_ADDRESS, PER_ACCOUNT = 5, 30, 50
SIGN_IN_LOCK = 4  # the first of the two numbers that name an advisory lock
_HASHING = BoundedSemaphore(4)  # each takes 32 MB, and a processor


def sign_in(name: str, password: str, address: str) -> User:
    """The user of these credentials. Raises Refused when they are wrong, TooMany at the rate limit."""
    account, network = account_of(name), network_of(address)
    _count(account, network)
    user = User.get_or_none(User.name == name.strip())
    # Hash for an unknown name too, so that the time does not tell whether the account exists.
    with _HASHING:
        is_right = check_password_hash(user.password_hash if user else _dummy_hash(), password)
    if not (user and is_right and user.active):
        if user and is_right:
            raise Refused(_("This account is deactivated. Ask an administrator."))
        raise Refused(_("Wrong user name or password."))
    with db.atomic():
        SignInFailure.delete().where(
            (SignInFailure.account == account) & (SignInFailure.address == network)
            | (SignInFailure.at < now() - WINDOW)
        ).execute()
    return user


def confirm(user: User, password: str, address: str) -> None:
    """Raises Refused unless this is the password of a user who has signed in, TooMany as above."""
    try:
        sign_in(user.name, password, address)
    except TooMany:
        raise
    except Refused:
        raise Refused(_("This is not your present password."), "current") from None


def network_of(address: str) -> str:
    """Whom the rate limit means by an address: of IPv6, a connection has a whole /64."""
    try:
        known = ip_address(address)
    except ValueError:  # a proxy may hand on anything
        return address[:64]
    return str(ip_network((known, 64), strict=False) if known.version == 6 else known)


def _count(account: str, network: str) -> None:
    """Counts the attempt as a failure before it is known to be one: many at once all count.

    Raises TooMany, and does not count, at the rate limit.
    """
    with db.atomic():
        if is_postgres():  # SQLite has one writer anyway
            db.execute_sql(
                "SELECT pg_advisory_xact_lock(%s, hashtext(%s))", (SIGN_IN_LOCK, account)
            )
        _refuse_too_many(account, network)
        SignInFailure.create(account=account, address=network)


def _refuse_too_many(account: str, address: str) -> None:
    def failures(*where: Expression) -> int:
        recent = SignInFailure.at > now() - WINDOW
        return SignInFailure.select().where(recent, *where).count()

    of_account, of_address = SignInFailure.account == account, SignInFailure.address == address
    if failures(of_address) >= PER_ADDRESS:
        raise TooMany(_("Too many attempts from your network. Wait 15 minutes."))
    of_both = failures(of_account, of_address)
    if of_both >= PER_ACCOUNT_AND_ADDRESS or failures(of_account) >= PER_ACCOUNT:
        message = _(
            "Too many attempts. Wait 15 minutes, or ask an administrator for a new password."
        )
        raise TooMany(message)


@cache
def _dummy_hash() -> str:
    return generate_password_hash("nobody has this password")


def prune(at: datetime) -> int:
    """Deletes the failures that no limit counts any more."""
    return delete_in_batches(SignInFailure, SignInFailure.at < at - WINDOW)
