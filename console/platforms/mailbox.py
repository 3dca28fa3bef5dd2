"""Reads Facebook's mails from a mailbox, by IMAP; needs imap-tools of requirements-mail.txt."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from imaplib import IMAP4
from importlib import import_module
from typing import Any
from urllib.parse import unquote, urlsplit

from console import config
from console.platforms import mail_signals
from console.storage import now
from console.text import facebook_mail

log = logging.getLogger(__name__)

SECONDS = 20  # for each answer of the mail server
MOST_AT_ONCE = 100
SHORTEST_REST, LONGEST_REST = timedelta(minutes=1), timedelta(hours=1)

NOT_SET = "FURTKA_IMAP_URL is not set: no mailbox is read"
NOT_INSTALLED = "imap-tools is missing: pip install --requirement requirements-mail.txt"


class MailboxError(Exception):
    """The mailbox could not be read. The message has no password in it."""


class _Rest:
    """After a failure the worker leaves the mailbox alone, each time for twice as long."""

    until: datetime | None = None
    length = SHORTEST_REST


def read_by_clock(at: datetime) -> None:
    """For the job: says a failure in one line, and then waits."""
    if not config.settings().imap_url or (_Rest.until and at < _Rest.until):
        return
    try:
        read_unseen()
    except MailboxError as error:
        _Rest.until = at + _Rest.length
        log.error("mailbox: %s; next try in %s", error, _Rest.length)
        _Rest.length = min(2 * _Rest.length, LONGEST_REST)
    else:
        _Rest.until, _Rest.length = None, SHORTEST_REST


def read_unseen() -> int:
    """Takes the mails that nobody has seen; how many were Facebook's and new.

    A mail is marked as seen only after it was taken, so one may be read twice, which changes nothing.
    """
    if not config.settings().imap_url:
        raise MailboxError(NOT_SET)
    number = 0
    with _opened() as box:
        for uid in box.uids("UNSEEN")[:MOST_AT_ONCE]:
            number += mail_signals.take(facebook_mail.read(_beginning(box, uid)), now())
            box.flag(uid, r"\Seen", True)
    return number


def _beginning(box: Any, uid: str) -> bytes:
    """As much of the mail as is looked at: what follows is never fetched, nor is it marked as seen."""
    what = f"(BODY.PEEK[]<0.{facebook_mail.MOST}>)"
    _status, answer = box.client.uid("fetch", uid, what)
    return next((bytes(part[1]) for part in answer if isinstance(part, tuple)), b"")


@contextmanager
def _opened() -> Iterator[Any]:
    try:
        imap_tools = import_module("imap_tools")  # optional
    except ImportError:
        raise MailboxError(NOT_INSTALLED) from None
    url = urlsplit(config.settings().imap_url)
    encrypted = url.scheme == "imaps"
    kind = imap_tools.MailBox if encrypted else imap_tools.MailBoxUnencrypted
    user, password = unquote(url.username or ""), unquote(url.password or "")
    folder = unquote(url.path.strip("/")) or "INBOX"
    try:
        box = kind(url.hostname, url.port or (993 if encrypted else 143), timeout=SECONDS)
        try:
            yield box.login(user, password, initial_folder=folder)
        finally:
            _close(box)
    except (OSError, UnicodeError, imap_tools.ImapToolsError, IMAP4.error) as error:
        raise MailboxError(f"{type(error).__name__}: {error}".replace(password, "…")) from None


def _close(box: Any) -> None:
    """Whatever has happened before: what it was about is told already."""
    with suppress(Exception):
        box.logout()
    with suppress(OSError):
        box.client.shutdown()
