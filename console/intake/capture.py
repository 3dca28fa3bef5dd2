"""Adds posts and comments that staff saw on the platform and bring in by hand."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex

from console.entries import reports
from console.errors import BadPayload, Refused
from console.intake import completing, following, known, pictures
from console.intake.payload import Message, read
from console.intake.pictures import Picture
from console.intake.receive import (
    CHANGED,
    NEW,
    UNCHANGED,
    Receipt,
    one_at_a_time,
    prescreen_message,
    receive,
)
from console.language import N_, _
from console.screening.verbs import Prescreened
from console.storage import db, locked, now
from console.text import addresses
from console.text.addresses import Address
from models import Entry, Group, Profile, User

STANDS_NAMES = {
    Entry.PENDING: N_("waiting for approval"),
    Entry.SPAM: N_("potential spam"),
    Entry.REPORTED: N_("reported by a member"),
    Entry.VISIBLE: N_("published on Facebook"),
}
LONGEST_LINK = 2000
HELD = Entry.PENDING, Entry.SPAM


@dataclass(frozen=True)
class Sighting:
    """What staff saw of a post or a comment, and where on the platform."""

    text: str
    author: str  # "" for one that is not known
    link: str  # in its canonical spelling, if it is an address of Facebook
    profile: Profile | None  # of a unit; then `author` does not count
    stands: str
    reporter: str  # the member who reported it, "" if that is not known
    picture: Picture | None = None

    @property
    def address(self) -> Address:
        return addresses.read(self.link)

    @property
    def id(self) -> str:
        """The external id: the same for the same post, as far as that can be told."""
        who = f"{self.profile.external_id}\0" if self.profile else self.author
        content = f"{who}\0{self.text}"
        if self.picture and not self.text:
            content = self.picture.data.hex()
        kind = known.kind(self.address)
        return known.captured_id(kind, self.address.key, self.link or content)


def capture(
    group: Group,
    by: User,
    text: str,
    author: str,
    link: str,
    profile: Profile | None = None,
    *,
    stands: str = Entry.VISIBLE,
    reporter: str = "",
    picture: Picture | None = None,
    then: Callable[[Entry], None] | None = None,
) -> Receipt:
    """Adds what was seen as a message would. Raises Refused when nothing was, or it is too long.

    profile  the unit's profile that wrote it; None: a resident did, whose name is `author`, if known
    stands   one of Entry.STANDS: the first two hold it by the platform, the third reports it
    then     what else is done with it in the same transaction, where it is new
    If its entry is here already, that one is returned, and takes over only what is new about it.
    """
    link = addresses.read(link).canonical or link.strip()
    seen = Sighting(text.strip(), author.strip(), link, profile, stands, reporter.strip(), picture)
    _check(seen)
    at = now()
    message = _message(group, seen, at)
    prescreened = prescreen_message(group, message)
    with db.atomic():
        one_at_a_time(group)
        if there := known.known_entry(group, link) or known.with_id(group, seen.id):
            return _take_over(there, by, seen, at, prescreened)
        if not (seen.author or seen.profile):
            message.data["author"] = _as_author(_nameless(group))
        entry = receive(group, message, at, prescreened=prescreened).entry
        assert entry  # only a report may come before its entry
        entry.captured_by, entry.stands = by, stands
        entry.save(only=[Entry.captured_by, Entry.stands])
        _add_what_else(entry, by, seen, at)
        if then:
            then(entry)
    return Receipt(NEW, entry)


def _check(seen: Sighting) -> None:
    if not (seen.text or seen.link or seen.picture):
        words = _("Paste a link or the text of the post, or add a screenshot of it.")
        raise Refused(words, "link")
    if seen.link and not seen.link.lower().startswith(("https://", "http://")):
        raise Refused(_("The link must begin with https:// or http://."), "link")
    if len(seen.link) > LONGEST_LINK:
        raise Refused(
            _("The link is too long. Paste the one that the browser's bar shows."), "link"
        )
    if len(seen.reporter) > completing.LONGEST_NAME:
        raise Refused(_("The name is too long."), "reporter")
    if seen.stands not in Entry.STANDS:
        raise Refused(_("Say where it stands on Facebook."), "stands")


def _message(group: Group, seen: Sighting, at: datetime) -> Message:
    moment, is_held = at.isoformat(), seen.stands in HELD
    of_nobody = known.author_named(seen.author or "?")  # replaced where nobody is named
    data = {
        "id": seen.id,
        "kind": known.kind(seen.address),
        "parent_id": known.parent_id(group, seen.address),
        "author": _as_author(seen.profile) if seen.profile else of_nobody,
        "text": seen.text,
        "url": seen.link,
        "created_at": moment,
        "held": _hold(seen.stands) if is_held else None,
    }
    kind = "entry.held" if is_held else "entry.created"
    try:
        return read({"type": kind, "timestamp": moment, "data": data})
    except BadPayload:  # the schema's limits are the form's
        raise Refused(_("The text, the author or the link is too long.")) from None


def _take_over(
    entry: Entry, by: User, seen: Sighting, at: datetime, prescreened: Prescreened | None
) -> Receipt:
    """What is new about an entry that is here: its text, its author, where it stands."""
    entry = locked(Entry.select().where(Entry.id == entry.id)).get()
    version = entry.version
    if seen.text and completing.lacks_text(entry):
        entry = completing.set_text(entry, by, seen.text, prescreened)
    if (seen.author or seen.profile) and completing.lacks_author(entry):
        entry = completing.name_author(entry, by, seen.author, seen.profile)
    # What the platform is known to hold is no news, whatever has been decided on it here since.
    if seen.stands in HELD and (entry.platform_state != Entry.HELD or entry.archived):
        hold = Message("entry.held", at, {"held": _hold(seen.stands)})
        following.follow(entry, hold, at, archive=False)
    if seen.stands != Entry.VISIBLE:
        entry.stands = seen.stands
        entry.save(only=[Entry.stands])
    is_reported = _add_what_else(entry, by, seen, at)
    is_changed = is_reported or entry.version != version
    return Receipt(CHANGED if is_changed else UNCHANGED, entry)


def _add_what_else(entry: Entry, by: User, seen: Sighting, at: datetime) -> bool:
    """Its picture; and its report, one for an entry: whether there was a new one."""
    if seen.picture:
        pictures.add(entry, by, seen.picture)
    if seen.stands != Entry.REPORTED:
        return False
    report = {
        "id": "captured-" + known.short_hash(entry.external_id),
        "entry_id": entry.external_id,
        "reason": _(STANDS_NAMES[Entry.REPORTED]),
        "reporter": known.author_named(seen.reporter) if seen.reporter else None,
        "created_at": at,
    }
    return reports.add(entry.group, report, at) is not None


def _hold(stands: str) -> dict[str, str]:
    return {"by": "platform", "reason": _(STANDS_NAMES[stands])}


def _nameless(group: Group) -> Profile:
    """The author of one entry, until somebody names them."""
    id = f"nameless-{token_hex(12)}"
    return Profile.create(group=group, external_id=id, name=_("unknown author"), nameless=True)


def _as_author(profile: Profile) -> dict[str, str]:
    return {"id": profile.external_id, "name": profile.name, "url": profile.url}
