"""What an entry is about, and what follows from it: how urgent it is while the platform holds it."""

from console.entries import events
from console.errors import Refused
from console.language import _
from console.storage import db, locked
from console.text.topics import guess
from models import Decision, Entry, Event, Profile, User


def guessed_topic(text: str, author: Profile) -> str:
    """The guess; empty for an author without a unit, whose entries get a topic from a person."""
    return guess(text, author.unit.kind) if author.unit else ""


def guess_again(entry: Entry) -> None:
    """After an edit, unless a person has set the topic; the caller saves the entry."""
    if entry.topic_by_id is None:
        entry.topic = guessed_topic(entry.text, entry.profile)
    _rank(entry)


def set_topic(entry: Entry, topic: str, by: User) -> None:
    """A person says what the entry is about. Its version stays: no decision depends on that."""
    if topic not in Entry.TOPICS:
        raise Refused(_("There is no such topic. Reload the page and choose again."))
    with db.atomic():
        entry = locked(Entry.select().where(Entry.id == entry.id)).get()
        if entry.topic_by_id and entry.topic == topic:
            return
        entry.topic, entry.topic_by = topic, by
        _rank(entry)
        entry.save(only=[Entry.topic, Entry.topic_by, Entry.urgency])
        events.tell(entry, Event.RENEWED)


def urgency_of(entry: Entry) -> int:
    """Of an entry that the platform holds; the values are described at Entry.urgency."""
    if not entry.whitelisted:
        return 0
    return 2 if entry.topic == "safety" else 1


def _rank(entry: Entry) -> None:
    """Also what is not held now: an undo may bring it back."""
    if entry.held_by == Decision.PLATFORM and not entry.overdue:
        entry.urgency = urgency_of(entry)
