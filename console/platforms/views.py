"""What could not be sent to the platforms, and sending it again."""

from typing import NamedTuple

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import current_user

from console.errors import Refused
from console.frame import frame_of
from console.groups.access import find_group
from console.language import N_
from console.outbox.deliveries import reason
from console.platforms import failures
from console.queue.sentences import sentence
from console.queue.trail import decisions_with_people, with_rules
from console.queue.views import my_desk
from console.web import administrators_only, whole
from models import Connection, Decision, Group

platforms = Blueprint("platforms", __name__, url_prefix="/platforms")


class Failed(NamedTuple):
    """What could not be sent to one group, by the reason, as pairs (id of the delivery, decision)."""

    group: Group
    obstacle: str
    reasons: dict[str, list[tuple[int, Decision]]]


@platforms.record_once
def _register(state) -> None:
    frame = frame_of(state.app)
    frame.add_list("failed", "platforms.show_failed", N_("Not sent"))
    frame.add_context(lambda: {"counts": {"failed": _number()}})


def _number() -> int:
    is_administrator = current_user.is_administrator
    groups = None if is_administrator else {group.id for group in my_desk().groups}
    return failures.number_for(current_user.user.id, groups)


@platforms.get("/failed")
def show_failed():
    return _page(again=whole(request.args.get("again")))


@platforms.post("/failed/<id:id>")
def resend(id: int):
    return _resend(*failures.find(current_user.user, id))


@platforms.post("/failed/groups/<slug>")
@administrators_only
def resend_all(slug: str):
    return _resend(find_group(current_user.user, slug))


def _resend(*what):
    try:
        again = failures.resend(*what)
    except Refused as refusal:
        return _page(refusal=refusal.message), refusal.status
    return redirect(url_for("platforms.show_failed", again=again), 303)


def _page(**said):
    deliveries = failures.failures_of(current_user.user)
    return render_template(
        "platforms/failed.html",
        failed=_by_group(deliveries[: failures.SHOWN]),
        most=failures.SHOWN,
        is_cut=len(deliveries) > failures.SHOWN,
        sentence=sentence,
        **said,
    )


def _by_group(deliveries) -> list[Failed]:
    ids = [delivery.decision_id for delivery in deliveries]
    rows = with_rules(decisions_with_people().where(Decision.id.in_(ids)))
    decisions = {decision.id: decision for decision in rows}
    groups = {decision.group.id: decision.group for decision in rows}
    connections = Connection.select().where(Connection.group.in_(list(groups)))
    failed = {
        each.group_id: Failed(group := groups[each.group_id], failures.obstacle(each, group), {})
        for each in connections
    }
    for delivery in deliveries:
        decision = decisions[delivery.decision_id]
        reasons = failed[decision.group.id].reasons
        reasons.setdefault(reason(delivery), []).append((delivery.id, decision))
    return sorted(failed.values(), key=lambda each: each.group.name)
