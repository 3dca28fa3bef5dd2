"""The one way in: every door hands its event to `receive`."""

from datetime import datetime
from typing import NamedTuple

from peewee import IntegrityError

from console.clock import today
from console.groups.whitelist import covers
from console.intake import following, reports
from console.intake.payload import Event
from console.screening.verbs import fingerprint, screen
from models import Entry, Group, Match, Profile, Report, Revision, db, locked, now

NEW, CHANGED, UNCHANGED = "new", "changed", "unchanged"


class Receipt(NamedTuple):
    outcome: str
    entry: Entry | None  # None: a report whose entry has not arrived


def receive(group: Group, event: Event, at: datetime | None = None) -> Receipt:
    """Takes one event. The same event again, or an older one, changes nothing."""
    at = at or now()
    take = _take_report if event.type == "report.created" else _take_entry
    try:
        with db.atomic():
            return take(group, event, at)
    except IntegrityError:  # the same event came in twice at once, and the other was first
        with db.atomic():
            return take(group, event, at)


def _take_entry(group: Group, event: Event, at: datetime) -> Receipt:
    mine = (Entry.group == group) & (Entry.external_id == event.data["id"])
    entry = locked(Entry.select().where(mine)).first()
    if entry is None:
        return Receipt(NEW, _add(group, event, at))
    changed = False
    if event.timestamp >= entry.content_time:
        _count(entry, event.data.get("figures") or {})
        changed = _edit(entry, event, at)
    changed |= following.follow(entry, event, at)
    return Receipt(CHANGED if changed else UNCHANGED, entry)


def _add(group: Group, event: Event, at: datetime) -> Entry:
    data = event.data
    profile = _profile(group, data["author"])
    cover = covers(profile, group, today(at))
    figures = data.get("figures") or {}
    parent = _parent(group, data)
    entry = Entry.create(
        group=group,
        profile=profile,
        external_id=data["id"],
        kind=data["kind"],
        parent=parent,
        awaited_parent=None if parent else _parent_id(data),
        text=data["text"],
        url=data.get("url") or "",
        links=data.get("links", []),
        media=data.get("media", []),
        created=data["created_at"],
        received=at,
        fingerprint=fingerprint(data["text"]),
        whitelisted=cover.covered,
        whitelist_reason=cover.reason,
        content_time=event.timestamp,
        platform_time=event.timestamp,
        **{name: figures.get(name, 0) for name in ("views", "reactions", "comments")},
    )
    _adopt(entry, at)
    if not cover:
        screen(entry, at)
    following.begin(entry, event, at)
    return entry


def _edit(entry: Entry, event: Event, at: datetime) -> bool:
    data = event.data
    new = data["text"], data.get("links", []), data.get("media", [])
    entry.content_time = event.timestamp
    if (entry.text, entry.links, entry.media) == new:
        entry.save(only=[Entry.content_time])
        return False
    revision = Revision.create(
        entry=entry, text=entry.text, links=entry.links, media=entry.media, replaced=at
    )
    Match.update(revision=revision).where(Match.entry == entry, Match.revision.is_null()).execute()
    cover = covers(entry.profile, entry.group, today(at))
    entry.text, entry.links, entry.media = new
    entry.fingerprint = fingerprint(entry.text)
    entry.whitelisted, entry.whitelist_reason = cover
    entry.version += 1
    entry.save()
    if not cover:
        screen(entry, at)
    return True


def _count(entry: Entry, figures: dict[str, int]) -> None:
    """Figures change all day; they make no decision stale."""
    changed = {
        name: value for name, value in figures.items() if getattr(entry, name, None) != value
    }
    if changed:
        Entry.update(changed).where(Entry.id == entry.id).execute()


def _take_report(group: Group, event: Event, at: datetime) -> Receipt:
    mine = (Report.group == group) & (Report.external_id == event.data["id"])
    if known := Report.get_or_none(mine):
        return Receipt(UNCHANGED, known.entry)
    return Receipt(NEW, reports.add(group, event.data, at))


def _profile(group: Group, author: dict[str, str]) -> Profile:
    name, url = author["name"], author.get("url") or ""
    mine = (Profile.group == group) & (Profile.external_id == author["id"])
    profile = Profile.get_or_none(mine)
    if profile is None:
        return Profile.create(group=group, external_id=author["id"], name=name, url=url)
    if (profile.name, profile.url) != (name, url or profile.url):
        profile.name, profile.url = name, url or profile.url
        profile.save()
    return profile


def _parent_id(data: dict) -> str | None:
    return data.get("parent_id") if data["kind"] == Entry.COMMENT else None


def _parent(group: Group, data: dict) -> Entry | None:
    if (parent_id := _parent_id(data)) is None:
        return None
    return Entry.get_or_none((Entry.group == group) & (Entry.external_id == parent_id))


def _adopt(entry: Entry, at: datetime) -> None:
    """Joins the comments and reports that arrived before what they are about."""
    Entry.update(parent=entry, awaited_parent=None).where(
        Entry.group == entry.group_id, Entry.awaited_parent == entry.external_id
    ).execute()
    for report in Report.select().where(
        Report.group == entry.group_id, Report.awaited_entry == entry.external_id
    ):
        reports.attach(report, entry)
