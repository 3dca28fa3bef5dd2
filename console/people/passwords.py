"""What may be a password, and how its hash is made."""

import re
from collections.abc import Iterable
from threading import BoundedSemaphore, Lock

from werkzeug.security import check_password_hash, generate_password_hash

from console.errors import Refused
from console.language import N_, _
from console.text.folding import WORD, fold

SHORTEST = 12
METHOD = "scrypt:32768:8:3"
_HASHING = BoundedSemaphore(4)  # each takes 32 MB, and a processor
JUDGED = 40  # characters; the judge takes seconds for some long passwords
STRONG_ENOUGH = 4  # the judge's best mark: ten thousand million guesses
# Words that whoever guesses here tries first, beside the names that are known here.
KNOWN_HERE = ("furtka", "administrator", "moderator", "moderacja", "haslo", "polska", "gmina")
_SEPARATORS = re.compile(r"[\s_.,-]+")  # the judge thinks too highly of them
_JUDGING = Lock()  # the judge keeps the known words in a variable of its module

WHY = {
    "user_inputs": N_("it is made of names or words that are known here"),
    "dictionary": N_("it is made of words that everybody uses for a password"),
    "pattern": N_("it repeats itself, or follows a row, a date or the keyboard"),
}


def check(password: str, names: Iterable[str]) -> None:
    """Raises Refused for a password that is short, common, or made of these names."""
    if len(password) < SHORTEST:
        message = _("A password has at least %(count)s characters.")
        raise Refused(message % {"count": SHORTEST}, "password")
    if why := _weakness(password, names):
        message = _(
            "This password is easy to guess: %(why)s. It was not taken. "
            "Think of four words that have nothing to do with one another."
        )
        raise Refused(message % {"why": _(WHY[why])}, "password")


def hashed(password: str) -> str:
    with _HASHING:
        return generate_password_hash(password, METHOD)


def matches(password_hash: str, password: str) -> bool:
    with _HASHING:
        return check_password_hash(password_hash, password)


def is_outdated(password_hash: str) -> bool:
    """Whether it was made in another way than hashes are made now."""
    return not password_hash.startswith(f"{METHOD}$")


def _weakness(password: str, names: Iterable[str]) -> str | None:
    """A key of WHY; None when the password is strong enough."""
    from zxcvbn import zxcvbn  # its lists of words are loaded when a password is set

    words = [word for name in names for word in WORD.findall(fold(name)) if len(word) > 2]
    bare = _SEPARATORS.sub("", fold(password))[:JUDGED]
    if not bare:  # blanks alone, say
        return "pattern"
    with _JUDGING:
        found = zxcvbn(bare, user_inputs=[*KNOWN_HERE, *words])
    if found["score"] >= STRONG_ENOUGH:
        return None
    longest = max(found["sequence"], key=lambda match: len(match["token"]))
    if longest["pattern"] == "dictionary":
        return "user_inputs" if longest["dictionary_name"] == "user_inputs" else "dictionary"
    return "pattern"
