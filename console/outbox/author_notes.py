"""Messages to authors that staff copy and send by hand; in Polish, whatever language staff read."""

from collections.abc import Iterable

from console.language import DEFAULT, N_, catalogue
from models import Entry

REMOVED = {
    Entry.POST: N_("Good day. We removed your post in the group “%(group)s”."),
    Entry.COMMENT: N_("Good day. We removed your comment in the group “%(group)s”."),
}
RULE = N_("It breaks the rule “%(name)s”.")
OBJECT = N_("If you think that this is a mistake, answer this message: we will look at it again.")
AGAIN = {
    Entry.POST: N_(
        "Good day. We removed your post in the group “%(group)s” by mistake, and Facebook has no way"
        " to bring it back. We are sorry. Please send it again: we will publish it."
    ),
    Entry.COMMENT: N_(
        "Good day. We removed your comment in the group “%(group)s” by mistake, and Facebook has no"
        " way to bring it back. We are sorry. Please write it again."
    ),
}


def of_removal(kind: str, group: str, rules: Iterable[tuple[str, str]]) -> str:
    """rules  pairs of name and text, as they were on that day"""
    words = [_polish(REMOVED[kind]) % {"group": group}]
    for name, text in rules:
        words.append(_polish(RULE) % {"name": name})
        words += [text] if text else []
    return "\n".join([*words, _polish(OBJECT)])


def to_send_again(kind: str, group: str) -> str:
    return _polish(AGAIN[kind]) % {"group": group}


def _polish(message: str) -> str:
    return catalogue(DEFAULT).gettext(message)
