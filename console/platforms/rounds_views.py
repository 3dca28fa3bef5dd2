"""Rounds through the queues of Facebook groups, and where and how often each is looked at."""

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask_login import current_user

from console.errors import Changed, Refused
from console.frame import frame_of
from console.groups.access import find_group
from console.language import N_, _
from console.outbox.connections import connection_of
from console.platforms import mail_signals
from console.platforms import rounds as verbs
from console.platforms.forms import MailForm, PlansForm
from console.platforms.round_plans import QUEUES, Queue, address_of, plan_of, save_plans
from console.queue.lists import After
from console.queue.views import my_desk
from console.web import administrators_only, whole
from models import Group, GroupAlias, Round

rounds = Blueprint("rounds", __name__, url_prefix="/platforms")

FIRST = 2  # of the overdue ones, by name on the page where people land


@rounds.record_once
def _register(state) -> None:
    frame = frame_of(state.app)
    frame.add_item("rounds.show_rounds", N_("Rounds"))
    frame.add_part("top", "platforms/_overdue_rounds.html")
    frame.add_context(_overdue)


def _overdue() -> dict:
    """Their number stands in the menu; the first of them on the page where people land."""
    overdue = verbs.overdue_for(current_user.user)
    first = overdue[:FIRST] if request.path == url_for("queue.show_list", name="held") else []
    names = {group.id: group.name for group in my_desk().groups} if first else {}
    return {
        "counts": {"rounds.show_rounds": len(overdue)},
        "overdue_rounds": [
            (names[each.group_id], QUEUES[each.queue].label, each) for each in first
        ],
    }


@rounds.get("/rounds")
def show_rounds():
    finds = [(group, queue) for group, queue in _named("found") if queue.stands]
    checked = whole(request.args.get("checked"))
    return _page(checked=checked, finds=finds, signalled=_named("signalled"))


@rounds.post("/rounds/<slug>")
def save_rounds(slug: str):
    """One queue that was looked at, or several of the group at once."""
    group = find_group(current_user.user, slug)
    try:
        looked_at = _check(group)
    except Refused as refusal:
        if not refusal.message:
            raise
        return _page(refusal=refusal.message), refusal.status
    after, finds = (
        request.form.get("after") or None,
        [each.id for each, found in looked_at if found],
    )
    page = url_for(".show_rounds", checked=len(looked_at), found=finds, after=after)
    return redirect(page, 303)


def _check(group: Group) -> list[tuple[Round, int]]:
    """With how many were found; Changed when others were looked at by somebody else meanwhile."""
    is_changed = "changed" in request.form  # the privacy, which has nothing to count
    chosen = request.form.get("changed" if is_changed else "check", "").split()
    ids = [whole(id) or abort(404) for id in chosen[: len(QUEUES)]]
    looked_at = [(each, 1 if is_changed else _found(each)) for each in verbs.find(group, ids)]
    overtaken = []
    for round, found in looked_at:
        try:
            seen = request.form.get(f"seen-{round.id}", "")
            verbs.check(round, current_user.user, found, seen)
        except Changed as refusal:
            overtaken.append(refusal.message)
    if overtaken:
        raise Changed(" ".join(overtaken))
    return looked_at


def _named(argument: str) -> list[tuple[Group, Queue]]:
    """The queues whose rounds the address names by their ids, of the user's groups."""
    ids = list(filter(None, map(whole, request.args.getlist(argument)[: len(QUEUES)])))
    groups = {group.id: group for group in my_desk().groups}
    found = Round.select().where(Round.id.in_(ids)) if ids else []
    return [
        (groups[each.group_id], QUEUES[each.queue]) for each in found if each.group_id in groups
    ]


def _found(round: Round) -> int:
    number = whole(request.form.get(f"found-{round.id}", "0"))
    if number is None or number > verbs.MOST_FOUND:
        words = _("“%(queue)s”: type how many you found, from 0 to %(most)d. Nothing was recorded.")
        queue = _(QUEUES[round.queue].label)
        raise Refused(words % {"queue": queue, "most": verbs.MOST_FOUND})
    return number


@rounds.post("/mail")
def save_mail():
    """A mail of Facebook's that somebody pasted."""
    form = MailForm(request.form)
    try:
        form.check()
        round = mail_signals.paste(form.text.data, current_user.user)
    except Refused as refusal:
        form.add_error(refusal)
        return _page(mail_form=form), refusal.status
    return redirect(url_for(".show_rounds", signalled=round.id), 303)


def _page(mail_form: MailForm | None = None, **said):
    after = After.parse(request.values.get("after"))
    stops, next = verbs.stops(current_user.user, after)
    return render_template(
        "platforms/rounds.html",
        stops=stops,
        next=next,
        after=after,
        now=g.now,
        QUEUES=QUEUES,
        address_of=address_of,
        stamp=verbs.stamp,
        most_found=verbs.MOST_FOUND,
        mail_form=mail_form or MailForm(),
        unrecognized=mail_signals.unrecognized(g.now) if current_user.is_administrator else (0, []),
        **said,
    )


@rounds.get("/groups/<slug>")
@administrators_only
def edit_plans(slug: str):
    group = find_group(current_user.user, slug)
    return _plans_page(group, PlansForm(**_kept(group)))


@rounds.post("/groups/<slug>")
@administrators_only
def save(slug: str):
    group, form = find_group(current_user.user, slug), PlansForm(request.form)
    try:
        form.check()
        save_plans(group, form.group.data or "", form.plans(), current_user.user)
    except Refused as refusal:
        form.add_error(refusal)
        return _plans_page(group, form), refusal.status
    return redirect(url_for(".edit_plans", slug=slug, saved=1), 303)


def _plans_page(group: Group, form: PlansForm):
    return render_template(
        "platforms/plans.html",
        of=group,
        form=form,
        QUEUES=QUEUES,
        is_on_facebook=verbs.is_on_facebook(connection_of(group.id)),
        aliases=[alias.name for alias in group.aliases.order_by(GroupAlias.id)],
    )


def _kept(group: Group) -> dict:
    connection = connection_of(group.id)
    kept: dict = {}
    for queue in QUEUES:
        address, hours = plan_of(connection, queue)
        kept |= {f"address-{queue}": address, f"hours-{queue}": hours}
    return kept
