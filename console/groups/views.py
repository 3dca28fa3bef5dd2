"""The groups, and a group's page: its contracts, units and profiles. For administrators."""

from collections import Counter
from functools import partial
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_login import current_user

from console.clock import today
from console.errors import Refused
from console.forms import Form
from console.frame import frame_of
from console.groups import contracts, unit_lists, units
from console.groups import groups as verbs
from console.groups.access import find_group
from console.groups.forms import (
    ContractForm,
    CorrectionForm,
    EndForm,
    GroupForm,
    PaperForm,
    ProfileForm,
    UnitForm,
    UnitListForm,
)
from console.groups.overview import overview, summaries
from console.groups.unit_kinds import UNIT_KIND_NAMES, UNIT_TYPES
from console.groups.whitelist import REASONS
from console.language import N_
from console.storage import db
from console.web import administrators_only, get_or_404
from models import Contract, Group, Profile, Unit

groups = Blueprint("groups", __name__, url_prefix="/groups")


@groups.record_once
def _register(state) -> None:
    frame = frame_of(state.app)
    frame.add_item("groups.show_groups", N_("Groups and contracts"), administrators_only=True)


@groups.get("/")
@administrators_only
def show_groups():
    return _groups_page()


@groups.post("/")
@administrators_only
def save_new_group():
    form = GroupForm(request.form)
    try:
        form.check()
        with db.atomic():
            of = verbs.municipality(form.teryt.data.strip(), form.municipality.data)
            slug, name = form.slug.data.strip(), form.name.data.strip()
            group = verbs.create(slug, name, of, by=current_user.user)
    except Refused as refusal:
        form.add_error(refusal)
        return _groups_page(form), refusal.status
    return _back_to(group)


@groups.get("/<slug>")
@administrators_only
def show_group(slug: str):
    return _page(find_group(current_user.user, slug))


@groups.post("/<slug>/contracts")
@administrators_only
def save_new_contract(slug: str):
    group, form = find_group(current_user.user, slug), ContractForm(request.form)

    def sign() -> None:
        first, last, price = form.starts.data, form.ends.data, form.monthly_price
        price = contracts.usual_price(first, last) if price is None else price
        contracts.sign(group, first, last, price, by=current_user.user)

    return _save(group, form, sign, "new_contract")


@groups.post("/<slug>/contracts/<id:id>")
@administrators_only
def save_contract(slug: str, id: int):
    """Ends it, or corrects what was recorded wrongly."""
    group, by = find_group(current_user.user, slug), current_user.user
    contract = get_or_404(group.contracts.where(Contract.id == id))
    match request.form.get("change"):
        case "end":
            ending = EndForm(request.form)
            return _save(
                group,
                ending,
                lambda: contracts.end(contract, ending.last_day.data, by=by),
                f"end_{id}",
            )
        case "correct":
            form = CorrectionForm(request.form)
            return _save(group, form, lambda: _correct(contract, form), f"correct_{id}")
        case "paper":
            paper = PaperForm(request.form)
            return _save(group, paper, lambda: _note_paper(contract, paper), f"paper_{id}")
    abort(404)


def _note_paper(contract: Contract, form: PaperForm) -> None:
    said = form.number.data, form.signed.data, form.receiver.data, form.receiver_id.data
    contracts.note_paper(contract, *said, form.nip.data, by=current_user.user)


def _correct(contract: Contract, form: CorrectionForm) -> None:
    first, last, price = form.starts.data, form.ends.data, form.monthly_price
    price = contract.monthly_price if price is None else price
    contracts.correct(contract, first, last, price, form.reason.data, by=current_user.user)


@groups.post("/<slug>/units")
@administrators_only
def save_new_unit(slug: str):
    group, form = find_group(current_user.user, slug), UnitForm(request.form)
    return _save(
        group,
        form,
        lambda: units.name_unit(
            group, form.kind.data, form.type.data.strip(), form.name.data, by=current_user.user
        ),
        "new_unit",
    )


@groups.post("/<slug>/units/list")
@administrators_only
def save_unit_list(slug: str):
    """Shows what a list of units would change; then takes it in. What was read travels in the form."""
    group, form = find_group(current_user.user, slug), UnitListForm(request.form)
    uploaded = request.files.get("file")
    text = form.text.data or ""
    try:
        content = uploaded.read() if uploaded and uploaded.filename else text.encode()
        is_sure = request.form.get("change") == "take-in"
        act = partial(unit_lists.take_in, by=current_user.user) if is_sure else unit_lists.read
        lines = act(group, content)
    except Refused as refusal:
        form.add_error(refusal)
        return _page(group, "unit_list", form), refusal.status
    if is_sure:
        return _back_to(group)
    return render_template(
        "groups/unit_list.html",
        of=group,
        lines=lines,
        text=unit_lists.as_text(lines),
        kinds=UNIT_KIND_NAMES,
        counts=Counter(line.outcome for line in lines),
    )


@groups.post("/<slug>/units/<id:id>")
@administrators_only
def save_unit(slug: str, id: int):
    """Switches it on or off."""
    group = find_group(current_user.user, slug)
    unit = get_or_404(group.units.where(Unit.id == id))
    units.switch_unit(unit, request.form.get("change") == "on", by=current_user.user)
    return _back_to(group, f"unit-{id}")


@groups.post("/<slug>/profiles")
@administrators_only
def save_new_profile(slug: str):
    group = find_group(current_user.user, slug)
    own = list(group.units)
    form = ProfileForm(own, request.form)

    def designate() -> None:
        unit = next(unit for unit in own if str(unit.id) == form.unit.data)
        named = form.external_id.data.strip(), form.name.data.strip(), form.url.data.strip() or None
        units.designate(unit, *named, move=form.move.data, by=current_user.user)

    return _save(group, form, designate, "new_profile")


@groups.post("/<slug>/profiles/<id:id>")
@administrators_only
def save_profile(slug: str, id: int):
    """Takes it off the whitelist at once, or puts it back."""
    group = find_group(current_user.user, slug)
    profile = get_or_404(group.profiles.where(Profile.id == id, Profile.unit.is_null(False)))
    if request.form.get("change") == "off":
        units.take_off(profile, request.form.get("reason", "")[:500], by=current_user.user)
    else:
        units.put_back(profile, by=current_user.user)
    return _back_to(group, f"unit-{profile.unit_id}")


def _save(group: Group, form: Form, act, name: str):
    """Acts and goes back to the group's page; or shows it with the form and what is wrong."""
    try:
        form.check()
        act()
    except Refused as refusal:
        form.add_error(refusal)
        return _page(group, name, form), refusal.status
    return _back_to(group)


def _back_to(group: Group, anchor: str | None = None):
    return redirect(url_for("groups.show_group", slug=group.slug, _anchor=anchor), 303)


def _groups_page(form: GroupForm | None = None):
    return render_template("groups/groups.html", groups=summaries(), new=form or GroupForm())


def _page(group: Group, refused: str = "", form: Form | None = None):
    """`form` was refused and stands in its place, which is called `refused`."""
    seen = overview(group)
    forms: dict[str, Any] = {
        "new_contract": ContractForm(starts=today()),
        "new_unit": UnitForm(),
        "unit_list": UnitListForm(),
        "new_profile": ProfileForm([unit for unit, _profiles in seen.units]),
    }
    for contract in seen.contracts:
        forms[f"end_{contract.id}"] = EndForm(last_day=contract.ends or today())
        forms[f"paper_{contract.id}"] = PaperForm(obj=contract, nip=group.municipality.nip)
        forms[f"correct_{contract.id}"] = CorrectionForm(
            starts=contract.starts, ends=contract.ends, price=contract.monthly_price / 100
        )
    return render_template(
        "groups/group.html",
        of=group,
        seen=seen,
        forms=forms | ({refused: form} if form else {}),
        refused=refused,
        state=contracts.state,
        amount=contracts.amount,
        in_zloty=contracts.in_zloty,
        kinds=UNIT_KIND_NAMES,
        types=[type for kind in UNIT_TYPES.values() for type in kind],
        reasons=REASONS,
    )
