"""The three lists hold what they say, in their order, page by key, and only one's own groups."""

from datetime import timedelta

from console.entries import decisions, events
from console.entries.overdue import mark_overdue
from console.entries.steps import mark_held
from console.groups import groups
from console.people.users import seat
from console.queue.criteria import Criteria
from console.queue.lists import LISTS, PAGE, After, desk_of, page
from console.queue.results import find
from console.storage import now
from models import Decision, Entry, Event
from tests.cast import DAY, author, fresh, rule, submission, take

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


def test_of_what_is_urgent_the_newest_stands_above_and_what_is_overdue_below(leoncin, osp):
    old, day = now() - 6 * DAY, DAY / 24
    take(leoncin, id="oldest", text="To idiota.", at=old)
    for number, hours in enumerate((3, 1, 2)):
        who, told = author(osp), now() - hours * day
        take(leoncin, id=f"fire{number}", author=who, text="Pożar lasu!", held=STOPPED, at=told)
    take(leoncin, id="picnic", author=author(osp), text="Piknik strażacki", held=STOPPED)
    take(leoncin, id="late", author=author(osp), text="Pożar!", held=STOPPED, at=old)
    Entry.update(held_known=now() - 2 * DAY).where(Entry.external_id == "late").execute()
    assert mark_overdue(now()) == 1
    expected = ["fire1", "fire2", "fire0", "picnic", "late", "oldest"]
    assert ids(page("held", [leoncin.id])) == expected
    resident = Entry.get(Entry.external_id == "oldest").profile_id
    assert ids(find("held", None, Criteria(author=resident))) == ["oldest"]
    assert ids(find("held", None, Criteria(kind="safety"))) == expected[:-1]


def test_what_was_urgent_for_a_day_is_overdue_without_a_new_version(leoncin, osp):
    entry = take(leoncin, author=author(osp), text="Pożar!", held=STOPPED, at=now() - 9 * DAY)
    assert mark_overdue(now() + DAY - DAY / 24) == 0  # known here for less than a day
    seen = events.newest()
    assert mark_overdue(now() + DAY + DAY / 24) == 1
    aged = fresh(entry)
    assert (aged.urgency, aged.overdue, aged.version) == (0, True, entry.version)
    assert [news.kind for news in events.after(seen, 9)] == [Event.RENEWED]
    assert mark_overdue(now() + 2 * DAY) == 0


def test_what_is_held_anew_is_urgent_anew(leoncin, osp, anna):
    picnic = {"author": author(osp), "text": "Piknik strażacki", "held": STOPPED}
    entry = take(leoncin, **picnic)
    mark_overdue(now() + 2 * DAY)
    decisions.release(entry, anna, submission(entry))
    assert not fresh(entry).is_held
    again = take(leoncin, "entry.held", **picnic)
    assert (again.urgency, again.overdue) == (1, False)


def test_what_is_overdue_keeps_its_place_when_it_is_held_once_more(leoncin, osp):
    entry = take(leoncin, author=author(osp), held=STOPPED)
    mark_overdue(now() + 2 * DAY)
    mark_held(fresh(entry), Decision.PLATFORM, "", urgency=1)
    assert ids(page("held", None)) == [entry.external_id]


def test_pages_follow_each_other_without_a_gap_or_a_repetition(leoncin, osp):
    topics = "Ostrzeżenie przed burzą", "Piknik strażacki"
    for number in range(PAGE + 7):
        who = author(osp) if number % 3 else {"id": "ewa", "name": "Ewa"}
        stopped = STOPPED if number % 3 else None
        text = topics[number % 2] if number % 3 else f"Idiota nr {number}"
        take(leoncin, id=f"p{number}", author=who, text=text, held=stopped)
    Entry.update(urgency=0, overdue=True).where(
        Entry.urgency > 0, Entry.id.in_(range(5, 60, 5))
    ).execute()
    assert {(row.urgency, row.overdue) for row in page("held", None).entries} >= {
        (2, False),
        (1, False),
        (0, True),
    }
    first = page("held", None)
    second = page("held", None, After.parse(str(first.next)))
    assert len(first.entries) == PAGE
    assert second.next is None
    seen = ids(first) + ids(second)
    assert len(seen) == len(set(seen)) == PAGE + 7
    in_order = sorted(first.entries + second.entries, key=_order)
    assert first.entries + second.entries == in_order


def test_what_was_held_at_one_moment_stands_in_one_order_on_all_pages(leoncin, osp):
    for number in range(PAGE + 7):
        take(leoncin, id=f"p{number}", author=author(osp), held=STOPPED)
    Entry.update(held_since=now()).execute()
    first = page("held", None)
    second = page("held", None, first.next)
    newest_first = [f"p{number}" for number in reversed(range(PAGE + 7))]
    assert ids(first) + ids(second) == newest_first


def _order(entry):
    since, id = entry.held_since.timestamp(), entry.id
    return -entry.urgency, -entry.overdue, *((-since, -id) if entry.urgency else (since, id))


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


def test_incoming_is_in_the_order_of_publication_however_late_it_came_in(leoncin, osp):
    take(leoncin, id="now", author=author(osp))
    take(leoncin, id="late", author=author(osp), created_at=(now() - 20 * DAY).isoformat())
    take(leoncin, id="morning", author=author(osp), created_at=(now() - DAY / 4).isoformat())
    first = page("incoming", None)
    assert ids(first) == ["now", "morning", "late"]
    after = LISTS["incoming"].key_of(first.entries[1])
    assert ids(page("incoming", None, After.parse(str(after)))) == ["late"]


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
