"""What a person does on the platform: a task is a delivery that waits for somebody's word.

The caller's transaction has locked the entry, as that of a decision does.
"""

from datetime import datetime

from peewee import Select

from console.groups.preapproval import APPROVALS, set_preapproved
from console.outbox.deliveries import OF_ENTRY, OPEN, reconsider, reflect
from console.outbox.platform import KEEP, PLATFORMS, REPORT, STATE_AFTER
from console.storage import db, now
from models import Delivery, Entry, User


def done(delivery: Delivery, by: User) -> bool:
    """A person says that it is done; whether it was still open. Ends the undo window."""
    return _settle_by_hand(delivery, Delivery.DONE, by)


def not_possible(delivery: Delivery, by: User, why: str) -> bool:
    """A person says that it can't be done. This is final, and no failure."""
    return _settle_by_hand(delivery, Delivery.NOT_POSSIBLE, by, why)


def not_done(delivery: Delivery, by: User) -> bool:
    """A person says that nobody did what has been taken back since."""
    return _settle_by_hand(delivery, Delivery.CANCELLED, by)


def is_taken_back(kind: str, state: str, is_undone: bool) -> bool:
    """Whether the entry's state here asks for something else than this task.

    It was begun, or it would have been cancelled: somebody must say whether it was done.
    """
    if kind == KEEP:
        return is_undone or state != Entry.PUBLISHED
    return STATE_AFTER.get(kind, Entry.REMOVED if kind == REPORT else state) != state


def _settle_by_hand(delivery: Delivery, state: str, by: User, why: str = "") -> bool:
    at = now()
    told = {"state": state, "settled": at, "settled_by": by, "last_error": why}
    still = Delivery.state.in_(OPEN)
    if state == Delivery.DONE:  # taken back meanwhile, and yet it was done
        still |= (Delivery.state == Delivery.CANCELLED) & Delivery.settled_by.is_null()
    if not Delivery.update(told).where(Delivery.id == delivery.id, still).execute():
        return False
    if state == Delivery.DONE:
        if not _was_done_since(delivery):
            reflect(delivery, at)
        _end_what_is_moot(delivery, at)
        if delivery.kind in APPROVALS and delivery.profile:
            set_preapproved(delivery.profile, APPROVALS[delivery.kind], by)
    if delivery.entry_id:
        reconsider(Entry.get_by_id(delivery.entry_id), at)
    return True


def _was_done_since(delivery: Delivery) -> bool:
    """Whether what was ordered later is done already, so that it is what stands there."""
    later = (Delivery.entry == delivery.entry_id) & (Delivery.id > delivery.id)
    done = later & (Delivery.state == Delivery.DONE) & Delivery.kind.in_(list(STATE_AFTER))
    return Delivery.select().where(done).exists()


def _end_what_is_moot(done: Delivery, at: datetime) -> None:
    """What has no object any more: what was to be done before, and all that is gone there."""
    if not done.entry_id or done.kind not in (*STATE_AFTER, KEEP):
        return
    platform, state = PLATFORMS[done.connection.platform], STATE_AFTER.get(done.kind)
    moot = (Delivery.entry == done.entry_id) & (Delivery.kind != REPORT)
    if not state or platform.can_be_reversed(state):
        moot &= Delivery.id < done.id
    if state != Entry.REMOVED:
        seen = Entry.update(stands=Entry.VISIBLE).where(Entry.id == done.entry_id)
        seen.where(Entry.stands != "").execute()
    elif platform.removes_replies:
        below = Entry.below([done.entry_id])
        replies = Select([below], [below.c.id]).with_cte(below).bind(db).tuples()
        moot |= Delivery.entry.in_([id for (id,) in replies])
    ended = Delivery.update(state=Delivery.CANCELLED, settled=at)
    ended.where(moot, Delivery.kind.in_(OF_ENTRY), Delivery.to_do()).execute()
