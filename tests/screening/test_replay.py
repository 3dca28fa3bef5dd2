"""What a screener would have stopped: counted over past entries, by the worker."""

from dataclasses import replace
from datetime import timedelta

import pytest

from console import jobs
from console.background import huey
from console.entries import decisions
from console.errors import Refused
from console.screening import replay, verbs
from console.screening.engine import Spec
from console.screening.reading import Invalid
from console.storage import now
from models import Decision, Entry, Hit, Replay, Screener
from tests.cast import author, fresh, idiot_screener, rule, submission, take

SOFA = Spec(None, "Kanapy", "words", "on", 1, "spam", {"alone": {"kanapa": ["kanapa", "kanapę"]}})


def begun(by, spec: Spec = SOFA, group=None, last_n: int = 500) -> Replay:
    return replay.begin(spec, group, last_n, by)


def ran(by, spec: Spec = SOFA, group=None) -> Replay:
    row = begun(by, spec, group)
    replay.run(row)
    return fresh(row)


def counts(row: Replay) -> tuple:
    return row.total, row.checked, row.stopped, row.stopped_released, row.stopped_units


def sofas(group, count: int, prefix: str = "s") -> list[Entry]:
    return [take(group, id=f"{prefix}{n}", text=f"Oddam kanapę {n}.") for n in range(count)]


# --- the verb -------------------------------------------------------------------------------------


def test_it_counts_what_it_would_have_stopped(leoncin, osp, anna):
    sofas(leoncin, 3)
    take(leoncin, id="other")
    take(leoncin, id="unit", text="Straż odda kanapę.", author=author(osp))
    row = ran(anna)
    assert row.state == Replay.DONE
    assert row.finished
    assert counts(row) == (5, 5, 4, 0, 1)


def test_it_says_how_many_of_them_people_released(leoncin, anna):
    first, second, third = (
        take(leoncin, id=f"i{n}", text=f"Oddam kanapę, idioto {n}. Idiota!") for n in range(3)
    )
    decisions.release(first, anna, submission(first))
    decisions.remove(second, anna, submission(second), [rule(leoncin)])
    undone = decisions.release(third, anna, submission(third))
    decisions.undo(fresh(third), anna, submission(third))
    assert undone.verb == "release"
    assert counts(ran(anna)) == (3, 3, 3, 1, 0)


def test_it_changes_nothing(leoncin, anna):
    sofas(leoncin, 2)
    ran(anna)
    assert not Hit.select().exists()
    assert not Decision.select().exists()
    assert {entry.version for entry in Entry.select()} == {1}


def test_a_screener_that_is_off_is_judged_as_if_it_were_on(leoncin, anna):
    sofas(leoncin, 1)
    assert ran(anna, replace(SOFA, mode="off")).stopped == 1


def test_only_the_newest_are_looked_at(leoncin, anna, monkeypatch):
    monkeypatch.setattr(replay, "SIZES", (2,))
    old, *_newer = sofas(leoncin, 3)
    row = begun(anna, last_n=2)
    replay.run(row)
    assert counts(fresh(row)) == (2, 2, 2, 0, 0)
    assert old.id not in fresh(row).examples


def test_what_comes_in_meanwhile_does_not_count(leoncin, anna):
    sofas(leoncin, 2)
    row = begun(anna)
    sofas(leoncin, 3, "late")
    replay.run(row)
    assert counts(fresh(row)) == (2, 2, 2, 0, 0)


def test_only_the_groups_entries_are_looked_at(leoncin, elsewhere, anna):
    sofas(leoncin, 2)
    sofas(elsewhere, 3)
    assert counts(ran(anna, group=elsewhere))[:3] == (3, 3, 3)
    assert counts(ran(anna))[:3] == (5, 5, 5)


def test_without_entries_it_is_done_at_once(leoncin, anna):
    row = ran(anna)
    assert (row.state, counts(row)) == (Replay.DONE, (0, 0, 0, 0, 0))


def test_at_most_twenty_examples_are_kept_the_newest_first(leoncin, anna):
    made = sofas(leoncin, 25)
    row = ran(anna)
    assert row.examples == [entry.id for entry in reversed(made)][:20]
    shown = replay.examples(row)
    assert [entry.id for entry, _found in shown] == row.examples
    assert shown[0][1][0].form == "kanapę"


def test_it_works_in_steps_that_show(leoncin, anna, monkeypatch):
    monkeypatch.setattr(replay, "CHUNK", 2)
    sofas(leoncin, 5)
    row, seen = begun(anna), []
    advance = replay._advance

    def watched(*step):
        seen.append((fresh(row).state, fresh(row).checked))
        return advance(*step)

    monkeypatch.setattr(replay, "_advance", watched)
    replay.run(row)
    assert seen == [("waiting", 0), ("running", 2), ("running", 4)]
    assert counts(fresh(row)) == (5, 5, 5, 0, 0)


def test_words_without_forms_are_inflected(leoncin, anna):
    sofas(leoncin, 1)
    row = begun(anna, replace(SOFA, settings={"alone": {"kanapa": []}}))
    assert row.spec["settings"]["alone"]["kanapa"][0] == "kanapa"


@pytest.mark.parametrize("settings", [{}, {"alone": {"!": ["!"]}}, {"none": 1}])
def test_a_screener_that_cannot_be_is_refused(leoncin, anna, settings):
    with pytest.raises(Invalid):
        begun(anna, replace(SOFA, settings=settings))
    assert not Replay.select().exists()


@pytest.mark.parametrize("last_n", [0, -1, 501, 10**9])
def test_only_the_offered_numbers_are_taken(leoncin, anna, last_n):
    with pytest.raises(Refused):
        begun(anna, last_n=last_n)


# --- kinds that judge by what was before ----------------------------------------------------------


def test_a_repeated_text_is_judged_by_what_had_come_in_before(leoncin, anna):
    text = "Sprzedam drewno kominkowe, suche, z dostawą."
    spec = Spec(None, "Powtórki", "repeat", "on", 1, "spam", {"hours": 24, "times": 2})
    for number in range(4):
        take(leoncin, id=f"r{number}", text=text)
    row = ran(anna, spec)
    assert row.stopped == 2
    assert row.examples == [entry.id for entry in Entry.select().order_by(Entry.id.desc())][:2]


def test_a_newcomer_is_one_only_at_first(leoncin, anna):
    spec = Spec(None, "Nowi", "newcomer", "on", 1, "spam", {"entries": 2, "with": ["link"]})
    for number in range(4):
        take(leoncin, id=f"n{number}", text=f"Zajrzyj na https://example.org/{number}")
    assert ran(anna, spec).stopped == 2


# --- crashes --------------------------------------------------------------------------------------


def test_a_failure_is_said_honestly(leoncin, anna, monkeypatch):
    sofas(leoncin, 1)
    monkeypatch.setattr(replay, "_context", lambda *_: 1 / 0)
    row = ran(anna)
    assert row.state == Replay.FAILED
    assert row.finished


def test_what_a_crash_left_is_gone_on_with_and_counted_once(leoncin, anna, monkeypatch):
    monkeypatch.setattr(replay, "CHUNK", 2)
    sofas(leoncin, 5)
    row, steps = begun(anna), []
    step = replay._read

    def crashing(ids):
        if len(steps) == 2:
            raise KeyboardInterrupt
        steps.append(ids)
        return step(ids)

    monkeypatch.setattr(replay, "_read", crashing)
    with pytest.raises(KeyboardInterrupt):
        replay.run(row)
    assert (fresh(row).state, fresh(row).checked) == (Replay.RUNNING, 4)
    monkeypatch.setattr(replay, "_read", step)
    assert replay.unfinished() == [row.id]
    replay.run_soon.call_local(row.id)
    assert counts(fresh(row)) == (5, 5, 5, 0, 0)
    assert fresh(row).state == Replay.DONE
    assert replay.unfinished() == []


def test_two_workers_at_one_replay_count_nothing_twice(leoncin, anna, monkeypatch):
    monkeypatch.setattr(replay, "CHUNK", 2)
    sofas(leoncin, 5)
    row = begun(anna)
    advance, other = replay._advance, fresh(row)

    def meanwhile(of, *step):
        if of is row:
            replay.run(other)
        return advance(of, *step)

    monkeypatch.setattr(replay, "_advance", meanwhile)
    replay.run(row)
    assert counts(fresh(row)) == (5, 5, 5, 0, 0)
    assert fresh(row).state == Replay.DONE


def test_running_it_again_changes_nothing(leoncin, anna):
    sofas(leoncin, 2)
    row = ran(anna)
    replay.run(fresh(row))
    replay.run_soon.call_local(row.id)
    assert fresh(row).__data__ == row.__data__


def test_the_worker_gives_a_task_to_what_was_left(leoncin, anna):
    sofas(leoncin, 2)
    row = begun(anna)
    jobs.resume.call_local()
    task = huey.dequeue()
    assert task.args == (row.id,)
    huey.execute(task)
    assert fresh(row).state == Replay.DONE


def test_what_took_over_an_hour_is_given_up(leoncin, anna):
    row = begun(anna)
    Replay.update(created=now() - timedelta(hours=2)).where(Replay.id == row.id).execute()
    assert replay.unfinished() == []
    assert fresh(row).state == Replay.FAILED


def test_a_month_after_its_end_it_is_deleted_and_not_before(leoncin, anna):
    old, recent, waiting = ran(anna), ran(anna), begun(anna)
    Replay.update(finished=now() - timedelta(days=31)).where(Replay.id == old.id).execute()
    jobs.prune.call_local()
    assert {row.id for row in Replay.select()} == {recent.id, waiting.id}


# --- the pages ------------------------------------------------------------------------------------

FORM = {"name": "Kanapy", "rule": "spam", "mode": "on", "alone": "kanapa", "last": "500"}
FORM |= {"alone.base": "kanapa", "alone.forms": "kanapa, kanapę"}


def test_a_form_as_it_stands_is_replayed_and_the_page_tells_the_outcome(
    browse, administrator, leoncin, osp
):
    sofas(leoncin, 2)
    take(leoncin, id="unit", text="Straż odda kanapę.", author=author(osp))
    client = browse(administrator)
    answer = client.submit("/screening/new/words", do="replay", **FORM)
    assert answer.status_code == 303
    waiting = client.get(answer.location).text
    assert 'hx-trigger="load delay:1s"' in waiting
    assert "<progress" in waiting
    assert "verdict" not in waiting
    huey.execute(huey.dequeue())
    done = client.get(answer.location).text
    assert "load delay:1s" not in done
    verdict = done.split('class="verdict">')[1].split("</p>")[0]
    assert [word for word in verdict.replace(";", " ").split() if word.isdigit()] == list("3301")
    for entry in Entry.select():
        assert f'href="/entries/{entry.id}"' in done
    assert done.count("<mark>kanapę</mark>") == 3
    assert Screener.select().count() == 1


def test_a_poll_brings_the_outcome_to_its_place(browse, administrator, leoncin):
    sofas(leoncin, 1)
    row = begun(administrator)
    client, htmx = browse(administrator), {"HX-Request": "true"}
    path = f"/screening/replays/{row.id}"
    assert "hx-partial" not in client.get(path, headers=htmx).text
    replay.run(row)
    poll = client.get(path, headers=htmx).text
    assert poll.startswith('<div id="progress"')
    assert '<hx-partial hx-target="#replayed"' in poll


def test_a_replay_that_failed_says_so(browse, administrator, leoncin):
    row = begun(administrator)
    Replay.update(state=Replay.FAILED).where(Replay.id == row.id).execute()
    page = browse(administrator).get(f"/screening/replays/{row.id}").text
    assert 'class="refusal"' in page
    assert "load delay:1s" not in page


@pytest.mark.databases("sqlite", "postgres")
def test_a_saved_screener_is_replayed_as_it_stands_in_the_form(browse, administrator, leoncin):
    screener = Screener.get()
    answer = browse(administrator).submit(
        f"/screening/{screener.id}", do="replay", **FORM | {"version": "1"}
    )
    row = Replay.get()
    assert answer.location.endswith(f"/screening/replays/{row.id}")
    assert (row.screener, row.spec["name"]) == (screener, "Kanapy")
    assert fresh(screener).name == "Wyzwiska"


@pytest.mark.parametrize("wrong", [{"last": "7"}, {"last": ""}, {"alone": ""}, {"group": "99"}])
def test_a_replay_that_cannot_be_is_refused_with_a_reason(browse, administrator, leoncin, wrong):
    answer = browse(administrator).submit("/screening/new/words", do="replay", **FORM | wrong)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert not Replay.select().exists()


def test_the_screener_of_the_cast_would_have_stopped_what_it_stopped(leoncin, anna, held):
    assert ran(anna, idiot_screener()).stopped == 1
    assert verbs.Screener.select().count() == 1
