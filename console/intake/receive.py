"""Receives messages: the webhook, the file import and the form for pasted posts all call `receive`."""

from datetime import datetime
from typing import NamedTuple

from peewee import JOIN

from console.clock import today
from console.entries import events, reports, search_index
from console.entries.figures import keep_figures
from console.entries.topics import guess_again, guessed_topic
from console.groups.whitelist import covers
from console.intake import following
from console.intake.long_texts import LONG, in_short_steps
from console.intake.payload import Message, require_whole
from console.prepared import first, insert, prepared
from console.screening.verbs import Prescreened, fingerprint, prescreen, screen
from console.storage import db, is_postgres, locked, now
from console.text import addresses
from models import Entry, Group, Hit, Profile, Report, Revision, Unit

INTAKE_LOCK = 1  # the first of the two numbers that name an advisory lock
NEW, CHANGED, UNCHANGED = "new", "changed", "unchanged"

Content = tuple[str, list, list]  # text, links, media


class Receipt(NamedTuple):
    outcome: str
    entry: Entry | None  # None: a report whose entry has not arrived, or that was known


def receive(
    group: Group,
    message: Message,
    at: datetime | None = None,
    *,
    archive: bool = False,
    prescreened: Prescreened | None = None,
) -> Receipt:
    """Takes one event. The same event again, or an older one, changes nothing.

    archive  It is history: what is new by it is in no list, not screened, and was whitelisted if it
             was so on the day of its publication. A later hold or report brings it into the list.
             What is here already stays live, and is taken as ever.
    prescreened  by a caller whose transaction has begun already
    """
    at = at or now()
    prescreened = prescreened or prescreen_message(group, message)
    with db.atomic():
        one_at_a_time(group)
        if message.type == "report.created":
            return _take_report(group, message, at, archive)
        if message.type == "report.withdrawn":
            return _take_withdrawal(group, message, at)
        return _take_entry(group, message, at, archive, prescreened)


def prescreen_message(group: Group, message: Message) -> Prescreened | None:
    """Before the transaction: a hostile text costs tens of ms, and decisions wait for the lock."""
    if message.type not in ("entry.created", "entry.updated", "entry.held"):
        return None
    text = message.data["text"]
    if (known := first(_texts(group.id, message.data["id"]))) and known[0] == text:
        return None  # mostly a repetition; where only links changed, it is screened inside
    with in_short_steps(text):
        if len(text) > LONG:
            search_index.indexed(text)
            fingerprint(text)
        return prescreen(group.id, text, message.data.get("links", ()))


def one_at_a_time(group: Group) -> None:
    """A comment and its post that come in at once would not see each other, and never be joined.

    SQLite has one writer anyway; PostgreSQL keeps others of the group waiting until we commit.
    """
    if is_postgres():
        db.execute_sql("SELECT pg_advisory_xact_lock(%s, %s)", (INTAKE_LOCK, group.id))


def _take_entry(
    group: Group, message: Message, at: datetime, archive: bool, prescreened: Prescreened | None
) -> Receipt:
    data, is_removal = message.data, message.type == "entry.removed"
    if not first(_ids(group.id, data["id"])):
        if is_removal:  # it may name no more than the id of what is here
            require_whole(data)
        return Receipt(NEW, _add(group, message, at, archive, prescreened))
    entry: Entry = next(_known(group.id, data["id"]))
    archive = archive and entry.archived  # what is live here stays so
    keep_figures(entry, data.get("figures") or {}, message.timestamp)
    if "author" in data:
        _profile(group, data["author"], message.timestamp)
    # What a removal says of the content is no edit: the last text is kept.
    changed = not is_removal and _is_news(entry, message)
    changed = changed and _edit(entry, message, at, archive, prescreened)
    changed |= following.follow(entry, message, at, archive)
    return Receipt(CHANGED if changed else UNCHANGED, entry)


def _add(
    group: Group, message: Message, at: datetime, archive: bool, prescreened: Prescreened | None
) -> Entry:
    data = message.data
    profile = _profile(group, data["author"], message.timestamp)
    cover = covers(profile, group, today(data["created_at"] if archive else at))
    parent = _parent(group, data)
    entry = insert(
        Entry,
        group=group,
        profile=profile,
        external_id=data["id"],
        kind=data["kind"],
        parent=parent,
        awaited_parent=None if parent else _parent_id(data),
        text=data["text"],
        url=data.get("url") or "",
        address_key=addresses.read(data.get("url") or "").key,
        links=data.get("links", []),
        media=data.get("media", []),
        created=data["created_at"],
        received=at,
        fingerprint=fingerprint(data["text"]),
        whitelisted=cover.covered,
        whitelist_reason=cover.reason,
        archived=archive,
        topic=guessed_topic(data["text"], profile),
        content_time=message.timestamp,
        platform_time=message.timestamp,
    )
    search_index.put(entry, _searched_name(profile))
    keep_figures(entry, data.get("figures") or {}, message.timestamp)
    _adopt(entry)
    archive = entry.archived  # no longer, where a report of today waited for it
    if not cover and not archive:
        _screen(entry, at, prescreened)
    following.begin(entry, message, at, archive)
    if cover and not archive:
        events.tell(entry, events.INCOMING, at)
    return entry


def _is_news(entry: Entry, message: Message) -> bool:
    """Not older than the content here; at the same moment, not what was here before or is here now."""
    if message.timestamp != entry.content_time:
        return message.timestamp > entry.content_time
    content = _content(message.data)
    if content == (entry.text, entry.links, entry.media):
        return False
    return all((r.text, r.links, r.media) != content for r in entry.revisions)


def _content(data: dict) -> Content:
    return data["text"], data.get("links", []), data.get("media", [])


def _edit(
    entry: Entry, message: Message, at: datetime, archive: bool, prescreened: Prescreened | None
) -> bool:
    new = _content(message.data)
    entry.content_time = message.timestamp
    if (url := message.data.get("url")) and url != entry.url:
        entry.url, entry.address_key = url, addresses.read(url).key
    if (entry.text, entry.links, entry.media) == new:
        entry.save(only=[Entry.content_time, Entry.url, Entry.address_key])
        return False
    revision = Revision.create(
        entry=entry, text=entry.text, links=entry.links, media=entry.media, replaced=at
    )
    Hit.update(revision=revision).where(Hit.entry == entry, Hit.revision.is_null()).execute()
    set_content(entry, new, at, archive=archive, prescreened=prescreened)
    return True


def set_content(
    entry: Entry,
    content: Content,
    at: datetime,
    *,
    archive: bool = False,
    prescreened: Prescreened | None = None,
) -> None:
    """Gives the entry another content, and has that screened, in the caller's transaction."""
    cover = covers(entry.profile, entry.group, today(entry.created if archive else at))
    entry.text, entry.links, entry.media = content
    entry.fingerprint = fingerprint(entry.text)
    entry.whitelisted, entry.whitelist_reason = cover
    guess_again(entry)
    entry.version += 1
    entry.save()
    search_index.put(entry, _searched_name(entry.profile))
    if not cover and not archive:
        _screen(entry, at, prescreened)
    events.tell(entry, at=at)


def _screen(entry: Entry, at: datetime, prescreened: Prescreened | None) -> None:
    """Unless there is nothing to read: of some entries staff know no more than the link."""
    if entry.text or entry.links or entry.media:
        screen(entry, at, prescreened)


def _searched_name(profile: Profile) -> str:
    """The name of an unknown author is none, and no search finds it."""
    return "" if profile.nameless else profile.name


def _take_report(group: Group, message: Message, at: datetime, archive: bool) -> Receipt:
    report = reports.add(group, message.data, at, archive)
    return Receipt(NEW, report.entry) if report else Receipt(UNCHANGED, None)


def _take_withdrawal(group: Group, message: Message, at: datetime) -> Receipt:
    report = reports.withdraw(group, message.data["id"], message.timestamp, at)
    return Receipt(CHANGED, report.entry) if report else Receipt(UNCHANGED, None)


def _profile(group: Group, author: dict[str, str], at: datetime) -> Profile:
    """The author's profile, under the name and address of the newest message by its own time."""
    name, url = author["name"], author.get("url") or ""
    profile = first(_profiles(group.id, author["id"]))
    if profile is None:
        return insert(Profile, group=group, external_id=author["id"], name=name, url=url)
    known = profile.name, profile.url
    if known != (name, url or profile.url) and not _has_newer(profile, at):
        profile.name, profile.url = name, url or profile.url
        profile.save()
        if profile.name != known[0]:
            search_index.rename(profile)
    return profile


def _has_newer(profile: Profile, at: datetime) -> bool:
    """Whether a newer message of this author has been taken."""
    return profile.entries.where(Entry.content_time > at).exists()


def _parent_id(data: dict) -> str | None:
    return data.get("parent_id") if data["kind"] == Entry.COMMENT else None


def _parent(group: Group, data: dict) -> Entry | None:
    parent_id = _parent_id(data)
    return first(_ids(group.id, parent_id)) if parent_id else None


def _adopt(entry: Entry) -> None:
    """Joins the comments and reports that arrived before what they are about."""
    if first(_waiting_comments(entry.group_id, entry.external_id)):
        Entry.update(parent=entry, awaited_parent=None).where(
            Entry.group == entry.group_id, Entry.awaited_parent == entry.external_id
        ).execute()
    for report in _waiting_reports(entry.group_id, entry.external_id):
        reports.attach(report, entry)


@prepared
def _ids(group_id, external_id):
    return Entry.select(Entry.id).where(Entry.group == group_id, Entry.external_id == external_id)


@prepared
def _texts(group_id, external_id):
    mine = (Entry.group == group_id) & (Entry.external_id == external_id)
    return Entry.select(Entry.text).where(mine).tuples()


@prepared
def _known(group_id, external_id):
    mine = (Entry.group == group_id) & (Entry.external_id == external_id)
    return locked(Entry.select().where(mine))


@prepared
def _profiles(group_id, external_id):
    mine = (Profile.group == group_id) & (Profile.external_id == external_id)
    return Profile.select(Profile, Unit).join(Unit, JOIN.LEFT_OUTER).where(mine)


@prepared
def _waiting_comments(group_id, external_id):
    mine = (Entry.group == group_id) & (Entry.awaited_parent == external_id)
    return Entry.select(Entry.id).where(mine).limit(1)


@prepared
def _waiting_reports(group_id, external_id):
    mine = (Report.group == group_id) & (Report.awaited_entry == external_id)
    return Report.select().where(mine)
