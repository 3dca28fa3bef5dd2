"""The rules of a group, for administrators."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_login import current_user

from console.errors import Refused
from console.groups import rules as verbs
from console.groups.access import find_group
from console.groups.forms import RuleForm
from console.web import administrators_only, get_or_404, whole
from models import Group, Rule

group_rules = Blueprint("rules", __name__, url_prefix="/groups")


@group_rules.get("/<slug>/rules")
@administrators_only
def edit_rules(slug: str):
    return _page(find_group(current_user.user, slug))


@group_rules.post("/<slug>/rules")
@administrators_only
def save_new_rule(slug: str):
    group = find_group(current_user.user, slug)
    form = RuleForm(request.form)
    try:
        form.check()
        verbs.add(group, form.name.data, current_user.user)
    except Refused as refusal:
        form.add_error(refusal)
        return _page(group, form), refusal.status
    return redirect(url_for("rules.edit_rules", slug=slug), 303)


@group_rules.post("/<slug>/rules/<id:id>")
@administrators_only
def save_rule(slug: str, id: int):
    group = find_group(current_user.user, slug)
    rule = get_or_404(group.rules.where(Rule.id == id))
    form = RuleForm(request.form, name=rule.name)
    try:
        _change(rule, form)
    except Refused as refusal:
        form.add_error(refusal)
        return _page(group, renamed={rule.id: form}), refusal.status
    return redirect(url_for("rules.edit_rules", slug=slug), 303)


def _change(rule: Rule, form: RuleForm) -> None:
    by = current_user.user
    change, _colon, place = request.form.get("change", "").partition(":")
    match change:
        case "rename":
            form.check()
            verbs.rename(rule, form.name.data, by)
        case "move":
            verbs.move(rule, whole(place) or 1, by)
        case "retire":
            verbs.retire(rule, by)
        case "bring-back":
            verbs.bring_back(rule, by)
        case _:
            abort(404)


def _page(group: Group, new: RuleForm | None = None, renamed: dict[int, RuleForm] | None = None):
    """With the forms that were refused, and fresh ones for the rest."""
    every = list(Rule.select().where(Rule.group == group).order_by(Rule.position, Rule.id))
    return render_template(
        "groups/rules.html",
        of=group,
        in_force=[rule for rule in every if not rule.retired],
        retired=[rule for rule in every if rule.retired],
        new=new or RuleForm(),
        forms={rule.id: RuleForm(name=rule.name) for rule in every} | (renamed or {}),
    )
