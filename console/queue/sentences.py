"""What was decided, and what became of it outside, in words."""

from __future__ import annotations

from peewee import JOIN, ModelSelect

from console import clock
from console.entries.names import ACTORS
from console.language import N_, _
from console.outbox.deliveries import reason
from console.outbox.platform import PLATFORMS, REPORT
from console.storage import Row, now
from models import Connection, Decision, Delivery, Entry, User

OUTCOMES = {
    "release": N_("Released"),
    "remove": N_("Removed"),
    "keep": N_("Kept"),
    "hold": N_("Put on hold"),
    "tag": N_("Tagged"),
    "untag": N_("Untagged"),
    "undo": N_("Undone"),
}


def sentence(decision: Decision) -> str:
    """What was decided and by whom: "Removed – anna"."""
    return f"{outcome(decision)} – {actor(decision)}"


def outcome(decision: Decision) -> str:
    if decision.actor == Decision.SCREENING and decision.note == "failed":
        return _("Put on hold: it could not be checked")
    if decision.verb == "release" and decision.to_state == Entry.HELD:
        return _("Let go, but still held here")
    if decision.actor == Decision.PLATFORM and decision.note:
        return _("Put on hold: %(reason)s") % {"reason": decision.note}
    return _(OUTCOMES[decision.verb])


def actor(decision: Decision) -> str:
    return decision.by.name if decision.by else _(ACTORS[decision.actor])


# What became of that which cannot be done there.
STILL = {Entry.PUBLISHED: N_("still visible %(there)s"), Entry.HELD: N_("still held %(there)s")}


def delivery_words(delivery: Delivery | None) -> str:
    """What is known of the delivery to the platform; None: nothing needs to be done there."""
    if delivery is None:
        return _("recorded here")
    words = {
        Delivery.RECORDED: _("recorded here"),
        Delivery.PENDING: _("waiting to be sent to the platform"),
        Delivery.DELIVERED: _("sent to the platform"),
        Delivery.TO_DO: _("recorded – to be carried out %(there)s"),
        Delivery.DONE: _("done %(there)s – %(who)s, %(when)s"),
        Delivery.NOT_POSSIBLE: _("it cannot be done %(there)s – %(who)s, %(when)s"),
        Delivery.CANCELLED: _("undone before it was sent"),
        Delivery.FAILED: _("could not be sent to the platform – given up"),
    }
    if delivery.kind == REPORT and delivery.state == Delivery.TO_DO:
        words[Delivery.TO_DO] = _("to be reported to Facebook")
    who = delivery.settled_by
    return words[delivery.state] % {
        **_place(delivery),
        "who": who.name if who else _("somebody"),
        "when": clock.exact(delivery.settled) if delivery.settled else "",
    }


def _place(delivery: Delivery) -> dict[str, str]:
    return {"there": _(PLATFORMS[delivery.connection.platform].there)}


def outgoing(*more: type[Row]) -> ModelSelect[Delivery]:
    """A query with what `delivery_words` tells of each: where it is done, and who settled it."""
    rows = Delivery.select(Delivery, Connection, User, *more).join_from(Delivery, Connection)
    return rows.join_from(Delivery, User, JOIN.LEFT_OUTER, on=(Delivery.settled_by == User.id))


def delivery_news(delivery: Delivery | None, there: str = "") -> str:
    """The same for whoever has just decided: if it failed, also why and when it is tried again.

    there  the entry's state on the platform, where that is known
    """
    if delivery and delivery.state == Delivery.FAILED:
        return _("NOT SENT: %(reason)s") % {"reason": reason(delivery)}
    if delivery and delivery.state == Delivery.NOT_POSSIBLE:
        why = [delivery_words(delivery), reason(delivery)]
        return "; ".join([*why, _(STILL[there]) % _place(delivery)] if there in STILL else why)
    if delivery and delivery.state == Delivery.PENDING and delivery.last_error:
        words = _("trying again: %(reason)s; next attempt at %(time)s")
        if delivery.due <= now():
            words = _("trying again: %(reason)s; the next attempt was due at %(time)s")
        return words % {"reason": reason(delivery), "time": clock.soon(delivery.due)}
    return delivery_words(delivery)
