"""What staff saw themselves and bring in by hand."""

import hashlib

from console.errors import Refused
from console.intake.payload import BadPayload, read
from console.intake.receive import Receipt, receive
from console.language import _
from models import Group, now


def capture(group: Group, text: str, author: str, link: str) -> Receipt:
    """Takes a pasted post in through the one door. The same link again is the same entry."""
    text, author, link = text.strip(), author.strip(), link.strip()
    if not text:
        raise Refused(_("Paste the text of the post."))
    if not author:
        raise Refused(_("Say who wrote it."))
    if link and not link.lower().startswith(("https://", "http://")):
        raise Refused(_("The link must begin with https://."))
    at = now().isoformat()
    event = {
        "type": "entry.created",
        "timestamp": at,
        "data": {
            "id": "captured-" + _hash(link or f"{author}\n{text}"),
            "kind": "post",
            "author": {"id": "name-" + _hash(author.casefold()), "name": author},
            "text": text,
            "url": link,
            "created_at": at,
        },
    }
    try:
        return receive(group, read(event))
    except BadPayload as error:
        raise Refused(f"{error.field.removeprefix('data.')}: {error.detail}") from None


def _hash(text: str) -> str:
    return hashlib.blake2b(text.encode(errors="replace"), digest_size=12).hexdigest()
