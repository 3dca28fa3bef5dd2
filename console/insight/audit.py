"""Searches the audit trail, for administrators."""

from typing import NamedTuple

from peewee import JOIN

from models import AuditRecord, User

PAGE = 50
COMMAND = "command"  # whoever runs commands on the machine


class Filter(NamedTuple):
    """What to search for; "" means any. `person` is a user's id or COMMAND."""

    person: str = ""
    act: str = ""


def records(criteria: Filter, before: int | None) -> list[AuditRecord]:
    """The newest PAGE + 1 records, each with its user.

    before  the id of the last record of the page before (keyset pagination)
    """
    query = AuditRecord.select(AuditRecord, User).join(User, JOIN.LEFT_OUTER)
    query = query.order_by(AuditRecord.id.desc()).limit(PAGE + 1)
    if criteria.person == COMMAND:
        query = query.where(AuditRecord.by.is_null())
    elif criteria.person:
        query = query.where(User.id.cast("text") == criteria.person)
    if criteria.act:
        query = query.where(AuditRecord.act == criteria.act)
    if before:
        query = query.where(AuditRecord.id < before)
    return list(query)
