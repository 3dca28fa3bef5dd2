"""All decisions, for administrators."""

from flask import Blueprint, render_template, request

from console.frame import frame_of
from console.insight.decisions import AUTOMATA, PAGE, Filter, all_decisions
from console.language import N_
from console.queue.trail import OUTCOMES, sentence
from console.web import administrators_only, whole
from models import Group, Rule, User

insight = Blueprint("insight", __name__, url_prefix="/insight")


@insight.record_once
def _into_the_frame(state) -> None:
    frame_of(state.app).add_item(
        "insight.show_decisions", N_("Decisions"), administrators_only=True
    )


@insight.get("/decisions")
@administrators_only
def show_decisions():
    criteria = Filter(**{name: request.args.get(name, "") for name in Filter._fields})
    rows = all_decisions(criteria, whole(request.args.get("before")))
    more = len(rows) > PAGE
    rows = rows[:PAGE]
    return render_template(
        "insight/decisions.html",
        criteria=criteria,
        rows=rows,
        next=rows[-1].id if more else None,
        sentence=sentence,
        groups=list(Group.select().order_by(Group.name)),
        people=list(User.select().order_by(User.name)),
        rules=list(Rule.select(Rule.code, Rule.name).distinct().order_by(Rule.name)),
        outcomes=OUTCOMES,
        automata=AUTOMATA,
    )
