"""Sessions: rows, each found by the hash of a random key that only its browser's cookie holds."""

from __future__ import annotations

import logging
from collections import Counter
from datetime import timedelta
from hashlib import sha256
from secrets import token_urlsafe

from peewee import ModelSelect

from console import config
from console.audit import record
from console.entries.events import tell_user
from console.outages import ERRORS
from console.people.browsers import browser_of, system_of
from console.prepared import first, prepared
from console.storage import db, now
from models import Session, User

log = logging.getLogger(__name__)

MOST = 20  # of one user: beyond them, the one that was used the longest ago ends
CONFIRMED_FOR = timedelta(minutes=15)
SEEN_TO = timedelta(minutes=1)  # so that not every page that is read writes a row


def begin(
    user: User, user_agent: str, address: str, *, is_own_device: bool = False
) -> tuple[Session, str]:
    """The session, and the key by which `find` finds it."""
    key = token_urlsafe(32)
    longest = Session.LONGEST // timedelta(hours=1)
    with db.atomic():
        Session.delete().where(Session.seen < now() - Session.LONGEST).execute()
        for surplus in _sessions_of(user).offset(MOST - 1).limit(MOST):
            end(surplus)
        session = Session.create(
            user=user,
            key_hash=_hash(key),
            browser=browser_of(user_agent),
            system=system_of(user_agent),
            address=address[:64],
            idle_hours=longest if is_own_device else config.settings().idle_hours,
        )
    return session, key


def find(key: str) -> Session | None:
    """The session with its user; None when it has ended."""
    session = first(_session(_hash(key)))
    return session if session and now() < session.ends else None


@prepared
def _session(key_hash):
    return Session.select(Session, User).join(User).where(Session.key_hash == key_hash, User.active)


def note_use(session: Session, address: str) -> None:
    """When and where it was last seen. While the database takes no writing it stays as it was."""
    if now() - session.seen < SEEN_TO:
        return
    try:
        seen = {Session.seen: now(), Session.address: address[:64]}
        Session.update(seen).where(Session.id == session.id).execute()
    except ERRORS:
        log.warning("a session's use was not noted", exc_info=True)


def is_confirmed(session: Session) -> bool:
    return now() - session.confirmed < CONFIRMED_FOR


def mark_confirmed(session: Session) -> str:
    """Returns the session's new key: a copy of the cookie of before is of no use any more."""
    key = token_urlsafe(32)
    session.confirmed, session.key_hash = now(), _hash(key)
    session.save(only=[Session.confirmed, Session.key_hash])
    return key


def sessions_of(user: User) -> list[Session]:
    """Those that go on, the last used first."""
    at = now()
    return [session for session in _sessions_of(user) if at < session.ends]


def _sessions_of(user: User) -> ModelSelect[Session]:
    return Session.select().where(Session.user == user).order_by(Session.seen.desc())


def numbers() -> Counter[int]:
    """How many sessions go on: {user's id: number}."""
    at = now()
    return Counter(session.user_id for session in Session.select() if at < session.ends)


@db.atomic()
def end(session: Session) -> None:
    session.delete_instance()
    tell_user(session.user, session.key_hash)


@db.atomic()
def end_all(user: User, keep: Session | None = None) -> None:
    """Ends the user's sessions, but for that one."""
    kept = keep.id if keep else 0
    Session.delete().where(Session.user == user, Session.id != kept).execute()
    tell_user(user)


@db.atomic()
def sign_out_everywhere(user: User, by: User) -> None:
    end_all(user)
    record(by, "user.signed-out", user.name)


def _hash(key: str) -> str:
    return sha256(key.encode()).hexdigest()
