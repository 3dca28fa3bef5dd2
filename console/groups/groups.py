"""Creates municipalities and groups; what addresses call them."""

import base64
import re
import secrets

from console.audit import record
from console.errors import Refused
from console.groups.builtin import BUILTIN_RULES, SHORT_NAMES
from console.language import _
from console.storage import db
from models import Connection, Group, GroupAlias, Municipality, Rule, User

RESERVED = {"invoices"}  # /groups/invoices is a page of its own
SLUG = re.compile("[a-z0-9]+(-[a-z0-9]+)*")


def municipality(teryt: str, name: str) -> Municipality:
    """The municipality of that TERYT code (TERC, 7 digits), new or known. Raises Refused."""
    name = name.strip()
    if not re.fullmatch("[0-9]{7}", teryt):
        raise Refused(
            _("A municipality's TERYT code has 7 digits, such as 1414032. Nothing was added."),
            "teryt",
        )
    if not name:
        raise Refused(_("Say what the municipality is called. Nothing was added."), "municipality")
    found, _is_new = Municipality.get_or_create(teryt=teryt, defaults={"name": name})
    if found.name != name:
        message = _("%(teryt)s is %(name)s, so nothing was added. Check the code and the name.")
        raise Refused(message % {"teryt": teryt, "name": found.name}, "municipality")
    return found


def create(slug: str, name: str, municipality: Municipality, *, by: User | None = None) -> Group:
    """Creates a group with the built-in rules and a webhook connection. Raises Refused."""
    if not SLUG.fullmatch(slug):
        raise Refused(
            _("It stands in addresses: small letters a to z, digits, hyphens. Nothing was added."),
            "slug",
        )
    if not name.strip():
        raise Refused(_("Say what the group is called. Nothing was added."), "name")
    with db.atomic():
        if slug in RESERVED or Group.select().where(Group.slug == slug).exists():
            message = _("There is a group %(slug)s already. Nothing was added.")
            raise Refused(message % {"slug": slug}, "slug")
        group = Group.create(slug=slug, name=name, municipality=municipality)
        Connection.create(group=group, platform="webhook", secrets={"current": new_secret()})
        for position, (code, rule) in enumerate(BUILTIN_RULES.items(), 1):
            short = SHORT_NAMES[code]
            Rule.create(group=group, code=code, name=rule, short=short, position=position)
        record(by, "group.added", name)
    return group


def add_alias(group: Group, alias: str, *, by: User | None = None) -> Group:
    """Has addresses that call a group so lead to this one. Returns the group that has the alias."""
    with db.atomic():
        row, is_new = GroupAlias.get_or_create(name=alias, defaults={"group": group})
        if is_new:
            record(by, "alias.added", group.name, alias)
    return row.group


def remove_alias(group: Group, alias: str) -> bool:
    """Whether it was there."""
    with db.atomic():
        mine = (GroupAlias.group == group) & (GroupAlias.name == alias)
        is_removed = GroupAlias.delete().where(mine).execute() > 0
        if is_removed:
            record(None, "alias.removed", group.name, alias)
    return is_removed


def group_named(alias: str | None) -> Group | None:
    """The group that addresses call so, if anybody has said it."""
    if alias is None:
        return None
    return Group.select().join(GroupAlias).where(GroupAlias.name == alias).first()


def new_secret() -> str:
    """A random webhook secret in the format of Standard Webhooks."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
