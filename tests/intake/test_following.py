"""What the platform itself holds, removes and publishes; told in order, twice, and late."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.entries import decisions
from console.entries.overdue import mark_overdue
from console.intake.payload import read
from console.intake.receive import receive
from console.storage import now
from models import Decision, Entry
from tests.cast import DAY, author, event, fresh, rule, submission, take

MINUTE = timedelta(minutes=1)
HELD = {"by": "platform", "reason": "wykryto możliwy spam"}


@pytest.fixture
def start():
    return now() - timedelta(hours=1)


def steps(entry: Entry) -> list[tuple[str, str]]:
    return [(d.verb, d.actor) for d in entry.decisions.order_by(Decision.id)]


def test_a_residents_post_that_the_platform_held_waits_without_urgency(leoncin):
    entry = take(leoncin, "entry.held", held=HELD)
    assert (entry.state, entry.held_by, entry.urgency) == ("held", "platform", 0)
    assert entry.held_reason == "wykryto możliwy spam"
    assert steps(entry) == [("hold", "platform")]


def test_a_units_post_that_the_platform_held_is_urgent(leoncin, school):
    entry = take(leoncin, "entry.held", author=author(school), held=HELD)
    assert (entry.is_held, entry.urgency, entry.whitelisted) == (True, 1, True)


def test_a_safety_units_post_that_the_platform_held_is_the_most_urgent(leoncin, osp):
    entry = take(leoncin, "entry.held", author=author(osp), held=HELD)
    assert (entry.is_held, entry.urgency) == (True, 2)


def test_an_uncovered_units_post_is_not_urgent(leoncin, osp):
    leoncin.contracts.get().delete_instance()
    assert take(leoncin, "entry.held", author=author(osp), held=HELD).urgency == 0


@pytest.mark.databases("sqlite", "postgres")
def test_the_urgent_come_first_whenever_they_came(leoncin, osp, school, anna, browse):
    for number, who in enumerate(({"id": "jan", "name": "Jan"}, author(school), author(osp))):
        take(leoncin, "entry.held", id=f"p{number}", author=who, held=HELD)
    page = browse(anna).get("/queue/held").text
    names = [page.index(f"<bdi>{name}</bdi>") for name in ("OSP Leoncin", "SP Leoncin", "Jan")]
    assert names == sorted(names)


@pytest.mark.parametrize("type", ["entry.created", "entry.updated"])
def test_a_held_entry_may_be_told_by_any_message(leoncin, type):
    assert take(leoncin, type, held=HELD).is_held


def test_a_published_entry_that_the_platform_holds_later_is_held(leoncin, osp, start):
    take(leoncin, at=start, author=author(osp))
    entry = take(leoncin, "entry.held", start + MINUTE, author=author(osp), held=HELD)
    assert (entry.is_held, entry.urgency) == (True, 2)


def test_holding_again_with_the_same_message_is_one_step(leoncin, start):
    take(leoncin, at=start)
    for _ in range(3):
        entry = take(leoncin, "entry.held", start + MINUTE, held=HELD)
    assert steps(entry) == [("hold", "platform")]


def test_what_the_platform_published_after_all_is_released(leoncin, start):
    take(leoncin, "entry.held", start, held=HELD)
    entry = take(leoncin, "entry.updated", start + MINUTE, held=None)
    assert entry.is_published
    assert steps(entry) == [("hold", "platform"), ("release", "platform")]


def test_an_edit_of_what_is_still_held_is_no_second_hold(leoncin, start):
    take(leoncin, "entry.held", start, held=HELD)
    entry = take(leoncin, "entry.updated", start + MINUTE, held=HELD, text="Inny tekst")
    assert entry.text == "Inny tekst"
    assert steps(entry) == [("hold", "platform")]


def test_a_late_hold_does_not_turn_back_the_publication(leoncin, start):
    take(leoncin, at=start)
    take(leoncin, "entry.updated", start + 2 * MINUTE, held=None)
    assert take(leoncin, "entry.held", start + MINUTE, held=HELD).is_published


def test_a_late_publication_does_not_turn_back_the_hold(leoncin, start):
    take(leoncin, "entry.held", start + MINUTE, held=HELD)
    assert take(leoncin, "entry.created", start).is_held


def test_of_two_messages_of_one_moment_the_graver_counts_in_either_order(leoncin, start):
    for order in (("entry.created", "entry.held"), ("entry.held", "entry.created")):
        for type in order:
            held = HELD if type == "entry.held" else None
            take(leoncin, type, start, id=order[0], held=held)
        assert Entry.get(Entry.external_id == order[0]).is_held


def test_a_removal_on_the_platform_removes(leoncin, start):
    take(leoncin, at=start)
    for _ in range(2):
        entry = take(leoncin, "entry.removed", start + MINUTE)
    assert entry.is_removed
    assert steps(entry) == [("remove", "platform")]


def test_a_removal_answers_the_open_reports(leoncin, start):
    entry = take(leoncin, at=start)
    take(leoncin, "report.created")
    take(leoncin, "entry.removed", start + MINUTE)
    assert not fresh(entry).is_reported
    assert entry.reports.get().state == "upheld"


def test_an_entry_first_heard_of_by_its_removal_is_kept_as_removed(leoncin, start):
    entry = take(leoncin, "entry.removed", start + MINUTE)
    assert entry.is_removed
    assert take(leoncin, "entry.created", start).is_removed


def test_a_late_hold_does_not_bring_back_what_was_removed(leoncin, start):
    take(leoncin, at=start)
    take(leoncin, "entry.removed", start + 2 * MINUTE)
    assert take(leoncin, "entry.held", start + MINUTE, held=HELD).is_removed


def test_what_the_platform_removed_it_can_publish_again(leoncin, start):
    take(leoncin, "entry.removed", start)
    entry = take(leoncin, "entry.updated", start + MINUTE)
    assert entry.is_published


def test_the_platform_does_not_publish_what_staff_removed(leoncin, anna, start):
    entry = take(leoncin, "entry.held", start, held=HELD)
    decisions.remove(entry, anna, submission(entry), [rule(leoncin)])
    assert take(leoncin, "entry.updated", start + MINUTE, held=None).is_removed


def test_the_platform_does_not_publish_what_staff_held(leoncin, anna, start):
    entry = take(leoncin, at=start)
    decisions.hold(entry, anna, submission(entry))
    assert take(leoncin, "entry.updated", start + MINUTE, text="Inny tekst").is_held


def test_the_platform_does_not_publish_what_screening_held(leoncin, start):
    take(leoncin, at=start, text="Sąsiad to idiota.")
    assert take(leoncin, "entry.updated", start + MINUTE, text="Sąsiad to idiota!").is_held


def test_the_platform_does_not_publish_what_screening_found(leoncin, start):
    """Both stopped it; that the platform lets it through is no answer to what screening found."""
    take(leoncin, at=start, text="Sąsiad to idiota.")
    take(leoncin, "entry.held", start + MINUTE, text="Sąsiad to idiota.", held=HELD)
    later = start + 2 * MINUTE
    assert take(leoncin, "entry.updated", later, text="Sąsiad to idiota.", held=None).is_held


def test_the_same_hold_again_does_not_undo_a_persons_release(leoncin, anna, start):
    entry = take(leoncin, "entry.held", start, held=HELD)
    decisions.release(entry, anna, submission(entry))
    assert take(leoncin, "entry.held", start, held=HELD).is_published


def test_a_hold_that_is_newer_than_the_release_is_followed(leoncin, anna, start):
    entry = take(leoncin, "entry.held", start, held=HELD)
    decisions.release(entry, anna, submission(entry))
    entry = take(leoncin, "entry.held", start + MINUTE, held={"by": "platform"})
    assert entry.is_held
    assert entry.held_reason == ""


def test_staffs_removal_stands_when_the_platform_removes_as_well(leoncin, anna, start):
    entry = take(leoncin, at=start)
    decisions.remove(entry, anna, submission(entry), [rule(leoncin)])
    entry = take(leoncin, "entry.removed", start + MINUTE)
    assert steps(entry) == [("remove", "staff")]


MESSAGES = [
    ("entry.created", None),
    ("entry.updated", None),
    ("entry.held", HELD),
    ("entry.removed", None),
]


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    told=st.lists(
        st.tuples(st.sampled_from(MESSAGES), st.integers(0, 5)),
        min_size=1,
        max_size=6,
        unique_by=lambda message: message[1],
    ),
    data=st.data(),
)
def test_however_messages_come_the_entry_ends_as_the_newest_says(leoncin, told, data):
    """Twice each and in any order, the steps join up and the end is the platform's last word."""
    start = now() - timedelta(hours=1)
    Entry.update(external_id=Entry.id.cast("text")).execute()  # make room for the next example
    for (type, held), minute in data.draw(st.permutations(told * 2)):
        entry = take(leoncin, type, start + minute * MINUTE, id="story", held=held)
    (newest, held), _minute = max(told, key=lambda message: message[1])
    expected = "removed" if newest == "entry.removed" else "held" if held else "published"
    assert entry.state == expected
    state = "published"
    for decision in entry.decisions.order_by(Decision.id):
        assert decision.from_state == state
        state = decision.to_state
    assert state == entry.state


def test_a_tag_in_between_does_not_keep_the_platform_from_letting_go(leoncin, anna):
    start = now() - timedelta(minutes=5)
    entry = take(leoncin, at=start, id="p", held=HELD)
    decisions.tag(entry, anna, submission(entry), [rule(leoncin)])
    take(leoncin, "entry.updated", at=start + timedelta(minutes=1), id="p", held=None)
    assert fresh(entry).is_published


def test_what_staff_held_before_the_platform_stays_held_by_staff(leoncin, anna):
    start = now() - timedelta(minutes=5)
    entry = take(leoncin, at=start, id="p")
    decisions.hold(entry, anna, submission(entry))
    take(leoncin, "entry.held", at=start + timedelta(minutes=1), id="p", held=HELD)
    take(leoncin, "entry.updated", at=start + timedelta(minutes=2), id="p", held=None)
    assert fresh(entry).is_held
    assert fresh(entry).held_by == "staff"


def test_a_tag_does_not_make_screenings_hold_somebody_elses(leoncin, anna):
    start = now() - timedelta(minutes=5)
    entry = take(leoncin, at=start, id="p", text="Sąsiad to idiota.")
    decisions.tag(entry, anna, submission(entry), [rule(leoncin)])
    take(leoncin, "entry.held", at=start + MINUTE, id="p", text=entry.text, held=HELD)
    take(leoncin, "entry.updated", at=start + 2 * MINUTE, id="p", text=entry.text, held=None)
    assert fresh(entry).is_held
    assert fresh(entry).held_by == "screening"


@pytest.mark.parametrize("type", ["entry.created", "entry.updated"])
def test_told_again_later_that_it_is_still_held_is_no_new_hold(leoncin, anna, start, type):
    entry = take(leoncin, at=start, held=HELD)
    before, form = steps(entry), submission(entry)
    take(leoncin, type, start + MINUTE, held=HELD)
    assert steps(entry) == before
    decisions.release(fresh(entry), anna, form)  # the form that was open is not stale
    take(leoncin, type, start + 2 * MINUTE, held=HELD)
    assert fresh(entry).is_published


# --- two moments: when it happened there, when it was known here --------------------------------


def test_a_hold_that_is_told_late_keeps_both_moments(leoncin):
    there, known = now() - 3 * DAY, now() - DAY
    receipt = receive(leoncin, read(event("entry.created", there, held=HELD)), known)
    entry = fresh(receipt.entry)
    assert (entry.held_since, entry.held_known) == (there, known)
    decision = Decision.get()
    assert (decision.happened, decision.at) == (there, known)


def test_what_the_platform_does_later_keeps_both_moments(leoncin):
    there, known = now() - 3 * DAY, now() - DAY
    take(leoncin, at=there - DAY)
    receive(leoncin, read(event("entry.removed", there)), known)
    decision = Decision.get()
    assert (decision.happened, decision.at) == (there, known)


def test_a_platform_whose_clock_is_ahead_holds_nothing_in_the_future(leoncin):
    entry = take(leoncin, at=now() + DAY / 24 / 20, held=HELD)
    assert entry.held_since == entry.held_known
    assert Decision.get().happened == Decision.get().at


def test_screening_and_staff_hold_at_the_moment_at_which_it_is_known(leoncin, anna):
    entry = take(leoncin, text="Sąsiad to idiota.", at=now() - 9 * DAY)
    assert entry.held_since == entry.held_known == entry.received
    decisions.release(entry, anna, submission(entry))
    decisions.hold(entry, anna, submission(entry))
    entry = fresh(entry)
    assert entry.held_since == entry.held_known > entry.received


def test_what_staff_held_long_ago_is_urgent_from_the_platforms_hold_on(leoncin, osp, anna, start):
    held = take(leoncin, at=start, author=author(osp))
    decisions.hold(held, anna, submission(held))
    long_ago = now() - 3 * DAY
    Entry.update(held_since=long_ago, held_known=long_ago).execute()
    Decision.update(happened=long_ago, at=long_ago).execute()
    entry = take(leoncin, "entry.held", start + MINUTE, author=author(osp), held=HELD)
    assert entry.held_since == start + MINUTE
    assert mark_overdue(now()) == 0
    mark_overdue(now() + 2 * DAY)
    entry = take(leoncin, "entry.updated", start + 2 * MINUTE, author=author(osp), held=None)
    assert (entry.held_by, entry.urgency, entry.overdue) == ("staff", 0, False)
    assert entry.held_since == entry.held_known == long_ago
