"""The audit trail: who changed what others may do here, or how it is done. Rows are only added."""

from console.language import N_
from models import AuditRecord, User

# {act: what it says on the screen}
ACTS = {
    "console.set-up": N_("set the console up, with the administrator %(subject)s"),
    "user.added": N_("added the user %(subject)s"),
}


def record(by: User | None, act: str, subject: str, detail: str = "") -> None:
    """`by` is None for a command on the machine; `detail`, what it is now, holds no secret."""
    assert act in ACTS, act
    AuditRecord.create(by=by, act=act, subject=subject[:255], detail=detail)
