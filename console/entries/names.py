"""What people call an entry's kinds and states."""

from console.language import N_
from models import Entry

KIND_NAMES = {Entry.POST: N_("post"), Entry.COMMENT: N_("comment")}
STATE_NAMES = {
    Entry.PUBLISHED: N_("published"),
    Entry.HELD: N_("held"),
    Entry.REMOVED: N_("removed"),
}
