"""The audit trail: who changed what others may do here, or how it is done. Rows are only added."""

from console.language import N_
from models import AuditRecord, User

# {act: what it says on the screen}
ACTS = {
    "user.added": N_("added the user %(subject)s"),
    "user.role_changed": N_("changed the role of %(subject)s"),
    "user.link_made": N_("made a one-time link for %(subject)s"),
    "user.link_used": N_("set the password of %(subject)s by a one-time link"),
    "user.passkey_added": N_("added a passkey for %(subject)s"),
    "user.passkey_revoked": N_("revoked a passkey of %(subject)s"),
}


def record(by: User | None, act: str, subject: str, detail: str = "") -> None:
    """`by` is None for a command on the machine; `detail`, what it is now, holds no secret."""
    assert act in ACTS, act
    AuditRecord.create(by=by, act=act, subject=subject[:255], detail=detail)
