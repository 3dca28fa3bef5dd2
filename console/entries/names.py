"""What people call an entry's kinds, states and topics, and who decides on it."""

from console.language import N_
from models import Decision, Entry, Report

KIND_NAMES = {Entry.POST: N_("post"), Entry.COMMENT: N_("comment")}
STATE_NAMES = {
    Entry.PUBLISHED: N_("published"),
    Entry.HELD: N_("held"),
    Entry.REMOVED: N_("removed"),
}
TOPIC_NAMES = {
    "official": N_("official notices"),
    "education": N_("education"),
    "culture": N_("culture and events"),
    "sport": N_("sport"),
    "safety": N_("safety"),
    "welfare": N_("welfare and health"),
    "utilities": N_("utilities and local works"),
    "community": N_("residents' initiatives"),
}
# Who decides where it is no user of the console.
ACTORS = {
    Decision.SCREENING: N_("screening"),
    Decision.PLATFORM: N_("the platform"),
    Decision.PLATFORM_STAFF: N_("staff, on the platform itself"),
    Decision.AUTHOR: N_("the author, on the platform"),
}
REPORT_STATES = {
    Report.OPEN: N_("waiting for an answer"),
    Report.UPHELD: N_("upheld"),
    Report.REJECTED: N_("rejected"),
    Report.WITHDRAWN: N_("withdrawn"),
    Report.MOOT: N_("moot"),
}
