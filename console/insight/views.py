"""All decisions, and the audit trail, for administrators."""

from flask import Blueprint, render_template, request
from flask_login import current_user
from peewee import fn

from console import audit
from console.entries.names import ACTORS
from console.frame import frame_of
from console.groups.access import find_group, groups_of
from console.insight import audit as audit_trail
from console.insight import memory
from console.insight.decisions import PAGE, Filter, all_decisions
from console.language import N_, _
from console.queue.sentences import OUTCOMES, sentence
from console.web import administrators_only, whole
from models import Group, Rule, User

insight = Blueprint("insight", __name__, url_prefix="/insight")


@insight.record_once
def _register(state) -> None:
    frame = frame_of(state.app)
    frame.add_item("insight.show_decisions", N_("Decisions"), administrators_only=True)
    frame.add_item("insight.show_audit", N_("Audit trail"), administrators_only=True)
    frame.add_item("insight.show_memory", N_("What the platform stops"))


@insight.get("/decisions")
@administrators_only
def show_decisions():
    criteria = Filter(**{name: request.args.get(name, "").strip() for name in Filter._fields})
    decisions = all_decisions(criteria, whole(request.args.get("before")))
    return render_template(
        "insight/decisions.html",
        criteria=criteria,
        choices=_choices(),
        decisions=decisions[:PAGE],
        next=decisions[PAGE - 1].id if len(decisions) > PAGE else None,
        sentence=sentence,
    )


@insight.get("/audit")
@administrators_only
def show_audit():
    asked = {name: request.args.get(name, "").strip() for name in audit_trail.Filter._fields}
    criteria = audit_trail.Filter(**asked)
    records = audit_trail.records(criteria, whole(request.args.get("before")))
    people = User.select(User.id, User.name).order_by(User.name)
    acts = sorted(((act, audit.words(act)) for act in audit.ACTS), key=lambda choice: choice[1])
    return render_template(
        "insight/audit.html",
        criteria=criteria,
        people=[
            (audit_trail.COMMAND, _("a command on the server")),
            *((str(user.id), user.name) for user in people),
        ],
        acts=acts,
        records=records[: audit_trail.PAGE],
        next=records[audit_trail.PAGE - 1].id if len(records) > audit_trail.PAGE else None,
        words=audit.words,
        detail_words=audit.detail_words,
    )


@insight.get("/memory")
def show_memory():
    """For all staff, of the groups that they may see."""
    mine = groups_of(current_user.user)
    chosen = request.args.get("group", "").strip()
    groups = [find_group(current_user.user, chosen)] if chosen else mine
    is_all = current_user.is_administrator and not chosen
    return render_template(
        "insight/memory.html",
        choices=[(group.slug, group.name) for group in mine],
        criteria={"group": chosen},
        memory=memory.memory_of(groups, all_groups=is_all),
        teaching=memory.teaching(groups),
        kinds=memory.KINDS,
        shown_from=memory.SHOWN_FROM,
    )


def _choices() -> dict[str, list[tuple[str, str]]]:
    """What can be chosen in each filter, as (value, words)."""
    groups = Group.select(Group.slug, Group.name).order_by(Group.name)
    people = User.select(User.id, User.name).order_by(User.name)
    rules = (
        Rule.select(Rule.code, fn.MIN(Rule.name)).group_by(Rule.code).order_by(fn.MIN(Rule.name))
    )
    automata = [(actor, _(words)) for actor, words in ACTORS.items()]
    return {
        "group": [(group.slug, group.name) for group in groups],
        "person": [*((str(user.id), user.name) for user in people), *automata],
        "verb": [(verb, _(outcome)) for verb, outcome in OUTCOMES.items()],
        "rule": list(rules.tuples().iterator()),
    }
