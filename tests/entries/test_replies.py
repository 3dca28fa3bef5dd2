"""The held replies of a removed entry: removed with it, each singly, and all taken back as one."""

import pytest

from console.entries import decisions
from console.entries.replies import held_replies
from console.entries.with_replies import remove_replies, undo_with_replies
from console.errors import Overtaken, Refused
from models import Decision, Entry, Event
from tests.cast import author, fresh, rule, submission, take


@pytest.fixture
def thread(leoncin, osp) -> dict[str, Entry]:
    """A post with a held comment, a held answer to it, another that stands, and a unit's, held."""
    answers = {"comment": "post", "answer": "comment"}
    entries = {"post": take(leoncin, id="post")}
    for id, parent in answers.items():
        text = "Sąsiad to idiota."
        entries[id] = take(leoncin, id=id, kind="comment", parent_id=parent, text=text)
    entries["harmless"] = take(leoncin, id="harmless", kind="comment", parent_id="post")
    entries["units"] = take(
        leoncin,
        id="units",
        kind="comment",
        parent_id="post",
        author=author(osp),
        held={"by": "platform", "reason": "spam"},
    )
    return entries


@pytest.fixture
def removal(leoncin, thread, anna) -> Decision:
    post = thread["post"]
    return decisions.remove(post, anna, submission(post), [rule(leoncin, "spam")])


def offered(post) -> dict[int, int]:
    """The replies that its card offers to remove, with their versions."""
    held = held_replies([post.id])
    return {reply.id: reply.version for reply in held if not reply.whitelisted}


def remove_all(post, by, form) -> list[int]:
    return remove_replies(post, by, form, offered(post))


def states(thread) -> dict[str, str]:
    return {id: fresh(entry).state for id, entry in thread.items()}


def test_they_are_found_at_any_depth_and_in_a_circle_of_parents(thread):
    post = thread["post"]
    found = {reply.id for reply in held_replies([post.id])}
    assert found == {thread[id].id for id in ("comment", "answer", "units")}
    Entry.update(parent=thread["answer"]).where(Entry.id == post.id).execute()
    assert {reply.id for reply in held_replies([post.id])} == found


def test_they_are_removed_singly_for_the_rules_of_the_post_and_a_units_is_left_out(
    thread, removal, anna
):
    assert remove_all(thread["post"], anna, submission(thread["post"])) == []
    assert states(thread) == {
        "post": "removed",
        "comment": "removed",
        "answer": "removed",
        "harmless": "published",
        "units": "held",
    }
    made = Decision.select().where(Decision.batch == removal.batch).order_by(Decision.id)
    assert [decision.entry.external_id for decision in made] == ["post", "comment", "answer"]
    assert all([v.rule.code for v in decision.tagged] == ["spam"] for decision in made)


def test_the_same_form_twice_removes_once(thread, removal, anna):
    form, shown = submission(thread["post"]), offered(thread["post"])
    for _time in range(2):
        assert remove_replies(thread["post"], anna, form, shown) == []
    assert Decision.select().where(Decision.verb == "remove").count() == 3


def test_only_what_was_offered_is_removed(leoncin, thread, removal, anna, administrator):
    post, comment, answer = (thread[id] for id in ("post", "comment", "answer"))
    form, shown = submission(post), offered(post)
    take(leoncin, "entry.updated", id="comment", text="Sąsiad to nie idiota.")
    decisions.tag(fresh(answer), administrator, submission(answer), [rule(leoncin)])
    reply = {"id": "new", "kind": "comment", "parent_id": "post"}
    new = take(leoncin, **reply, text="Kolejny idiota.")
    assert remove_replies(post, anna, form, shown) == [comment.id, answer.id]
    assert all(fresh(each).is_held for each in (comment, answer, new))


def test_what_whitelisted_units_wrote_is_refused_though_a_form_names_it(thread, removal, anna):
    post, units = thread["post"], thread["units"]
    forged = {units.id: fresh(units).version}
    assert remove_replies(post, anna, submission(post), forged) == [units.id]
    assert fresh(units).is_held


def test_of_another_group_nothing_is_removed_though_a_form_names_it(
    thread, removal, anna, elsewhere
):
    theirs, post = take(elsewhere, id="theirs", text="Ty idioto."), thread["post"]
    forged = {theirs.id: theirs.version}
    assert remove_replies(post, anna, submission(post), forged) == []
    assert not fresh(theirs).is_removed


def test_one_undo_takes_back_the_post_and_its_replies(thread, removal, anna):
    before = {"post": "published", "comment": "held", "answer": "held"}
    remove_all(thread["post"], anna, submission(thread["post"]))
    form = submission(thread["post"])
    for _time in range(2):
        assert undo_with_replies(thread["post"], anna, form) == []
        assert states(thread) == before | {"harmless": "published", "units": "held"}
    undone = Decision.select().where(Decision.verb == "undo")
    assert len({decision.batch for decision in undone}) == 1
    assert len(undone) == 3


def test_an_old_form_undoes_no_later_removal(leoncin, thread, removal, anna):
    post, answer = thread["post"], thread["answer"]
    form = submission(post)
    undo_with_replies(post, anna, form)
    decisions.remove(fresh(post), anna, submission(post), [rule(leoncin)])
    remove_all(post, anna, submission(post))
    with pytest.raises(Overtaken):
        undo_with_replies(fresh(post), anna, form)
    assert fresh(answer).is_removed
    assert fresh(post).is_removed


def test_a_stale_form_undoes_none_of_it(thread, removal, anna, administrator):
    post, form = thread["post"], submission(thread["post"])
    remove_all(post, anna, form)
    decisions.tag(fresh(post), administrator, submission(post), [rule(post.group)])
    with pytest.raises(Overtaken):
        undo_with_replies(fresh(post), anna, form)
    assert fresh(thread["answer"]).is_removed


def test_a_reply_that_was_decided_since_is_named_and_stays(thread, removal, anna, administrator):
    comment = thread["comment"]
    remove_all(thread["post"], anna, submission(thread["post"]))
    decisions.release(fresh(comment), administrator, submission(comment))
    assert undo_with_replies(thread["post"], anna, submission(thread["post"])) == [comment.id]
    assert states(thread) | {"units": ""} == {
        "post": "published",
        "comment": "published",
        "answer": "held",
        "harmless": "published",
        "units": "",
    }


def test_once_the_post_is_back_its_replies_are_not_removed(thread, removal, anna, administrator):
    before = submission(thread["post"])
    decisions.release(fresh(thread["post"]), administrator, submission(thread["post"]))
    for form in (before, submission(thread["post"])):
        with pytest.raises(Overtaken):
            remove_all(thread["post"], anna, form)
    assert fresh(thread["comment"]).is_held


def test_of_a_post_that_the_platform_removed_a_rule_must_be_named_first(leoncin, thread, anna):
    post = thread["post"]
    take(leoncin, "entry.removed", id="post")
    with pytest.raises(Refused, match="Tag|Oznacz"):
        remove_all(post, anna, submission(post))
    decisions.tag(fresh(post), anna, submission(post), [rule(leoncin)])
    assert remove_all(post, anna, submission(post)) == []
    assert fresh(thread["answer"]).is_removed


def test_whoever_looks_at_a_reply_is_told_when_its_post_goes_and_comes_back(thread, anna, removal):
    replies = [thread[id].id for id in ("comment", "answer", "units")]
    told = Event.select(Event.entry).where(Event.kind == Event.RENEWED).tuples()
    assert [id for (id,) in told] == replies
    decisions.undo(fresh(thread["post"]), anna, submission(thread["post"]))
    assert [id for (id,) in told.clone()] == replies * 2
