"""The three lists hold what they say, in their order, page by key, and only one's own groups."""

from datetime import timedelta

from console.entries import decisions
from console.groups import groups
from console.people.users import seat
from console.queue.lists import PAGE, After, desk_of, page
from models import Entry
from tests.cast import author, fresh, rule, submission, take

STOPPED = {"by": "platform", "reason": "spam"}


def ids(found) -> list[str]:
    return [Entry.get_by_id(entry.id).external_id for entry in found.entries]


def test_the_hold_queue_shows_the_most_urgent_first_then_the_oldest(leoncin, osp, school):
    take(leoncin, id="resident", text="To idiota.")
    take(leoncin, id="school", author=author(school), held=STOPPED)
    take(leoncin, id="later", text="Sami idioci.")
    take(leoncin, id="fire", author=author(osp), held=STOPPED)
    assert ids(page("held", [leoncin.id])) == ["fire", "school", "resident", "later"]
    assert ids(page("held", None)) == ["fire", "school", "resident", "later"]


def test_pages_follow_each_other_without_a_gap_or_a_repetition(leoncin, osp):
    for number in range(PAGE + 7):
        who = author(osp) if number % 3 == 0 else {"id": "ewa", "name": "Ewa"}
        stopped = STOPPED if number % 3 == 0 else None
        take(leoncin, id=f"p{number}", author=who, text=f"Idiota nr {number}", held=stopped)
    first = page("held", None)
    second = page("held", None, After.parse(str(first.next)))
    assert len(first.entries) == PAGE
    assert second.next is None
    seen = ids(first) + ids(second)
    assert len(seen) == len(set(seen)) == PAGE + 7
    in_order = sorted(first.entries + second.entries, key=_order)
    assert first.entries + second.entries == in_order


def _order(entry):
    return -entry.urgency, entry.held_since, entry.id


def test_a_decision_between_two_pages_shifts_nothing(leoncin, anna):
    for number in range(PAGE + 2):
        take(leoncin, id=f"p{number}", text="To idiota.")
    first = page("held", None)
    top = Entry.get_by_id(first.entries[0].id)
    decisions.release(top, anna, submission(top))
    second = page("held", None, first.next)
    assert ids(second) == [f"p{PAGE}", f"p{PAGE + 1}"]


def test_incoming_shows_the_whitelisted_newest_first(leoncin, osp, school):
    take(leoncin, id="school", author=author(school))
    take(leoncin, id="resident")
    take(leoncin, id="fire", author=author(osp))
    assert ids(page("incoming", [leoncin.id])) == ["fire", "school"]


def test_incoming_reaches_back_a_week(leoncin, osp):
    entry = take(leoncin, id="fire", author=author(osp))
    Entry.update(received=entry.received - timedelta(days=8)).execute()
    assert ids(page("incoming", None)) == []


def test_reported_shows_the_longest_waiting_first(leoncin):
    for id in ("a", "b"):
        take(leoncin, id=id)
    for id in ("b", "a"):
        take(leoncin, "report.created", id=f"r-{id}", entry_id=id)
    take(leoncin, "report.created", id="again", entry_id="b")
    assert ids(page("reported", [leoncin.id])) == ["b", "a"]


def test_a_moderator_of_many_groups_sees_just_those(leoncin, elsewhere):
    third = groups.create("third", "Trzecia", leoncin.municipality)
    for group in (leoncin, elsewhere, third):
        take(group, id=group.slug, text="To idiota.")
    assert ids(page("held", [leoncin.id, third.id])) == ["leoncin", "third"]


def test_a_user_has_the_desks_of_their_seats_and_an_administrator_all(
    leoncin, elsewhere, anna, administrator
):
    assert desk_of(anna).groups == [leoncin]
    assert set(desk_of(administrator).groups) == {leoncin, elsewhere}


def test_the_feed_of_a_user_without_a_seat_goes_on_from_now_as_well(held, anna):
    seated = desk_of(anna).newest_event
    seat(anna, [])
    assert desk_of(anna).newest_event >= seated > 0


def test_counts_follow_decisions(leoncin, held, anna):
    def count() -> int:
        return desk_of(anna).counts["held"]

    assert count() == 1
    decisions.remove(held, anna, submission(held), [rule(leoncin)])
    assert count() == 0
    decisions.undo(fresh(held), anna, submission(held))
    assert count() == 1


def test_a_made_up_key_starts_at_the_beginning():
    for text in (None, "", "1-2", "a-b-c", "1-999999999999999999999999-3", "--"):
        assert After.parse(text) is None
