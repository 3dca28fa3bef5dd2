"""Pre-approved profiles: the register, and the tasks that make Facebook agree with our whitelist."""

from datetime import date, datetime, timedelta

import pytest
from playhouse.test_utils import count_queries

from console.clock import WARSAW
from console.groups import units
from console.groups.preapproval import set_preapproved
from console.groups.whitelist import covered, covers
from console.outbox import by_hand
from console.platforms import preapproval
from console.platforms.connections import choose_platform
from console.storage import now
from models import AuditRecord, Contract, Delivery, Profile, Unit
from tests.cast import DAY, fresh, on_facebook


@pytest.fixture
def facebook(leoncin):
    return on_facebook(leoncin)


def tasks(*states) -> list[tuple[str, str]]:
    rows = Delivery.select().where(Delivery.state.in_(states or (Delivery.TO_DO,)))
    return [(row.kind, row.profile.name) for row in rows.order_by(Delivery.id)]


def sweep(at=None) -> list[tuple[str, str]]:
    preapproval.sweep(at or now())
    return tasks()


def test_whom_the_whitelist_covers_is_to_be_pre_approved_once(facebook, osp):
    assert sweep() == [("preapprove", "OSP Leoncin")]
    assert sweep() == [("preapprove", "OSP Leoncin")]
    row = Delivery.get()
    assert (row.profile, row.entry, row.decision) == (osp, None, None)


def test_done_notes_it_with_who_and_when(facebook, osp, anna):
    sweep()
    assert by_hand.done(Delivery.get(), anna)
    osp = fresh(osp)
    assert osp.preapproved_by == anna
    assert now() - osp.preapproved < timedelta(minutes=1)
    assert AuditRecord.get(AuditRecord.act == "profile.preapproved").by == anna
    assert sweep() == []
    assert not by_hand.done(Delivery.get(), anna)


def test_whom_it_covers_no_longer_is_to_be_withdrawn(facebook, osp, anna):
    set_preapproved(osp, True, anna)
    assert sweep() == []
    Contract.update(ends=now().date() - 2 * DAY).execute()
    assert sweep() == [("withdraw-approval", "OSP Leoncin")]
    by_hand.done(Delivery.get(), anna)
    assert fresh(osp).preapproved is None
    assert fresh(osp).preapproved_by is None
    assert sweep() == []


@pytest.mark.parametrize("change", ["unit", "profile", "contract"])
def test_what_has_become_moot_is_cancelled(facebook, osp, change):
    sweep()
    match change:
        case "unit":
            Unit.update(active=False).execute()
        case "profile":
            Profile.update(active=False).execute()
        case "contract":
            Contract.delete().execute()
    assert sweep() == []
    assert tasks(Delivery.CANCELLED) == [("preapprove", "OSP Leoncin")]


def test_what_cannot_be_done_is_not_asked_for_again_at_once(facebook, osp, anna):
    sweep()
    by_hand.not_possible(Delivery.get(), anna, "nie jest w grupie")
    assert sweep() == []
    assert sweep(now() + 31 * DAY - timedelta(days=5)) == []
    Contract.update(ends=None).execute()
    assert sweep(now() + 31 * DAY) == [("preapprove", "OSP Leoncin")]


def test_a_contract_begins_and_ends_at_midnight_in_warsaw(facebook, osp, anna):
    Contract.update(starts=date(2026, 7, 2), ends=date(2026, 7, 2)).execute()
    assert sweep(datetime(2026, 7, 1, 23, 59, tzinfo=WARSAW)) == []
    assert sweep(datetime(2026, 7, 2, 0, 1, tzinfo=WARSAW)) == [("preapprove", "OSP Leoncin")]
    set_preapproved(osp, True, anna)
    assert sweep(datetime(2026, 7, 2, 23, 59, tzinfo=WARSAW)) == []
    withdrawn = [("withdraw-approval", "OSP Leoncin")]
    assert sweep(datetime(2026, 7, 3, 0, 1, tzinfo=WARSAW)) == withdrawn


def test_only_groups_on_facebook_have_such_tasks(leoncin, osp):
    assert sweep() == []
    on_facebook(leoncin)
    assert sweep() == [("preapprove", "OSP Leoncin")]
    choose_platform(leoncin, "webhook")
    assert sweep() == []


def test_several_at_once_are_covered_as_each_alone(leoncin, elsewhere, osp, school):
    other = units.name_unit(elsewhere, "safety", "OSP", "OSP Czosnów")
    units.designate(other, "osp", "OSP Czosnów", "")
    Profile.create(group=leoncin, external_id="jan", name="Jan")
    Profile.create(group=leoncin, external_id="x", name="X", unit=other)
    Profile.create(group=leoncin, external_id="y", name="Y", unit=osp.unit, active=False)
    Unit.update(active=False).where(Unit.id == school.unit_id).execute()
    today, every = now().date(), list(Profile.select())
    alone = {each.id for each in every if covers(each, each.group, today)}
    assert covered(every, today) == alone == {osp.id}


def test_a_sweep_asks_the_same_of_few_profiles_and_of_many(facebook, osp, anna):
    def queries() -> int:
        with count_queries() as counted:
            preapproval.sweep(now())
        return counted.count

    preapproval.sweep(now())
    few = queries()
    for number in range(20):
        made = units.designate(osp.unit, f"p{number}", f"Profil {number}", "")
        set_preapproved(made, True, anna)
    assert queries() == few


def test_one_tap_notes_it_and_the_task_is_gone(browse, facebook, osp, anna):
    sweep()
    client = browse(anna)
    assert "do zatwierdzenia" in client.get("/platforms/preapprovals").text
    for _twice in range(2):
        path = f"/platforms/preapprovals/{osp.id}"
        assert client.submit(path, preapproved="yes").status_code == 303
    assert fresh(osp).preapproved_by == anna
    assert tasks() == []
    assert AuditRecord.select().where(AuditRecord.act == "profile.preapproved").count() == 1
    assert "anna" in client.get("/platforms/preapprovals?group=leoncin").text
    client.submit(f"/platforms/preapprovals/{osp.id}", preapproved="no")
    assert fresh(osp).preapproved is None
    assert tasks() == [("preapprove", "OSP Leoncin")]


def test_a_resident_and_a_group_elsewhere_have_no_register(browse, leoncin, osp, anna, stranger):
    client = browse(anna)
    path = f"/platforms/preapprovals/{osp.id}"
    assert client.submit(path, preapproved="yes").status_code == 404  # it is not on Facebook
    on_facebook(leoncin)
    resident = Profile.create(group=leoncin, external_id="jan", name="Jan")
    of_resident = f"/platforms/preapprovals/{resident.id}"
    assert client.submit(of_resident, preapproved="yes").status_code == 404
    assert browse(stranger).submit(path, preapproved="yes").status_code == 404
    assert browse(stranger).get("/platforms/preapprovals?group=leoncin").status_code == 404
    assert client.get(path).status_code == 405
    assert fresh(osp).preapproved is None
