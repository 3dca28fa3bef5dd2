"""What staff write down about an author, for each other: always with who and when."""

from datetime import timedelta

from console.errors import Refused
from console.language import _
from console.storage import db, locked, now
from models import Note, Profile, User

LONGEST = 2000
# A submission can be taken back; later the others have read the note, and it stays.
CAN_BE_STRUCK_FOR = timedelta(days=1)


def write(profile: Profile, by: User, text: str) -> Note:
    """Adds the note; the same one sent again is one note."""
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
    """Takes one's own note back, for a day; one that is gone already is no mistake."""
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
