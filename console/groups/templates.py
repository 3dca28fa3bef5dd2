"""Texts that staff edit. Every version is kept: what was shown or printed is found again as it was."""

from peewee import ModelSelect

from console.prepared import first, prepared
from console.storage import db, locked
from models import Group, Rule, Template, User


def write(
    kind: str,
    text: str,
    by: User | None,
    *,
    group: Group | None = None,
    rule: Rule | None = None,
    name: str = "",
) -> Template:
    """The text's next version; the same text again is no new one."""
    with db.atomic():
        newest = locked(_versions(kind, group, rule, name)).first()
        if newest and newest.text == text:
            return newest
        version = newest.version + 1 if newest else 1
        return Template.create(
            kind=kind, group=group, rule=rule, name=name, version=version, text=text, by=by
        )


def current(
    kind: str, *, group: Group | None = None, rule: Rule | None = None, name: str = ""
) -> Template | None:
    """The newest version: the group's own where it has one, else that of all groups."""
    own = _versions(kind, group, rule, name).first() if group else None
    return own or _versions(kind, None, rule, name).first()


def text_of_rule(rule: Rule) -> Template | None:
    """The rule's text in force; since a rule belongs to one group, all groups have none for it."""
    return first(_of_rule(rule.group_id, rule.id))


@prepared
def _of_rule(group_id, rule_id):
    """As `current` finds it; every removal asks for it."""
    mine = (Template.kind == "rule") & (Template.name == "")
    mine &= (Template.group == group_id) & (Template.rule == rule_id)
    return Template.select().where(mine).order_by(Template.version.desc()).limit(1)


def _versions(
    kind: str, group: Group | None, rule: Rule | None, name: str
) -> "ModelSelect[Template]":
    """The newest first."""
    of_group = Template.group.is_null() if group is None else Template.group == group
    of_rule = Template.rule.is_null() if rule is None else Template.rule == rule
    mine = (Template.kind == kind) & (Template.name == name) & of_group & of_rule
    return Template.select().where(mine).order_by(Template.version.desc())
