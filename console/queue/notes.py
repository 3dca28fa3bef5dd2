"""Adds and removes the notes of staff about an author."""

from datetime import timedelta

from console.errors import Refused
from console.language import _
from console.storage import db, locked, now
from models import Note, Profile, User

LONGEST = 2000
# A mistake can be removed; after a day others have read the note, and it stays.
CAN_BE_STRUCK_FOR = timedelta(days=1)


def write(profile: Profile, by: User, text: str) -> Note:
    """Adds a note; the same text sent twice in a row is one note. Raises Refused."""
    text = text.replace("\r\n", "\n").strip()
    if not any(letter.isprintable() and not letter.isspace() for letter in text):
        raise Refused(_("The note is empty. Write what the others should know."))
    if len(text) > LONGEST:
        raise Refused(
            _("The note has %(length)d characters; at most %(most)d fit. Shorten it.")
            % {"length": len(text), "most": LONGEST}
        )
    with db.atomic():
        locked(Profile.select().where(Profile.id == profile.id)).get()
        newest = profile.notes.order_by(Note.id.desc()).first()
        if newest and (newest.by_id, newest.text) == (by.id, text):
            return newest
        return Note.create(profile=profile, by=by, text=text)


def strike(profile: Profile, id: int, by: User) -> None:
    """Removes one's own note, within a day. If it is gone already, nothing happens. Raises Refused."""
    note = profile.notes.where(Note.id == id).first()
    if note is None:
        return
    if note.by_id != by.id:
        raise Refused(_("Only the person who wrote a note can strike it."))
    if not can_be_struck(note, by):
        raise Refused(_("A note can be struck for a day; this one stays. Write another one."))
    note.delete_instance()


def can_be_struck(note: Note, by: User) -> bool:
    return note.by_id == by.id and now() - note.at < CAN_BE_STRUCK_FOR
