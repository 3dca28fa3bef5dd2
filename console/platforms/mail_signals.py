"""Takes Facebook's mails as signals to go and look: the queue of their group is due at once."""

import re
from collections.abc import Collection
from datetime import datetime, timedelta

from console.errors import Refused
from console.groups.access import groups_of
from console.groups.groups import group_named
from console.intake.completing import FROM_MAIL
from console.intake.payload import read as read_message
from console.intake.receive import receive
from console.language import _
from console.platforms import rounds
from console.platforms.preapproval import on_facebook
from console.storage import db, delete_in_batches, now
from console.text import addresses
from console.text.facebook_mail import FacebookMail, read_pasted
from console.text.folding import fold
from models import Entry, Group, MailSignal, Profile, Round, Unit, User

KEPT = timedelta(days=30)  # as long, the same mail again changes nothing
UNRECOGNIZED_FOR = timedelta(days=7)  # administrators are told
SHOWN = 5


def take(mail: FacebookMail, at: datetime) -> bool:
    """Takes a mail, once; whether it was Facebook's and new. One of no known group is only kept."""
    if not mail.is_facebooks or MailSignal.select().where(MailSignal.mail == mail.id).exists():
        return False
    group = _group_of(mail, on_facebook())
    with db.atomic():
        MailSignal.create(
            mail=mail.id,
            received=at,
            sender=mail.sender[:255],
            subject=mail.subject,
            group=group,
            queue=mail.queue,
        )
        if group:
            _signal(group, mail, at)
    return True


def paste(text: str, by: User) -> Round:
    """Takes what somebody copied from a mail; the round that is due now. Refused for no known group."""
    mail, at = read_pasted(text), now()
    mine = {group.id for group in groups_of(by)}
    group = _group_of(mail, mine.intersection(on_facebook()))
    if group is None:
        raise Refused(
            _(
                "This does not say which of your groups on Facebook it is about. Nothing was saved, and "
                "what you pasted is still here: add the group's name or a link to it."
            ),
            "text",
        )
    with db.atomic():
        _signal(group, mail, at, by)
    return Round.get((Round.group == group) & (Round.queue == mail.queue))


def unrecognized(at: datetime) -> tuple[int, list[str]]:
    """How many of the last week's mails are about no group that is known, and the newest subjects."""
    these = MailSignal.select().where(
        MailSignal.group.is_null(), MailSignal.received > at - UNRECOGNIZED_FOR
    )
    newest = these.order_by(MailSignal.received.desc(), MailSignal.id.desc()).limit(SHOWN)
    subjects = [each.subject for each in newest]
    return (these.count() if len(subjects) == SHOWN else len(subjects)), subjects


def prune(at: datetime) -> None:
    delete_in_batches(MailSignal, MailSignal.received < at - KEPT)


def _group_of(mail: FacebookMail, among: Collection[int]) -> Group | None:
    """The group that a link names, else the one whose name stands there: of several, the longest."""
    named = group_named(mail.group)
    if named and named.id in among:
        return named
    said = fold(f"{mail.subject}\n{mail.text[:4000]}")
    groups = Group.select().where(Group.id.in_(among))
    found = [group for group in groups if _stands_in(fold(group.name), said)]
    found.sort(key=lambda group: len(group.name), reverse=True)
    if len(found) > 1 and len(found[0].name) == len(found[1].name):
        return None
    return found[0] if found else None


def _stands_in(name: str, said: str) -> bool:
    return name in said and bool(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", said))


def _signal(group: Group, mail: FacebookMail, at: datetime, by: User | None = None) -> None:
    rounds.ensure()
    rounds.signal(group, mail.queue, at)
    if mail.is_new and (profile := _unit_profile(group, mail.author)):
        _add_entry(group, profile, mail, at, by)


def _unit_profile(group: Group, author: str) -> Profile | None:
    """That of an active unit, if one alone has the name."""
    profiles = (
        Profile.select().join(Unit).where(Profile.group == group, Profile.active, Unit.active)
    )
    found = [each for each in profiles if fold(each.name) == fold(author)]
    return found[0] if len(found) == 1 else None


def _add_entry(
    group: Group, profile: Profile, mail: FacebookMail, at: datetime, by: User | None
) -> None:
    """What is known of a unit's new post, to be completed; unless the post is here already."""
    key, here = addresses.read(mail.link).key, Entry.group == group
    known = here & Entry.has_address_key() & (Entry.address_key == key)
    if key and Entry.select().where(known).exists():
        return
    text = _("From a mail of Facebook's, to be completed: %(subject)s") % {"subject": mail.subject}
    data = {
        "id": FROM_MAIL + mail.id,
        "kind": Entry.POST,
        "author": {"id": profile.external_id, "name": profile.name, "url": profile.url},
        "text": text,
        "url": mail.link,
        "created_at": at.isoformat(),
    }
    message = {"type": "entry.created", "timestamp": at.isoformat(), "data": data}
    entry = receive(group, read_message(message), at).entry
    if by and entry:
        entry.captured_by = by
        entry.save(only=[Entry.captured_by])
