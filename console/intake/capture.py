"""Adds posts that staff paste in by hand."""

import hashlib

from console.errors import BadPayload, Refused
from console.intake.payload import read
from console.intake.receive import UNCHANGED, Receipt, receive
from console.language import _
from console.storage import now
from models import Entry, Group, Profile, User


def capture(
    group: Group, by: User, text: str, author: str, link: str, profile: Profile | None = None
) -> Receipt:
    """Receives a pasted post as a message. Raises Refused when something is missing or too long.

    profile  the unit's profile that wrote it; None: a resident did, whose name is `author`
    If an entry with this link exists, it is returned unchanged.
    """
    text, author, link = text.strip(), author.strip(), link.strip()
    if not text:
        raise Refused(_("Paste the text of the post."), "text")
    if not author and profile is None:
        raise Refused(_("Say who wrote it."), "author")
    if link and not link.lower().startswith(("https://", "http://")):
        raise Refused(_("The link must begin with https:// or http://."), "link")
    if link and (known := Entry.get_or_none((Entry.group == group) & (Entry.url == link))):
        return Receipt(UNCHANGED, known)
    at = now().isoformat()
    data = {
        "id": "captured-" + _hash(link or f"{author}\0{text}"),
        "kind": "post",
        "author": _author(author, profile),
        "text": text,
        "url": link,
        "created_at": at,
    }
    try:
        receipt = receive(group, read({"type": "entry.created", "timestamp": at, "data": data}))
    except BadPayload:  # the schema's limits are the form's
        raise Refused(_("The text, the author or the link is too long.")) from None
    entry = receipt.entry
    if entry and entry.captured_by is None:
        entry.captured_by = by
        entry.save(only=[Entry.captured_by])
    return receipt


def _author(name: str, profile: Profile | None) -> dict[str, str]:
    if profile:
        return {"id": profile.external_id, "name": profile.name, "url": profile.url}
    return {"id": "name-" + _hash(name.casefold()), "name": name}


def _hash(text: str) -> str:
    return hashlib.blake2b(text.encode(errors="replace"), digest_size=12).hexdigest()
