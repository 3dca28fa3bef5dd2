"""What a task asks for, in words, and where it is to be done."""

from functools import lru_cache

from console.language import N_, _
from console.outbox.author_notes import of_removal
from console.outbox.platform import KEEP, REPORT
from console.platforms.tasks import BrokenRule, Task
from console.text.addresses import Address, read
from models import Entry

DELETE = {Entry.POST: N_("Delete the post"), Entry.COMMENT: N_("Delete the comment")}
DECLINE = {
    Entry.PENDING: N_("Decline it in “Pending posts”"),
    Entry.SPAM: N_("Decline it in “Potential spam”"),
    "": N_("Decline it: it is held there, in “Pending posts” or “Potential spam”"),
}
APPROVE = {
    Entry.PENDING: N_("Approve it in “Pending posts”"),
    Entry.SPAM: N_("Approve it in “Potential spam”"),
    "": N_("Approve it: it is held there, in “Pending posts” or “Potential spam”"),
}
ACTS = {
    KEEP: N_("Keep it in “Member-reported content”"),
    REPORT: N_("Report it to Facebook: it breaks Facebook's own terms"),
    "preapprove": N_("Pre-approve this profile's posts"),
    "withdraw-approval": N_("Withdraw the pre-approval of this profile's posts"),
}


def what_to_do(task: Task) -> str:
    """By the kind of task, and by where the entry stands there."""
    if task.kind in ACTS:
        return _(ACTS[task.kind])
    stands = task.stands if task.stands in (Entry.PENDING, Entry.SPAM) else ""
    if task.kind == "release":
        words = APPROVE[stands or ""]
    elif task.platform_state == Entry.HELD:
        words = DECLINE[stands or ""]
    else:
        words = DELETE[task.entry_kind or Entry.POST]
    return _(words)


def note(task: Task, rules: list[BrokenRule]) -> str:
    """What its author can be told; "" where there is nothing to tell."""
    if task.kind != "remove" or not task.entry_kind:
        return ""
    return of_removal(task.entry_kind, task.group, rules)


@lru_cache(maxsize=1024)  # the same links are on the list until somebody is done with them
def place(url: str) -> Address | None:
    """Where it is on Facebook, as its link says; no other address is ever led to."""
    address = read(url)
    return address if address.canonical else None
