"""What was decided, and what became of it outside, in words."""

from console import clock
from console.entries.names import ACTORS
from console.language import N_, _
from console.outbox.deliveries import reason
from console.storage import now
from models import Decision, Delivery, Entry

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


def delivery_words(delivery: Delivery | None) -> str:
    """What is known of the delivery to the platform; None: nothing needs to be done there."""
    if delivery is None:
        return _("recorded here")
    words = {
        Delivery.RECORDED: _("recorded here"),
        Delivery.PENDING: _("waiting to be sent to the platform"),
        Delivery.DELIVERED: _("sent to the platform"),
        Delivery.TO_DO: _("recorded – to be carried out on the platform by hand"),
        Delivery.DONE: _("done on the platform"),
        Delivery.NOT_POSSIBLE: _("it cannot be done on the platform"),
        Delivery.CANCELLED: _("undone before it was sent"),
        Delivery.FAILED: _("could not be sent to the platform – given up"),
    }
    return words[delivery.state]


def delivery_news(delivery: Delivery | None) -> str:
    """The same for whoever has just decided: if it failed, also why and when it is tried again."""
    if delivery and delivery.state == Delivery.FAILED:
        return _("NOT SENT: %(reason)s") % {"reason": reason(delivery)}
    if delivery and delivery.state == Delivery.PENDING and delivery.last_error:
        words = _("trying again: %(reason)s; next attempt at %(time)s")
        if delivery.due <= now():
            words = _("trying again: %(reason)s; the next attempt was due at %(time)s")
        return words % {"reason": reason(delivery), "time": clock.soon(delivery.due)}
    return delivery_words(delivery)
