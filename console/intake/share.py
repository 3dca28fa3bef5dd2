"""What is shared to the console, kept for minutes: over a sign-in, or because of its picture.

It is found by two secrets together: a token, in the address of the form, and the browser's, in a cookie.
So neither an address that is passed on nor another tab's share leads to it.
"""

import re
import secrets
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from peewee import fn

from console.errors import TooMany
from console.intake import pictures
from console.intake.pictures import Picture
from console.language import _
from console.outages import security_log
from console.people.signin import network_of
from console.storage import db, delete_in_batches, is_postgres, now
from console.text import addresses
from models import Entry, Share, User

LINK = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
# A stranger's within Share.LONGEST, and everybody's in all. Users have no limit.
PER_ADDRESS, MOST, MOST_BYTES = 10, 100, 200 * 1024 * 1024
SHARE_LOCK = 5, 0  # names an advisory lock


class Shared(NamedTuple):
    title: str
    text: str
    link: str


def read(title: str, text: str, url: str) -> Shared:
    """Android puts the link into the text; another app, perhaps, into the title."""
    title, text, url = (each.replace("\0", "").strip() for each in (title, text, url))
    links = [link for said in (url, text, title) for link in LINK.findall(said)]
    of_facebook = (link for link in links if addresses.read(link).platform)
    link = next(of_facebook, links[0] if links else url)
    if link:  # within a sentence it stays
        text = text.removeprefix(link).removesuffix(link).strip()
    return Shared("" if title == link else title, text, link)


def keep(shared: Shared, picture: bytes | None, browser: str, stranger: str | None) -> str:
    """The token by which this browser finds it. Raises TooMany for a stranger at a limit.

    stranger  the address of whoever has not signed in
    """
    token = secrets.token_urlsafe(32)
    with db.atomic():
        if stranger is not None:
            refuse_too_many(stranger)
        Share.create(
            token_hash=_hash(token, browser),
            address="" if stranger is None else network_of(stranger),
            title=shared.title,
            text=shared.text,
            url=shared.link,
            picture=picture,
        )
    return token


def refuse_too_many(address: str) -> None:
    """Raises TooMany when a stranger may leave nothing more for now."""
    if is_postgres() and db.in_transaction():  # SQLite has one writer anyway
        db.execute_sql("SELECT pg_advisory_xact_lock(%s, %s)", SHARE_LOCK)
    source, is_recent = network_of(address), Share.created > now() - Share.LONGEST
    size = fn.COALESCE(fn.SUM(fn.LENGTH(Share.picture)), 0)
    rows, bytes = Share.select(fn.COUNT(Share.id), size).scalar(as_tuple=True)
    if Share.select().where(Share.address == source, is_recent).count() >= PER_ADDRESS:
        security_log.warning("share throttled: too many from %r", source)
        raise TooMany(
            _(
                "Too much was shared from your network in ten minutes, so this was not kept. "
                "Sign in first, then share it again."
            )
        )
    if rows >= MOST or bytes >= MOST_BYTES:
        security_log.warning("share throttled: no room, from %r", source)
        raise TooMany(
            _(
                "There is no room now for what is shared before signing in, so this was not kept. "
                "Sign in first, then share it again."
            )
        )


def find(token: str, browser: str) -> Share | None:
    """None when it is too old, used, or another browser's."""
    is_it = Share.token_hash == _hash(token, browser)
    return Share.get_or_none(is_it, Share.created > now() - Share.LONGEST)


def use(kept: Share, entry: Entry, by: User, picture: Picture | None) -> None:
    """It has served: its picture, encoded anew, is the entry's now."""
    with db.atomic():
        if picture:
            pictures.add(entry, by, picture)
        kept.delete_instance()


def prune(at: datetime) -> int:
    return delete_in_batches(Share, Share.created <= at - Share.LONGEST)


def _hash(token: str, browser: str) -> str:
    return sha256(f"{token} {browser}".encode()).hexdigest()
