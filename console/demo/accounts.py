"""The demonstration's sign-ins: its passwords, and addresses that sign in once.

Both lie in the instance folder, for its owner alone to read. A password that everybody knew would let
in whoever gets as far as this machine, by a proxy on it, say.
"""

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from secrets import token_urlsafe
from tempfile import NamedTemporaryFile
from time import time
from typing import NamedTuple

from console import config
from console.errors import Refused
from console.language import _
from console.people import users
from console.storage import db
from models import User

NAMES = (User.ADMINISTRATOR, User.MODERATOR)  # each is called as its role is
VALID = timedelta(days=1)  # an address that signs in


class SignIn(NamedTuple):
    name: str
    password: str
    token: str  # of the address that signs in once


def draw() -> dict[str, str]:
    """New passwords, {name: password}; the setting's, where it is set."""
    drawn = {name: config.settings().demo_password or token_urlsafe(12) for name in NAMES}
    _keep(_passwords(), json.dumps(drawn))
    return drawn


def sign_ins() -> Iterator[SignIn]:
    """Of the accounts that are active, each with a new token; the tokens before are void."""
    for old in _tokens().glob("*"):
        old.unlink(missing_ok=True)
    passwords = json.loads(_passwords().read_text()) if _passwords().exists() else {}
    for user in User.select().where(User.demo, User.active).order_by(User.name):
        if user.name not in passwords:  # it may be one that everybody knows
            passwords[user.name] = token_urlsafe(12)
            _change_password(user, passwords[user.name])
            _keep(_passwords(), json.dumps(passwords))
        token = token_urlsafe(24)
        _keep(_file_of(token), str(user.id))
        yield SignIn(user.name, passwords[user.name], token)


def find(token: str) -> User:
    """Whom the token signs in. Raises Refused when it is spent, too old, or none."""
    with suppress(FileNotFoundError):
        file = _file_of(token)
        if file.stat().st_mtime > time() - VALID.total_seconds():
            id = int(file.read_text())
            if user := User.get_or_none(User.id == id, User.demo, User.active):
                return user
    raise Refused(
        _(
            "This address signs in once, within a day, and it was used already or is too old. "
            "Start the console again with “make run”: it prints a new one, and the password."
        )
    )


def spend(token: str) -> User:
    """As `find`; of many at once, one succeeds."""
    user = find(token)
    try:
        _file_of(token).unlink()
    except FileNotFoundError:
        return find(token)  # which refuses it
    return user


def _change_password(user: User, password: str) -> None:
    with db.atomic():
        users.change_password(user, password)
        User.update(demo=True).where(User.id == user.id).execute()


def _passwords() -> Path:
    return config.INSTANCE / "demo_passwords.json"


def _tokens() -> Path:
    return config.INSTANCE / "demo_sign_ins"


def _file_of(token: str) -> Path:
    """The name tells nobody the token, and may be anything that somebody typed."""
    return _tokens() / sha256(token.encode(errors="replace")).hexdigest()


def _keep(file: Path, text: str) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with NamedTemporaryFile("w", dir=file.parent, delete=False) as new:  # for its owner alone
        new.write(text)
    os.replace(new.name, file)
