"""Each decision does what the table of ARCHITECTURE.md says, once, and only where it makes sense."""

from dataclasses import replace

import pytest
from playhouse.test_utils import count_queries

from console.entries import decisions
from console.errors import Overtaken, Refused
from console.platforms import connections
from models import Decision, Delivery, Entry, Report
from tests.cast import author, figures_of, fresh, rule, submission, take


def report(group, entry, id="r1", reason="hejt"):
    take(group, "report.created", id=id, entry_id=entry.external_id, reason=reason)


def tags_of(entry) -> list[str]:
    return [v.rule.code for v in entry.violations if v.untagged_id is None]


def test_release_publishes_what_was_held(held, anna):
    decision = decisions.release(held, anna, submission(held))
    assert fresh(held).is_published
    assert (decision.from_state, decision.to_state, decision.by) == ("held", "published", anna)


def test_release_restores_what_was_removed(leoncin, held, anna):
    decisions.remove(held, anna, submission(held), [rule(leoncin)])
    decisions.release(fresh(held), anna, submission(held))
    assert fresh(held).is_published


def test_release_of_what_is_published_is_refused(published, anna):
    with pytest.raises(Refused):
        decisions.release(published, anna, submission(published))
    assert not Decision.select().where(Decision.actor == "staff").exists()


@pytest.mark.parametrize("scene", ["held", "published"])
def test_remove_hides_and_names_the_rules(scene, request, leoncin, anna):
    entry = request.getfixturevalue(scene)
    decisions.remove(
        entry, anna, submission(entry), [rule(leoncin, "hate"), rule(leoncin, "threat")]
    )
    assert fresh(entry).is_removed
    assert sorted(tags_of(entry)) == ["hate", "threat"]


def test_remove_without_a_rule_is_refused(held, anna):
    with pytest.raises(Refused):
        decisions.remove(held, anna, submission(held), [])
    assert fresh(held).is_held


def test_remove_of_what_is_removed_is_refused(leoncin, held, anna):
    decisions.remove(held, anna, submission(held), [rule(leoncin)])
    with pytest.raises(Refused):
        decisions.remove(fresh(held), anna, submission(held), [rule(leoncin)])


def test_keep_rejects_the_reports_and_changes_nothing_else(leoncin, published, anna):
    report(leoncin, published)
    decisions.keep(fresh(published), anna, submission(published))
    assert fresh(published).is_published
    assert not fresh(published).is_reported
    assert Report.get().state == Report.REJECTED


def test_keep_without_a_report_is_refused(published, anna):
    with pytest.raises(Refused):
        decisions.keep(published, anna, submission(published))


def test_removing_upholds_the_reports(leoncin, published, anna):
    report(leoncin, published)
    decisions.remove(fresh(published), anna, submission(published), [rule(leoncin)])
    assert Report.get().state == Report.UPHELD
    assert not fresh(published).is_reported


def test_after_keep_a_report_of_the_same_text_is_answered_at_once(leoncin, published, anna):
    report(leoncin, published)
    decisions.keep(fresh(published), anna, submission(published))
    report(leoncin, published, id="r2")
    assert Report.get(Report.external_id == "r2").state == Report.REJECTED
    assert not fresh(published).is_reported


def test_after_keep_a_report_of_a_changed_text_is_open(leoncin, published, anna):
    report(leoncin, published)
    decisions.keep(fresh(published), anna, submission(published))
    take(leoncin, "entry.updated", id=published.external_id, text="Zmieniłam zdanie.")
    report(leoncin, published, id="r2")
    assert fresh(published).is_reported


def test_a_report_of_what_is_removed_is_upheld_at_once(leoncin, held, anna):
    decisions.remove(held, anna, submission(held), [rule(leoncin)])
    report(leoncin, held)
    assert Report.get().state == Report.UPHELD


def test_hold_takes_a_published_entry_out_of_sight(published, anna):
    decisions.hold(published, anna, submission(published))
    assert fresh(published).is_held
    assert fresh(published).held_by == "staff"


def test_hold_of_what_is_held_is_refused(held, anna):
    with pytest.raises(Refused):
        decisions.hold(held, anna, submission(held))


def test_tag_and_untag_leave_the_state(leoncin, published, anna):
    decisions.tag(published, anna, submission(published), [rule(leoncin)])
    assert fresh(published).is_published
    assert tags_of(published) == ["hate"]
    decisions.untag(fresh(published), anna, submission(published), [rule(leoncin)])
    assert tags_of(published) == []


def test_untag_of_a_rule_that_is_not_tagged_is_refused(leoncin, published, anna):
    with pytest.raises(Refused):
        decisions.untag(published, anna, submission(published), [rule(leoncin)])


def test_tagging_twice_leaves_one_violation(leoncin, published, anna):
    decisions.tag(published, anna, submission(published), [rule(leoncin)])
    decisions.tag(fresh(published), anna, submission(published), [rule(leoncin)])
    assert tags_of(published) == ["hate"]


def test_undo_of_a_removal_brings_back_state_tags_and_reports(leoncin, published, anna):
    report(leoncin, published)
    removal = decisions.remove(fresh(published), anna, submission(published), [rule(leoncin)])
    undo = decisions.undo(fresh(published), anna, submission(published))
    assert undo.undoes == removal
    assert fresh(published).is_published
    assert fresh(published).is_reported
    assert tags_of(published) == []
    assert Report.get().state == Report.OPEN


def test_undo_of_a_release_puts_the_entry_where_it_was_in_the_queue(held, anna):
    since = held.held_since
    decisions.release(held, anna, submission(held))
    decisions.undo(fresh(held), anna, submission(held))
    assert fresh(held).is_held
    assert fresh(held).held_since == since


def test_undo_of_an_untag_tags_again(leoncin, published, anna):
    decisions.tag(published, anna, submission(published), [rule(leoncin)])
    decisions.untag(fresh(published), anna, submission(published), [rule(leoncin)])
    decisions.undo(fresh(published), anna, submission(published))
    assert tags_of(published) == ["hate"]


def test_undo_keeps_the_tag_that_stood_before(leoncin, published, anna):
    decisions.tag(published, anna, submission(published), [rule(leoncin)])
    decisions.remove(fresh(published), anna, submission(published), [rule(leoncin)])
    decisions.undo(fresh(published), anna, submission(published))
    assert tags_of(published) == ["hate"]


def test_an_undo_cannot_be_undone(held, anna):
    decisions.release(held, anna, submission(held))
    decisions.undo(fresh(held), anna, submission(held))
    with pytest.raises(Refused):
        decisions.undo(fresh(held), anna, submission(held))


def test_what_automation_did_is_not_undone_but_decided(held, anna):
    with pytest.raises(Refused):
        decisions.undo(held, anna, submission(held))


def test_undo_is_refused_once_the_platform_has_acted(leoncin, published, anna):
    decisions.hold(published, anna, submission(published))
    before = submission(published)
    take(leoncin, "entry.removed", id=published.external_id)
    with pytest.raises(Overtaken):
        decisions.undo(fresh(published), anna, before)
    assert fresh(published).is_removed


def test_a_stale_form_is_refused_and_brings_the_entry_as_it_is(held, anna, administrator):
    stale = submission(held)
    decisions.release(held, administrator, submission(held))
    with pytest.raises(Overtaken) as overtaken:
        decisions.hold(held, anna, stale)
    assert Entry.get_by_id(overtaken.value.entry.id).is_published
    assert Decision.select().where(Decision.by == anna).count() == 0


def test_a_form_made_before_an_edit_is_stale(leoncin, held, anna):
    stale = submission(held)
    take(leoncin, "entry.updated", id="held", text="Sąsiad to kompletny idiota.")
    with pytest.raises(Overtaken):
        decisions.release(fresh(held), anna, stale)


def test_new_figures_make_no_form_stale(leoncin, held, anna):
    form = submission(held)
    take(leoncin, "entry.updated", id="held", text=held.text, figures={"views": 99})
    decisions.release(fresh(held), anna, form)
    assert fresh(held).is_published
    assert figures_of(held)["views"] == 99


def test_the_same_key_again_answers_with_the_first_outcome(leoncin, held, anna):
    connections.set_address(leoncin, "https://platform.example/")
    form = submission(held)
    first = decisions.release(held, anna, form)
    decisions.hold(fresh(held), anna, submission(held))
    again = decisions.release(fresh(held), anna, form)
    assert again == first
    assert fresh(held).is_held
    assert Decision.select().where(Decision.verb == "release").count() == 1
    assert Delivery.select().where(Delivery.decision == first).count() == 1


def test_somebody_elses_key_is_refused(held, published, anna, administrator):
    form = submission(held)
    decisions.release(held, anna, form)
    for entry, who in ((held, administrator), (published, anna)):
        with pytest.raises(Refused):
            decisions.hold(
                fresh(entry), who, decisions.Submission(fresh(entry).version, form.idempotency_key)
            )


def test_a_refused_decision_leaves_no_trace(leoncin, published, anna):
    before = fresh(published).version
    with pytest.raises(Refused):
        decisions.keep(published, anna, submission(published))
    assert fresh(published).version == before
    assert not Delivery.select().exists()


def test_a_removal_names_its_rule_even_where_that_was_tagged_before(leoncin, published, anna):
    decisions.tag(published, anna, submission(published), [rule(leoncin)])
    removal = decisions.remove(fresh(published), anna, submission(published), [rule(leoncin)])
    assert [v.rule.code for v in removal.tagged] == ["hate"]
    assert tags_of(published) == ["hate"]


def test_restoring_what_was_removed_takes_its_violations_back(leoncin, held, anna):
    decisions.remove(held, anna, submission(held), [rule(leoncin)])
    decisions.release(fresh(held), anna, submission(held))
    assert tags_of(held) == []
    decisions.undo(fresh(held), anna, submission(held))
    assert tags_of(held) == ["hate"]


def test_another_decision_of_a_used_form_is_refused_not_swallowed(leoncin, held, anna):
    form = submission(held)
    decisions.release(held, anna, form)
    with pytest.raises(Overtaken):
        decisions.remove(fresh(held), anna, form, [rule(leoncin)])
    assert fresh(held).is_published


def test_a_report_for_another_reason_is_asked_anew_after_a_keep(leoncin, published, anna):
    report(leoncin, published, reason="nieprawda")
    decisions.keep(fresh(published), anna, submission(published))
    report(leoncin, published, id="r2", reason="groźba")
    assert fresh(published).is_reported


def test_a_decision_keeps_its_reason_in_words(held, anna):
    form = replace(submission(held), note="Do wyjaśnienia z urzędem")
    assert decisions.release(held, anna, form).note == "Do wyjaśnienia z urzędem"


@pytest.mark.parametrize("verb", ["keep", "release"])
def test_a_report_like_one_that_was_found_wrong_is_answered_at_once(leoncin, held, anna, verb):
    report(leoncin, held, id="a", reason="Spam")
    decisions.VERBS[verb].decide(fresh(held), anna, submission(held))
    report(leoncin, held, id="b", reason="hejt")
    decisions.keep(fresh(held), anna, submission(held))
    for number, reason in enumerate(("spam.", "SPAM!", "Hejt")):
        report(leoncin, held, id=f"again-{number}", reason=reason)
    assert not fresh(held).is_reported
    report(leoncin, held, id="c", reason="groźba")
    assert fresh(held).is_reported


def test_a_decision_on_very_many_reports_and_its_undo_ask_no_more_than_on_few(
    leoncin, published, anna
):
    def asked() -> list[int]:
        counts = []
        for verb in (decisions.keep, decisions.undo):
            form = submission(published)
            with count_queries() as counted:
                verb(fresh(published), anna, form)
            counts.append(counted.count)
        return counts

    report(leoncin, published)
    few = asked()
    for number in range(30):
        report(leoncin, published, id=f"r-{number}", reason=f"powód {number}")
    assert asked() == few
    assert {each.state for each in published.reports} == {Report.OPEN}


def test_after_that_decision_was_undone_such_a_report_is_open(leoncin, published, anna):
    report(leoncin, published)
    decisions.keep(fresh(published), anna, submission(published))
    decisions.undo(fresh(published), anna, submission(published))
    decisions.hold(fresh(published), anna, submission(published))
    report(leoncin, published, id="r2")
    assert Report.get(Report.external_id == "r2").state == Report.OPEN


@pytest.mark.parametrize(("verb", "state"), [("remove", "removed"), ("hold", "held")])
def test_what_a_unit_published_is_removed_or_held_only_with_a_reason(
    leoncin, osp, anna, verb, state
):
    entry = take(leoncin, author=author(osp))
    rules = [[rule(leoncin)]] if verb == "remove" else []
    with pytest.raises(Refused) as refused:
        decisions.VERBS[verb].decide(entry, anna, submission(entry), *rules)
    assert refused.value.field == "note"
    assert fresh(entry).is_published
    form = replace(submission(entry), note="Numer telefonu dziecka")
    for _time in range(2):  # sent again, it is the same decision
        decisions.VERBS[verb].decide(fresh(entry), anna, form, *rules)
    assert fresh(entry).state == state
