"""The rules of a group, for administrators."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import current_user

from console.errors import NotFound, Refused
from console.groups import rules as verbs
from console.groups.access import find_group
from console.web import administrators_only, get_or_404, whole
from models import Group, Rule

groups = Blueprint("groups", __name__, url_prefix="/groups")


@groups.get("/<slug>/rules")
@administrators_only
def edit_rules(slug: str):
    return _page(find_group(current_user.user, slug))


@groups.post("/<slug>/rules")
@administrators_only
def save_new_rule(slug: str):
    group = find_group(current_user.user, slug)
    return _done(group, lambda: verbs.add(group, request.form.get("name", "")))


@groups.post("/<slug>/rules/<id:id>")
@administrators_only
def save_rule(slug: str, id: int):
    group = find_group(current_user.user, slug)
    rule = get_or_404(group.rules.where(Rule.id == id))
    change, _colon, place = request.form.get("change", "").partition(":")
    act = {
        "rename": lambda: verbs.rename(rule, request.form.get("name", "")),
        "move": lambda: verbs.move(rule, whole(place) or 1),
        "retire": lambda: verbs.retire(rule),
        "bring-back": lambda: verbs.bring_back(rule),
    }.get(change)
    if act is None:
        raise NotFound
    return _done(group, act, rule)


def _done(group: Group, act, rule: Rule | None = None):
    try:
        act()
    except Refused as refusal:
        return _page(group, refusal.message, rule), refusal.status
    return redirect(url_for("groups.edit_rules", slug=group.slug), 303)


def _page(group: Group, refusal: str = "", refused: Rule | None = None):
    every = list(Rule.select().where(Rule.group == group).order_by(Rule.position, Rule.id))
    return render_template(
        "groups/rules.html",
        of=group,
        in_force=[rule for rule in every if not rule.retired],
        retired=[rule for rule in every if rule.retired],
        refusal=refusal,
        refused=refused,
        typed=request.form.get("name", "") if refusal else "",
    )
