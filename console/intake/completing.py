"""Adds to an entry what was not known when staff captured it: its text, its author, its address."""

from console.clock import today
from console.entries import events, search_index
from console.entries.topics import guess_again
from console.errors import Refused
from console.groups.whitelist import covers
from console.intake import known
from console.intake.receive import one_at_a_time, set_content
from console.language import _
from console.screening.verbs import Prescreened, prescreen
from console.storage import db, locked, now
from console.text import addresses
from console.text.addresses import Address
from models import Completion, Decision, Delivery, Entry, Event, Note, Profile, User, WrongHold

LONGEST_TEXT, LONGEST_NAME = 65_536, 255
FROM_MAIL = "mail-"  # the external id of what came by a mail begins so


def missing(entry: Entry) -> list[str]:
    lacks = {Completion.ADDRESS: lacks_address, Completion.TEXT: lacks_text}
    lacks[Completion.AUTHOR] = lacks_author
    return [what for what, lacks_it in lacks.items() if lacks_it(entry)]


def lacks_text(entry: Entry) -> bool:
    """Also what came by a mail of the platform's, whose words only say that there is a post."""
    if entry.external_id.startswith(FROM_MAIL):
        return not entry.completions.where(Completion.what == Completion.TEXT).exists()
    return entry.captured_by_id is not None and not entry.text


def lacks_author(entry: Entry) -> bool:
    return entry.profile.nameless


def lacks_address(entry: Entry) -> bool:
    """Whether it was added by hand with a link of Facebook's that does not say what it leads to."""
    if entry.captured_by_id is None or entry.address_key:
        return False
    return addresses.read(entry.url).platform is not None


def set_text(entry: Entry, by: User, text: str, prescreened: Prescreened | None = None) -> Entry:
    """Gives an entry its text, which is screened as an edit is. The author has changed nothing.

    prescreened  by a caller whose transaction has begun already
    """
    text = text.strip().replace("\0", "\N{REPLACEMENT CHARACTER}")
    if not text:
        raise Refused(_("Paste the text of the post."), "text")
    if len(text) > LONGEST_TEXT:
        raise Refused(_("The text, the author or the link is too long."), "text")
    prescreened = prescreened or prescreen(entry.group_id, text, entry.links)
    with db.atomic():
        one_at_a_time(entry.group)
        entry = _locked(entry)
        if not lacks_text(entry):
            raise Refused(_("This entry has its text already, and was left as it was."), "text")
        at = now()
        content = text, entry.links, entry.media
        set_content(entry, content, at, prescreened=prescreened)
        _note(entry, by, Completion.TEXT)
    return entry


def name_author(entry: Entry, by: User, name: str, profile: Profile | None = None) -> Entry:
    """Says who wrote it: a unit's profile, or a resident of that name. All of the entry goes there."""
    name = name.strip()
    if not name and profile is None:
        raise Refused(_("Say who wrote it."), "author")
    if len(name) > LONGEST_NAME:
        raise Refused(_("The text, the author or the link is too long."), "author")
    with db.atomic():
        one_at_a_time(entry.group)
        entry = _locked(entry)
        if not lacks_author(entry):
            raise Refused(_("The author is known already, and was left as it was."), "author")
        _merge(entry, entry.profile, profile or _resident(entry, name))
        entry.whitelisted, entry.whitelist_reason = covers(entry.profile, entry.group, today())
        guess_again(entry)
        entry.version += 1
        entry.save()
        search_index.put(entry, entry.profile.name)
        _note(entry, by, Completion.AUTHOR)
        events.tell(entry, Event.INCOMING if entry.whitelisted else Event.CHANGED)
    return entry


def _resident(entry: Entry, name: str) -> Profile:
    author = known.author_named(name)
    return Profile.get_or_create(
        group=entry.group, external_id=author["id"], defaults={"name": author["name"]}
    )[0]


def _merge(entry: Entry, nameless: Profile, author: Profile) -> None:
    """The nameless profile goes; it wrote only this entry."""
    entry.profile = author
    entry.save(only=[Entry.profile])
    for of_entry in (Decision, Delivery, WrongHold):
        mine = (of_entry.entry == entry) & (of_entry.profile == nameless)
        of_entry.update(profile=author).where(mine).execute()
    Note.update(profile=author).where(Note.profile == nameless).execute()
    nameless.delete_instance()


def set_address(entry: Entry, by: User, link: str) -> Entry | None:
    """Gives an entry that lacks it its address; if another entry has it, returns that one."""
    address = addresses.read(link)
    with db.atomic():
        entry = _locked(entry)
        _check_address(entry, address)
        known.check_group(entry.group, link)
        if other := known.known_entry(entry.group, link):
            return other
        entry.url, entry.address_key = address.canonical or "", address.key
        if address.comment:  # it was taken for a post
            entry.kind = Entry.COMMENT
            entry.parent = known.with_key(entry.group, Entry.POST, address.post)
            post_id = known.captured_id(Entry.POST, address.post)
            entry.awaited_parent = None if entry.parent else post_id
        entry.save()
        _note(entry, by, Completion.ADDRESS)
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


def _locked(entry: Entry) -> Entry:
    return locked(Entry.select().where(Entry.id == entry.id)).get()


def _note(entry: Entry, by: User, what: str) -> None:
    Completion.create(entry=entry, by=by, what=what)
