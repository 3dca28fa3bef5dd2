"""Signs users in, with a rate limit per account and per IP address."""

from datetime import timedelta
from functools import cache

from peewee import Expression
from werkzeug.security import check_password_hash, generate_password_hash

from console.errors import Refused, TooMany
from console.language import _
from console.storage import db, now
from models import SignInFailure, User

WINDOW = timedelta(minutes=15)
# Failures within WINDOW. One address reaches its own limit long before it locks an account for all.
PER_ACCOUNT_AND_ADDRESS, PER_ADDRESS, PER_ACCOUNT = 5, 30, 50


def sign_in(name: str, password: str, address: str) -> User:
    """The user of these credentials. Raises Refused when they are wrong, TooMany at the rate limit."""
    account = name.strip().casefold()[:80]
    if _throttled(account, address):
        raise TooMany(_("Too many attempts. Wait 15 minutes, or ask an administrator."))
    user = User.get_or_none(User.name == name.strip())
    # Hash for an unknown name too, so that the time does not tell whether the account exists.
    is_right = check_password_hash(user.password_hash if user else _dummy_hash(), password)
    if not (user and is_right and user.active):
        SignInFailure.create(account=account, address=address)
        if user and is_right:
            raise Refused(_("This account is deactivated. Ask an administrator."))
        raise Refused(_("Wrong user name or password."))
    with db.atomic():
        SignInFailure.delete().where(
            (SignInFailure.account == account) & (SignInFailure.address == address)
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


def _throttled(account: str, address: str) -> bool:
    def failures(*where: Expression) -> int:
        recent = SignInFailure.at > now() - WINDOW
        return SignInFailure.select().where(recent, *where).count()

    of_account, of_address = SignInFailure.account == account, SignInFailure.address == address
    return (
        failures(of_account, of_address) >= PER_ACCOUNT_AND_ADDRESS
        or failures(of_address) >= PER_ADDRESS
        or failures(of_account) >= PER_ACCOUNT
    )


@cache
def _dummy_hash() -> str:
    return generate_password_hash("nobody has this password")
