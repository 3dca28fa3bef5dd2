"""One-time links: whoever gets one from an administrator sets their own password with it."""

import secrets
from datetime import timedelta
from hashlib import sha256

from console import audit
from console.config import settings
from console.errors import NotFound, Refused
from console.language import _
from console.people import passkeys, passwords, users
from console.storage import db, locked, now
from models import OneTimeLink, User

LIFETIME = timedelta(days=1)
KEPT = timedelta(days=30)  # so long a link that was used says so


def make(by: User | None, user: User) -> str:
    """The address of a new link, which is not kept; the user's earlier ones are withdrawn."""
    if not user.active:
        raise Refused(_("This account is deactivated. Reactivate it first, then make a link."))
    token, at = secrets.token_urlsafe(32), now()
    with db.atomic():
        unused = (OneTimeLink.user == user) & OneTimeLink.used.is_null()
        OneTimeLink.delete().where(unused | (OneTimeLink.expires < at - KEPT)).execute()
        OneTimeLink.create(
            user=user, token_hash=_hash(token), made_by=by, created=at, expires=at + LIFETIME
        )
        audit.record(by, "user.link-made", user.name)
    return f"{settings().origin}/people/links/{token}"


def find(token: str) -> OneTimeLink:
    """With its user. Raises NotFound, which says what to do, for a link that cannot be used."""
    rows = OneTimeLink.select(OneTimeLink, User).join(User, on=OneTimeLink.user)
    is_for_this = OneTimeLink.purpose == OneTimeLink.PASSWORD
    link = rows.where(OneTimeLink.token_hash == _hash(token), is_for_this).first()
    if link is None:
        raise NotFound(
            _(
                "This link is not valid. Perhaps a part of it is missing, or a newer one has taken "
                "its place. Open the newest one whole, or ask an administrator for another."
            )
        )
    if link.used:
        raise NotFound(
            _(
                "This link has been used already; it works once. Sign in with the password that "
                "was set with it. If it was not you who set it, tell an administrator now."
            )
        )
    if link.expires <= now() or not link.user.active:
        raise NotFound(
            _("This link works no longer: it was good for a day. Ask an administrator for another.")
        )
    return link


def use(token: str, password: str, *, revoke_passkeys: bool = False) -> User:
    """Sets the password of the link's user. Raises NotFound as above, Refused for a weak password."""
    users.check_password(find(token).user.name, password)
    password_hash = passwords.hashed(password)
    with db.atomic():
        list(locked(OneTimeLink.select().where(OneTimeLink.token_hash == _hash(token))))
        link = find(token)
        link.used = now()
        link.save(only=[OneTimeLink.used])
        users.set_password_hash(link.user, password_hash)
        audit.record(link.user, "user.link-used", link.user.name)
        if revoke_passkeys:
            passkeys.revoke_all(link.user)
    return link.user


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
