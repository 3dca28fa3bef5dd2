"""A platform that carries decisions out is given an order only where it stands otherwise there."""

from datetime import timedelta

import pytest

from console.entries import decisions
from console.entries.with_replies import remove_replies, undo_with_replies
from console.outbox import by_hand as tasks
from console.outbox import deliveries
from console.outbox.deliveries import expected_state
from console.platforms import outbox
from console.platforms.errors import DeliveryError
from console.storage import now
from models import Decision, Delivery
from tests.cast import fresh, rule, submission, take

PLATFORM_HOLDS = {"by": "platform", "reason": "spam"}


def decide(verb: str, entry, by, *what) -> Decision:
    return decisions.VERBS[verb].decide(fresh(entry), by, submission(entry), *what)


def remove(entry, by) -> Decision:
    return decide("remove", entry, by, [rule(entry.group)])


def orders() -> list[tuple[str, str]]:
    return [(row.kind, row.state) for row in Delivery.select().order_by(Delivery.id)]


def carry_out_all() -> None:
    Delivery.update(due=now()).where(Delivery.pending()).execute()
    while delivery := outbox.claim(now() + timedelta(hours=1)):
        outbox.attempt(delivery)


def test_releasing_what_is_held_here_alone_orders_nothing(outside, held, anna):
    decide("release", held, anna)
    assert orders() == []


def test_releasing_what_the_platform_holds_is_ordered_and_carried_out(outside, leoncin, anna):
    entry = take(leoncin, held=PLATFORM_HOLDS)
    decide("release", entry, anna)
    assert orders() == [("release", Delivery.PENDING)]
    carry_out_all()
    assert outside.done == ["release"]
    assert fresh(entry).platform_state == "published"


@pytest.mark.parametrize("verb", ["release", "remove"])
def test_to_undo_in_time_what_is_held_here_alone_orders_nothing(by_hand, held, anna, verb):
    decide(verb, held, anna, *([[rule(held.group)]] if verb == "remove" else []))
    decide("undo", held, anna)
    assert fresh(held).is_held
    assert [order for order in orders() if order[1] != Delivery.CANCELLED] == []


def test_removing_what_is_held_here_is_ordered_since_it_stands_there(outside, held, anna):
    remove(held, anna)
    assert orders() == [("remove", Delivery.PENDING)]


def test_what_a_platform_cannot_do_is_not_ordered(outside, published, anna):
    decide("hold", published, anna)
    assert orders() == []


@pytest.mark.parametrize("verb", ["keep", "tag"])
def test_what_changes_no_state_orders_nothing(outside, leoncin, published, anna, verb):
    take(leoncin, "report.created", entry_id=published.external_id)
    decide(verb, published, anna, *([[rule(leoncin)]] if verb == "tag" else []))
    assert orders() == []


def test_an_undo_in_time_takes_the_order_back(outside, published, anna):
    remove(published, anna)
    decide("undo", published, anna)
    assert orders() == [("remove", Delivery.CANCELLED)]
    carry_out_all()
    assert outside.done == []


def test_a_late_undo_orders_the_reverse(outside, published, anna):
    remove(published, anna)
    carry_out_all()
    decide("undo", published, anna)
    carry_out_all()
    assert outside.done == ["remove", "release"]


def test_of_several_decisions_in_time_only_the_last_is_ordered(outside, leoncin, anna):
    entry = take(leoncin, held=PLATFORM_HOLDS)
    decide("release", entry, anna)
    remove(entry, anna)
    decide("release", entry, anna)
    carry_out_all()
    assert outside.done == ["release"]


def test_after_a_time_out_the_reverse_is_ordered_since_nobody_knows(outside, published, anna):
    outside.next = [DeliveryError("no answer in time", timed_out=True)]
    remove(published, anna)
    Delivery.update(due=now()).execute()
    outbox.attempt(outbox.claim(now()))
    decide("undo", published, anna)
    assert orders() == [("remove", Delivery.PENDING), ("release", Delivery.PENDING)]


def test_what_never_went_out_is_taken_back_and_nothing_is_ordered(outside, published, anna):
    outside.next = [DeliveryError("refused", never_sent=True)]
    remove(published, anna)
    Delivery.update(due=now()).execute()
    outbox.attempt(outbox.claim(now()))
    assert Delivery.get().attempts == 1
    decide("undo", published, anna)
    assert orders() == [("remove", Delivery.CANCELLED)]


def test_a_given_up_order_that_may_have_arrived_is_reversed(outside, published, anna):
    outside.next = [DeliveryError("500", permanent=True)]
    remove(published, anna)
    carry_out_all()
    decide("undo", published, anna)
    assert orders() == [("remove", Delivery.FAILED), ("release", Delivery.PENDING)]


def test_a_given_up_order_that_never_went_out_needs_no_reverse(outside, published, anna):
    outside.next = [DeliveryError("no such host", permanent=True, never_sent=True)]
    remove(published, anna)
    carry_out_all()
    decide("undo", published, anna)
    assert orders() == [("remove", Delivery.FAILED)]


@pytest.mark.parametrize("when", ["before", "after"])
def test_our_own_act_coming_back_as_a_message_adds_no_decision(outside, leoncin, anna, when):
    start = now() - timedelta(hours=1)
    entry = take(leoncin, at=start, held=PLATFORM_HOLDS)
    decide("release", entry, anna)
    if when == "after":
        carry_out_all()
    before, version = Decision.select().count(), fresh(entry).version
    take(leoncin, "entry.updated", now() + timedelta(seconds=2), id=entry.external_id, held=None)
    assert (Decision.select().count(), fresh(entry).version) == (before, version)


# --- by hand --------------------------------------------------------------------------------------


def test_what_a_person_must_do_is_there_at_once_and_no_worker_touches_it(by_hand, published, anna):
    remove(published, anna)
    assert orders() == [("remove", Delivery.TO_DO)]
    carry_out_all()
    assert by_hand.done == []
    assert orders() == [("remove", Delivery.TO_DO)]


def test_done_says_who_and_when_and_tells_how_it_stands_there(by_hand, published, anna):
    remove(published, anna)
    assert tasks.done(Delivery.get(), anna)
    task = Delivery.get()
    assert (task.state, task.settled_by) == (Delivery.DONE, anna)
    assert task.settled is not None
    assert fresh(published).platform_state == "removed"


def test_done_is_said_once(by_hand, published, anna, administrator):
    remove(published, anna)
    tasks.done(Delivery.get(), anna)
    assert not tasks.done(Delivery.get(), administrator)
    assert not tasks.not_possible(Delivery.get(), administrator, "too late")
    assert Delivery.get().settled_by == anna


def test_not_possible_is_final_and_says_why(by_hand, leoncin, anna):
    entry = take(leoncin, held=PLATFORM_HOLDS)
    decide("release", entry, anna)
    assert tasks.not_possible(Delivery.get(), anna, "the post is gone")
    task = Delivery.get()
    assert (task.state, task.settled_by, task.last_error) == (
        Delivery.NOT_POSSIBLE,
        anna,
        "the post is gone",
    )
    assert fresh(entry).platform_state == "held"


def test_done_ends_the_undo_window_so_an_undo_makes_the_reverse(by_hand, leoncin, anna):
    entry = take(leoncin, held=PLATFORM_HOLDS)
    decide("release", entry, anna)
    tasks.done(Delivery.get(), anna)
    decide("undo", entry, anna)
    assert orders() == [("release", Delivery.DONE), ("hold", Delivery.TO_DO)]


def test_what_cannot_be_brought_back_is_not_ordered(by_hand, published, anna):
    remove(published, anna)
    tasks.done(Delivery.get(), anna)
    decide("undo", published, anna)
    assert orders() == [("remove", Delivery.DONE)]


def test_a_task_that_waits_does_not_block_what_comes_after(by_hand, leoncin, published, anna):
    remove(published, anna)
    connection = Delivery.get().connection
    later = deliveries.put(connection, "release", now(), entry=published)
    Delivery.update(state=Delivery.PENDING, due=now()).where(Delivery.id == later.id).execute()
    assert outbox.claim(now()).id == later.id


# --- any order of things --------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(6))
def test_what_is_expected_outside_is_what_was_decided_last(outside, leoncin, anna, seed):
    """Whatever the platform answers and whenever it is asked."""
    from random import Random

    rng = Random(seed)
    entry = take(leoncin, held=PLATFORM_HOLDS)
    errors = (
        None,
        DeliveryError("timeout", timed_out=True),
        DeliveryError("refused", never_sent=True),
        DeliveryError("400", permanent=True),
    )
    for _turn in range(25):
        state = fresh(entry).state
        if rng.random() < 0.5:
            remove(entry, anna) if state != "removed" else decide("release", entry, anna)
            assert expected_state(fresh(entry)) == fresh(entry).state
        else:
            outside.next = [rng.choice(errors)]
            Delivery.update(due=now()).where(Delivery.pending()).execute()
            if delivery := outbox.claim(now() + timedelta(hours=1)):
                outbox.attempt(delivery)


# --- a post's comments ----------------------------------------------------------------------------


@pytest.fixture
def thread(leoncin):
    """A post, a held comment on it, and a held answer to that."""
    post = take(leoncin, id="post")
    parents = {"comment": "post", "answer": "comment"}
    return post, *(
        take(leoncin, id=id, kind="comment", parent_id=parent, text="Sąsiad to idiota.")
        for id, parent in parents.items()
    )


def test_where_comments_go_with_their_post_they_order_nothing(with_replies, thread, anna):
    post, comment, answer = thread
    remove(post, anna)
    for each in (comment, answer):
        remove(each, anna)
    assert [row.entry for row in Delivery.select()] == [post]
    carry_out_all()
    for each in (comment, answer):
        decide("undo", each, anna)
    assert with_replies.done == ["remove"]
    assert Delivery.select().count() == 1


def test_taken_back_in_time_nothing_is_ordered(with_replies, thread, anna):
    post, *replies = thread
    remove(post, anna)
    versions = {reply.id: reply.version for reply in replies}
    assert remove_replies(fresh(post), anna, submission(post), versions) == []
    assert undo_with_replies(fresh(post), anna, submission(post)) == []
    assert [fresh(each).state for each in thread] == ["published", "held", "held"]
    assert orders() == [("remove", Delivery.CANCELLED)]


def test_once_the_post_is_back_in_time_the_removal_of_its_comments_is_ordered(
    with_replies, thread, anna
):
    post, comment, answer = thread
    for each in thread:
        remove(each, anna)
    decide("release", post, anna)
    assert [
        (row.entry, row.kind, row.state) for row in Delivery.select().order_by(Delivery.id)
    ] == [
        (post, "remove", Delivery.CANCELLED),
        (comment, "remove", Delivery.PENDING),  # the answer to it is gone with it
    ]
    decide("release", comment, anna)
    assert expected_state(fresh(comment)) == "published"
    assert expected_state(fresh(answer)) == "removed"
    carry_out_all()
    assert with_replies.done == ["remove"]
    assert fresh(answer).platform_state == "removed"


def test_what_cannot_be_brought_back_orders_nothing_for_its_comments(with_replies, thread, anna):
    post, comment, _answer = thread
    remove(post, anna)
    carry_out_all()
    remove(comment, anna)
    decide("release", post, anna)
    assert orders() == [("remove", Delivery.DELIVERED)]


def test_while_the_post_stands_there_its_comments_are_ordered(with_replies, thread, anna):
    _post, comment, _answer = thread
    remove(comment, anna)
    assert orders() == [("remove", Delivery.PENDING)]


def test_elsewhere_each_comment_is_ordered_for_itself(outside, thread, anna):
    for each in thread:
        remove(each, anna)
    assert orders() == [("remove", Delivery.PENDING)] * 3
