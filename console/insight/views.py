"""All decisions, for administrators."""

from flask import Blueprint, render_template, request
from peewee import fn

from console.entries.names import ACTORS
from console.frame import frame_of
from console.insight.decisions import PAGE, Filter, all_decisions
from console.language import N_, _
from console.queue.sentences import OUTCOMES, sentence
from console.web import administrators_only, whole
from models import Group, Rule, User

insight = Blueprint("insight", __name__, url_prefix="/insight")


@insight.record_once
def _register(state) -> None:
    frame_of(state.app).add_item(
        "insight.show_decisions", N_("Decisions"), administrators_only=True
    )


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
