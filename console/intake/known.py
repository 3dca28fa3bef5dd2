"""Which entry a pasted link, or what was typed without one, stands for."""

import hashlib
from datetime import timedelta

from console.errors import Refused
from console.groups.groups import group_named
from console.language import _
from console.screening.verbs import fingerprint
from console.storage import now
from console.text import addresses
from console.text.addresses import Address
from console.text.folding import fold
from models import Entry, Group, Profile

LATELY = timedelta(days=30)
MOST_ALIKE = 20


def known_entry(group: Group, link: str) -> Entry | None:
    """The group's entry of this post or comment, however its link is spelled."""
    address = addresses.read(link)
    if address.key:
        return with_key(group, kind(address), address.key)
    url = address.canonical or link.strip()
    return Entry.get_or_none((Entry.group == group) & (Entry.url == url)) if url else None


def entry_alike(group: Group, text: str, author: str) -> Entry | None:
    """The newest entry of these weeks with this text and author, perhaps the same post.

    Facebook gives a post two ids, a number and a "pfbid…", and nothing tells that they are one.
    """
    if not (text.strip() and author.strip()):
        return None
    same = (Entry.group == group) & (Entry.fingerprint == fingerprint(text.strip()))
    lately = Entry.select(Entry, Profile).join(Profile).where(same, Entry.created > now() - LATELY)
    found = lately.order_by(Entry.created.desc(), Entry.id.desc()).limit(MOST_ALIKE)
    return next((each for each in found if fold(each.profile.name) == fold(author.strip())), None)


def with_key(group: Group, kind: str, key: str | None) -> Entry | None:
    """Of that kind: a sender may give a comment the address of its post."""
    mine = (Entry.group == group) & (Entry.address_key == key) & Entry.has_address_key()
    return Entry.select().where(mine, Entry.kind == kind).order_by(Entry.id).first()


def with_id(group: Group, external_id: str) -> Entry | None:
    return Entry.get_or_none((Entry.group == group) & (Entry.external_id == external_id))


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


def kind(address: Address) -> str:
    return Entry.COMMENT if address.comment else Entry.POST


def parent_id(group: Group, address: Address) -> str | None:
    """The id of a comment's post, which may be added later."""
    if not address.comment:
        return None
    post = with_key(group, Entry.POST, address.post)
    return post.external_id if post else captured_id(Entry.POST, address.post)


def captured_id(kind: str, key: str | None, otherwise: str = "") -> str:
    return "captured-" + short_hash(f"{kind}\0{key}" if key else otherwise)


def author_named(name: str) -> dict[str, str]:
    """A resident, as messages have them: of one name, one author."""
    return {"id": "name-" + short_hash(name.casefold()), "name": name}


def short_hash(text: str) -> str:
    return hashlib.blake2b(text.encode(errors="replace"), digest_size=12).hexdigest()
