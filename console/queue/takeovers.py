"""A unit's account was taken over: it leaves the whitelist, and what it wrote last is looked at."""

from contextlib import suppress
from datetime import timedelta

from console import config
from console.entries import decisions
from console.entries.transaction import Submission
from console.errors import Overtaken, Refused
from console.groups import units
from console.language import _
from console.storage import now
from models import Decision, Entry, Profile, User

SHORTEST_KEY = 8


def take_over(profile: Profile, by: User, key: str) -> int:
    """Takes the profile off the whitelist and holds its posts of the last hours, each by itself.

    It is the one exception to not interfering in what units publish. Returns how many posts were
    held. What somebody decides meanwhile is left as they decided. The same `key` again, a form sent
    twice, holds nothing anew and gives the same number.
    """
    if profile.unit_id is None:
        raise Refused(_("Only a unit's profile is on the whitelist. Nothing was changed."))
    if len(key) < SHORTEST_KEY:  # without one, a second takeover would pass for the first
        raise Refused(_("The form was not complete. Reload the page and decide again."))
    reason = _("account taken over")
    units.take_off(profile, reason, by=by)
    since = now() - timedelta(hours=config.settings().takeover_hours)
    lately = profile.entries.where(
        Entry.whitelisted, Entry.state == Entry.PUBLISHED, Entry.created >= since
    )
    for entry in lately.order_by(Entry.id):
        submission = Submission(entry.version, f"{key}-{entry.id}", reason, batch=key)
        with suppress(Overtaken):
            decisions.hold(entry, by, submission)
    return Decision.select().where(Decision.batch == key, Decision.by == by).count()
