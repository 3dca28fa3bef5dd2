"""What was urgent for too long is overdue, so that what came in since stands above it."""

from datetime import datetime, timedelta

from console import config
from console.entries.events import tell
from console.storage import db, locked
from models import Entry, Event


def mark_overdue(at: datetime) -> int:
    """Marks the entries that have been urgent for too long since they were known here.

    Their versions stay, since no decision depends on it. Returns how many there are.
    """
    known_before = at - timedelta(hours=config.settings().urgent_hours)
    with db.atomic():
        late = Entry.held(), Entry.urgency > 0, Entry.held_known < known_before
        entries = list(locked(Entry.select().where(*late)))
        for entry in entries:
            entry.urgency, entry.overdue = 0, True
            entry.save(only=[Entry.urgency, Entry.overdue])
            tell(entry, Event.RENEWED, at)
    return len(entries)
