"""What the platform wrongly held of units: kept as it was, for insight and for whoever writes next."""

from console.clock import WARSAW
from console.text.folding import fold
from console.text.links import domains_of
from models import Decision, Entry, Profile, WrongHold


def note(entry: Entry, before: str, decision: Decision) -> None:
    """Part of a step: a unit's post that the platform held is out again, so the hold was wrong.

    Whoever let it out: staff here or there, or the platform itself. The step's undo takes the note
    back. A post that is held twice keeps the last hold.
    """
    if decision.undoes_id:
        WrongHold.delete().where(WrongHold.decision == decision.undoes_id).execute()
        return
    is_out = before == Entry.HELD and decision.to_state == Entry.PUBLISHED
    if is_out and entry.kind == Entry.POST and entry.held_by == Decision.PLATFORM:
        _keep(entry, decision)


def _keep(entry: Entry, decision: Decision) -> None:
    profile = Profile.get_by_id(entry.profile_id)
    WrongHold.delete().where(WrongHold.entry == entry).execute()
    WrongHold.create(
        entry=entry,
        group=entry.group_id,
        profile=profile,
        decision=decision,
        reason=entry.held_reason,
        stood=entry.stands,
        text=entry.text,
        links=entry.links,
        domains=domains_of(fold(entry.text), entry.links),
        length=len(entry.text),
        hour=entry.created.astimezone(WARSAW).hour,
        preapproved=profile.preapproved is not None and profile.preapproved <= entry.created,
        held=entry.held_since,
        released=decision.happened,
    )
