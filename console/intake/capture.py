"""Adds posts and comments that staff paste in by hand."""

import hashlib

from console.entries import events
from console.errors import BadPayload, Refused
from console.groups.groups import group_named
from console.intake.payload import read
from console.intake.receive import UNCHANGED, Receipt, receive
from console.language import _
from console.storage import db, locked, now
from console.text import addresses
from console.text.addresses import Address
from models import Entry, Event, Group, Profile, User


def capture(
    group: Group, by: User, text: str, author: str, link: str, profile: Profile | None = None
) -> Receipt:
    """Receives a pasted post as a message. Raises Refused when something is missing or too long.

    profile  the unit's profile that wrote it; None: a resident did, whose name is `author`
    If an entry with this link exists, it is returned unchanged.
    """
    text, author, address = text.strip(), author.strip(), addresses.read(link)
    link = address.canonical or link.strip()
    if not text:
        raise Refused(_("Paste the text of the post."), "text")
    if not author and profile is None:
        raise Refused(_("Say who wrote it."), "author")
    if link and not link.lower().startswith(("https://", "http://")):
        raise Refused(_("The link must begin with https:// or http://."), "link")
    if known := known_entry(group, link):
        return Receipt(UNCHANGED, known)
    at = now().isoformat()
    data = {
        "id": _captured_id(_kind(address), address.key, link or f"{author}\0{text}"),
        "kind": _kind(address),
        "parent_id": _parent_id(group, address),
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


def check_group(group: Group, link: str) -> None:
    """Refused if the link names another group."""
    named = group_named(addresses.read(link).group)
    if named and named != group:
        raise Refused(
            _(
                "The link leads to another group. Nothing was saved, and what you typed is still "
                "here: choose that group, or paste another link."
            ),
            "link",
        )


def known_entry(group: Group, link: str) -> Entry | None:
    """The group's entry of this post or comment, however its link is spelled."""
    address = addresses.read(link)
    if address.key:
        return _with_key(group, _kind(address), address.key)
    url = address.canonical or link.strip()
    return Entry.get_or_none((Entry.group == group) & (Entry.url == url)) if url else None


def lacks_address(entry: Entry) -> bool:
    """Whether it was added by hand with a link of Facebook's that does not say what it leads to."""
    if entry.captured_by_id is None or entry.address_key:
        return False
    return addresses.read(entry.url).platform is not None


def set_address(entry: Entry, link: str) -> Entry | None:
    """Gives an entry that lacks it its address; if another entry has it, returns that one."""
    address = addresses.read(link)
    with db.atomic():
        entry = locked(Entry.select().where(Entry.id == entry.id)).get()
        _check_address(entry, address)
        check_group(entry.group, link)
        if known := known_entry(entry.group, link):
            return known
        entry.url, entry.address_key = address.canonical or "", address.key
        if address.comment:  # it was taken for a post
            entry.kind = Entry.COMMENT
            entry.parent = _with_key(entry.group, Entry.POST, address.post)
            entry.awaited_parent = None if entry.parent else _captured_id(Entry.POST, address.post)
        entry.save()
        events.tell(entry, Event.RENEWED)
    return None


def _check_address(entry: Entry, address: Address) -> None:
    if not lacks_address(entry):
        raise Refused(_("This entry has its address already, and was left as it was."), "link")
    if not address.key:
        raise Refused(
            _(
                "This address does not say which post it is, either. The entry is as it was: "
                "open it on Facebook, and paste the address that the browser shows then."
            ),
            "link",
        )


def _with_key(group: Group, kind: str, key: str | None) -> Entry | None:
    """Of that kind: a sender may give a comment the address of its post."""
    mine = (Entry.group == group) & (Entry.address_key == key) & Entry.has_address_key()
    return Entry.select().where(mine, Entry.kind == kind).order_by(Entry.id).first()


def _kind(address: Address) -> str:
    return Entry.COMMENT if address.comment else Entry.POST


def _parent_id(group: Group, address: Address) -> str | None:
    """The id of a comment's post, which may be added later."""
    if not address.comment:
        return None
    post = _with_key(group, Entry.POST, address.post)
    return post.external_id if post else _captured_id(Entry.POST, address.post)


def _captured_id(kind: str, key: str | None, otherwise: str = "") -> str:
    return "captured-" + _hash(f"{kind}\0{key}" if key else otherwise)


def _author(name: str, profile: Profile | None) -> dict[str, str]:
    if profile:
        return {"id": profile.external_id, "name": profile.name, "url": profile.url}
    return {"id": "name-" + _hash(name.casefold()), "name": name}


def _hash(text: str) -> str:
    return hashlib.blake2b(text.encode(errors="replace"), digest_size=12).hexdigest()
