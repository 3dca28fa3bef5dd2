"""The register of profiles that Facebook lets publish without approval, beside our whitelist."""

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask_login import current_user

from console.errors import NotFound
from console.frame import frame_of
from console.groups.access import find_profile
from console.groups.preapproval import set_preapproved
from console.language import N_
from console.platforms.preapproval import on_facebook, standings, sweep_group
from console.queue.views import my_desk
from models import Group

preapprovals = Blueprint("preapprovals", __name__, url_prefix="/platforms")


@preapprovals.record_once
def _register(state) -> None:
    frame_of(state.app).add_item("preapprovals.show_preapprovals", N_("Pre-approved profiles"))


@preapprovals.get("/preapprovals")
def show_preapprovals():
    """Of one group; where the user has several, that is chosen first."""
    there = set(on_facebook())
    groups = [group for group in my_desk().groups if group.id in there]
    group = _chosen(groups)
    return render_template(
        "platforms/preapprovals.html",
        groups=groups,
        of=group,
        standings=standings([group], g.now) if group else [],
    )


@preapprovals.post("/preapprovals/<id:id>")
def save_preapproval(id: int):
    profile = find_profile(current_user.user, id)
    if profile.unit is None or profile.group_id not in on_facebook():
        raise NotFound
    set_preapproved(profile, request.form.get("preapproved") == "yes", current_user.user)
    sweep_group(profile.group, g.now)
    return redirect(url_for(".show_preapprovals", group=profile.group.slug), 303)


def _chosen(groups: list[Group]) -> Group | None:
    slug = request.args.get("group")
    if not slug:
        return groups[0] if len(groups) == 1 else None
    group = next((group for group in groups if group.slug == slug), None)
    if group is None:
        raise NotFound
    return group
