"""Which profiles the platform itself lets publish without approval, as far as staff know."""

from console.audit import record
from console.storage import db, locked, now
from models import Profile, User

PREAPPROVE, WITHDRAW_APPROVAL = "preapprove", "withdraw-approval"  # kinds of delivery
# Whether a profile is pre-approved once that is done.
APPROVALS = {PREAPPROVE: True, WITHDRAW_APPROVAL: False}


def set_preapproved(profile: Profile, is_preapproved: bool, by: User) -> None:
    """Notes what somebody did on the platform, or saw there; what was noted already stays so."""
    with db.atomic():
        row = locked(Profile.select().where(Profile.id == profile.id)).get()
        if (row.preapproved is not None) == is_preapproved:
            return
        row.preapproved, row.preapproved_by = (now(), by) if is_preapproved else (None, None)
        row.save(only=[Profile.preapproved, Profile.preapproved_by])
        act = "profile.preapproved" if is_preapproved else "profile.approval-withdrawn"
        record(by, act, row.name, row.group.name)
