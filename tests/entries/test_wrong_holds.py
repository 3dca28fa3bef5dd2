"""What the platform wrongly held of a unit is kept as it was."""

from datetime import UTC, datetime

from console.entries import decisions
from models import Decision, Profile, WrongHold
from tests.cast import DAY, author, rule, submission, take

HELD = {"by": "platform", "reason": "spam"}
TEXT = "Zebranie OSP, zapisy: bit.ly/zebranie i www.leoncin.pl/osp"


def held_of(leoncin, profile, **more):
    more = {"id": "o1", "text": TEXT, "held": HELD, "author": author(profile)} | more
    return take(leoncin, created_at="2026-11-24T21:30:00+01:00", **more)


def test_a_units_post_that_staff_let_out_is_kept_as_it_was(leoncin, anna, osp):
    entry = held_of(leoncin, osp, links=["https://sub.example.pl/x"])
    decision = decisions.release(entry, anna, submission(entry))
    kept = WrongHold.get()
    assert (kept.entry_id, kept.decision_id) == (entry.id, decision.id)
    assert (kept.reason, kept.text, kept.length, kept.hour) == ("spam", TEXT, len(TEXT), 21)
    assert kept.domains == ["bit.ly", "leoncin.pl", "sub.example.pl"]
    assert kept.links == ["https://sub.example.pl/x"]
    assert not kept.preapproved


def test_so_is_one_that_is_let_out_on_the_platform_itself(leoncin, osp):
    held_of(leoncin, osp)
    take(leoncin, "entry.updated", id="o1", text=TEXT, author=author(osp), held=None)
    assert WrongHold.get().reason == "spam"


def test_an_undo_takes_the_note_back_and_a_second_release_makes_one(leoncin, anna, osp):
    entry = held_of(leoncin, osp)
    decisions.release(entry, anna, submission(entry))
    decisions.undo(entry, anna, submission(entry))
    assert not WrongHold.select().exists()
    again = decisions.release(entry, anna, submission(entry))
    assert WrongHold.get().decision_id == again.id


def test_it_is_known_whether_the_profile_was_pre_approved_by_then(leoncin, anna, osp):
    created = datetime(2026, 11, 24, 20, 30, tzinfo=UTC)
    for number, since in enumerate((created - DAY, created + DAY)):
        Profile.update(preapproved=since).execute()
        entry = held_of(leoncin, osp, id=f"o{number}")
        decisions.release(entry, anna, submission(entry))
    holds = WrongHold.select().order_by(WrongHold.id)
    assert [hold.preapproved for hold in holds] == [True, False]


def test_nothing_is_kept_of_residents_of_removals_and_of_what_others_held(leoncin, anna, osp, held):
    decisions.release(held, anna, submission(held))  # a resident's, held by screening
    resident = take(leoncin, id="r1", held=HELD)
    decisions.release(resident, anna, submission(resident))
    removed = held_of(leoncin, osp)
    reason = submission(removed, note="konto przejęte")
    decisions.remove(removed, anna, reason, [rule(leoncin)])
    own = take(leoncin, id="o2", author=author(osp))
    decisions.hold(own, anna, submission(own, note="do sprawdzenia"))
    decisions.release(own, anna, submission(own))
    assert own.held_by != Decision.PLATFORM
    assert not WrongHold.select().exists()
