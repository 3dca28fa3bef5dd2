"""Signs users in, with a rate limit per account and per IP address.

A browser in which somebody has signed in before has a count of its own for them: who guesses elsewhere
can lock the account for other strangers, not for whose it is.
"""

from datetime import datetime, timedelta
from functools import cache
from ipaddress import ip_address, ip_network
from typing import NamedTuple

from peewee import Expression

from console.errors import Refused, TooMany
from console.language import _
from console.outages import security_log
from console.people import passwords
from console.people.users import account_of, renew_hash
from console.storage import db, delete_in_batches, is_postgres, now
from models import SignInFailure, User

WINDOW = timedelta(minutes=15)
# Failures within WINDOW. One address reaches its own limit long before it locks an account for all.
PER_ACCOUNT_AND_ADDRESS, PER_ADDRESS, PER_ACCOUNT = 5, 30, 50
SIGN_IN_LOCK = 4  # the first of the two numbers that name an advisory lock


class KnownBrowser(NamedTuple):
    """One that keeps a signed cookie of who has signed in there."""

    name: str
    user_ids: tuple[int, ...]


def sign_in(name: str, password: str, address: str, browser: KnownBrowser | None = None) -> User:
    """The user of these credentials. Raises Refused when they are wrong, TooMany at the rate limit."""
    user = User.get_or_none(User.name == name.strip())
    is_known = bool(user and browser and user.id in browser.user_ids)
    account = account_of(name)
    source = browser.name if browser and is_known else network_of(address)
    _count(account, source, is_known)
    # Hash for an unknown name too, so that the time does not tell whether the account exists.
    is_right = passwords.matches(user.password_hash if user else _dummy_hash(), password)
    if not (user and is_right and user.active):
        who, what = user.name if user else "no such user", "account off" if is_right else "wrong"
        security_log.warning("password refused (%s): %r from %r", what, who, address)
        if user and is_right:
            raise Refused(_("This account is deactivated. Ask an administrator."))
        raise Refused(_("Wrong user name or password."))
    renew_hash(user, password)
    with db.atomic():
        SignInFailure.delete().where(
            (SignInFailure.account == account) & (SignInFailure.address == source)
            | (SignInFailure.at < now() - WINDOW)
        ).execute()
    return user


def confirm(user: User, password: str, address: str, browser: KnownBrowser | None = None) -> None:
    """Raises Refused unless this is the password of a user who has signed in, TooMany as above."""
    try:
        sign_in(user.name, password, address, browser)
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


def _count(account: str, source: str, is_known: bool) -> None:
    """Counts the attempt as a failure before it is known to be one: many at once all count.

    Raises TooMany, and does not count, at the rate limit.
    """
    with db.atomic():
        if is_postgres():  # SQLite has one writer anyway
            db.execute_sql(
                "SELECT pg_advisory_xact_lock(%s, hashtext(%s))", (SIGN_IN_LOCK, account)
            )
        _refuse_too_many(account, source, is_known)
        SignInFailure.create(account=account, address=source)


def _refuse_too_many(account: str, source: str, is_known: bool) -> None:
    def failures(*where: Expression) -> int:
        recent = SignInFailure.at > now() - WINDOW
        return SignInFailure.select().where(recent, *where).count()

    of_account, of_source = SignInFailure.account == account, SignInFailure.address == source
    if not is_known and failures(of_source) >= PER_ADDRESS:
        security_log.warning("sign-in throttled: too many failures from %r", source)
        raise TooMany(_("Too many attempts from your network. Wait 15 minutes."))
    is_too_many = failures(of_account, of_source) >= PER_ACCOUNT_AND_ADDRESS
    if is_too_many or (not is_known and failures(of_account) >= PER_ACCOUNT):
        message = _(
            "Too many attempts. Wait 15 minutes, or ask an administrator for a new password."
        )
        security_log.warning("sign-in throttled: too many failures of one account, from %r", source)
        raise TooMany(message)


@cache
def _dummy_hash() -> str:
    return passwords.hashed("nobody has this password")


def prune(at: datetime) -> int:
    """Deletes the failures that no limit counts any more."""
    return delete_in_batches(SignInFailure, SignInFailure.at < at - WINDOW)
