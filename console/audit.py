"""The audit trail: who changed what others may do here, or how it is done. Rows are only added."""

from console.language import N_, _
from console.storage import db
from models import AuditRecord, User

# {act: what it says on the screen}
ACTS = {
    "console.set-up": N_("set the console up, with the administrator %(subject)s"),
    "user.added": N_("added the user %(subject)s"),
    "user.signed-out": N_("ended all sessions of %(subject)s"),
    "user.deactivated": N_("deactivated the user %(subject)s"),
    "user.reactivated": N_("reactivated the user %(subject)s"),
    "user.password": N_("set a new password of %(subject)s"),
    "user.seats": N_("set the groups of %(subject)s"),
    "rule.added": N_("added the rule %(subject)s"),
    "rule.renamed": N_("renamed the rule %(subject)s"),
    "rule.moved": N_("moved the rule %(subject)s to another place"),
    "rule.retired": N_("retired the rule %(subject)s"),
    "rule.brought-back": N_("brought back the rule %(subject)s"),
    "screener.added": N_("added the screener %(subject)s"),
    "screener.changed": N_("changed the screener %(subject)s"),
    "screener.switched": N_("switched the screener %(subject)s"),
    "group.added": N_("added the group %(subject)s"),
    "alias.added": N_("said what addresses on the platform call %(subject)s"),
    "alias.removed": N_("took back what addresses on the platform call %(subject)s"),
    "contract.signed": N_("signed a contract of %(subject)s"),
    "contract.paper": N_("noted what invoices of %(subject)s need"),
    "month.invoiced": N_("marked months of %(subject)s as invoiced"),
    "contract.changed": N_("changed a contract of %(subject)s"),
    "unit.added": N_("added the unit %(subject)s"),
    "unit.switched-off": N_("switched off the unit %(subject)s"),
    "unit.switched-on": N_("switched on the unit %(subject)s"),
    "profile.assigned": N_("assigned a profile to the unit %(subject)s"),
    "profile.preapproved": N_("noted that the platform lets %(subject)s publish without approval"),
    "profile.approval-withdrawn": N_(
        "noted that the platform asks for approval of %(subject)s again"
    ),
    "profile.taken-off": N_("took the profile %(subject)s off the whitelist"),
    "profile.put-back": N_("put the profile %(subject)s back on the whitelist"),
    "platform.chosen": N_("chose where %(subject)s is"),
    "rounds.planned": N_("set where and how often the queues of %(subject)s are looked at"),
    "secret.changed": N_("changed the webhook secret of %(subject)s"),
    "secret.withdrawn": N_("withdrew the former webhook secret of %(subject)s"),
    "address.set": N_("set where the decisions of %(subject)s are sent"),
    "address.cleared": N_("stopped sending the decisions of %(subject)s"),
    "user.role": N_("changed the role of %(subject)s"),
    "user.link-made": N_("made a one-time link for %(subject)s"),
    "user.link-used": N_("set the password of %(subject)s by a one-time link"),
    "user.passkey-added": N_("added a passkey for %(subject)s"),
    "user.passkey-revoked": N_("revoked a passkey of %(subject)s"),
}

# A detail that is one of these words is translated; any other is a name, and stays as it is.
DETAILS = {
    User.ADMINISTRATOR: N_("administrator"),
    User.MODERATOR: N_("moderator"),
    "on": N_("on"),
    "shadow": N_("on trial"),
    "off": N_("off"),
    "none": N_("none"),
}


def record(by: User | None, act: str, subject: str, detail: str = "") -> None:
    """Within the transaction of the act: neither is there without the other.

    `by` is None for a command on the machine; `detail`, what it is now, holds no secret.
    """
    assert act in ACTS, act
    assert db.in_transaction(), act
    AuditRecord.create(by=by, act=act, subject=subject[:255], detail=detail)


def words(act: str, subject: str = "…") -> str:
    """The act in the reader's language; one that an older console knew is shown by its code."""
    return _(ACTS[act]) % {"subject": subject} if act in ACTS else f"{act}: {subject}"


def detail_words(record: AuditRecord) -> str:
    return _(DETAILS[record.detail]) if record.detail in DETAILS else record.detail
