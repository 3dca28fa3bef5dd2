"""flask import --archive: history that can be searched, and that nobody has to work through."""

import json

import pytest

from console.entries import decisions, events
from console.intake.importing import import_file
from console.intake.payload import read
from console.intake.receive import receive
from console.queue.criteria import Criteria
from console.queue.lists import LISTS, counts_of, page
from console.queue.results import find
from console.storage import now
from models import Decision, Entry, Event, Report
from tests.cast import DAY, author, event, submission, take

LONG_AGO = now() - 400 * DAY
STOPPED = {"by": "platform", "reason": "spam"}


def message(type="entry.created", **data) -> dict:
    return event(type, LONG_AGO, **{"created_at": LONG_AGO.isoformat()} | data)


@pytest.fixture
def archive(leoncin, osp, tmp_path):
    """Imports these messages as an archive; returns the entries by their ids on the platform."""

    def archive(*messages: dict) -> dict[str, Entry]:
        file = tmp_path / "archive.jsonl"
        file.write_text("\n".join(map(json.dumps, messages)))
        assert import_file(leoncin, file, archive=True).rejected == 0
        return {entry.external_id: entry for entry in Entry.select()}

    return archive


def test_history_is_in_no_list_and_is_found_by_a_search(archive, leoncin, osp):
    archive(
        message(id="insult", text="Sąsiad to idiota."),
        message(id="fire", text="Pożar!", author=author(osp)),
        message(id="held", text="Dzień dobry", held=STOPPED),
        message(id="reported", text="Dobry wieczór"),
        message("report.created", entry_id="reported"),
        message("entry.removed", id="removed", text="Nic"),
    )
    assert set(counts_of([leoncin.id]).values()) == {0}
    assert [page(name, None).entries for name in LISTS] == [[], [], []]
    assert len(find("all", None, Criteria()).entries) == 5
    assert len(find("all", None, Criteria(q="idiota")).entries) == 1
    assert events.after(0, 99) == []


def test_it_keeps_the_state_that_the_platform_tells_and_is_not_screened(archive):
    entries = archive(
        message(id="insult", text="Sąsiad to idiota."),
        message(id="held", held=STOPPED),
        message("entry.removed", id="removed", text="Nic"),
    )
    states = {id: entry.state for id, entry in entries.items()}
    assert states == {"insult": "published", "held": "held", "removed": "removed"}
    assert {decision.happened for decision in Decision.select()} == {LONG_AGO}


def test_on_the_whitelist_is_what_was_so_on_the_day_of_its_publication(archive, leoncin, osp):
    yesterday = (now() - DAY).isoformat()
    entries = archive(
        message(id="before", author=author(osp)),
        message(id="under contract", author=author(osp), created_at=yesterday),
    )
    assert {id: entry.whitelisted for id, entry in entries.items()} == {
        "before": False,
        "under contract": True,
    }


def test_nobody_waits_for_the_answer_to_an_archived_report(archive):
    archive(message(), message("report.created"))
    assert Report.get().state == Report.MOOT


def test_what_is_reported_or_held_later_is_live_again(archive, leoncin, anna):
    archive(message(id="a"), message(id="b"), message(id="c"), message("report.created"))
    take(leoncin, "report.created", id="new", entry_id="a")
    take(leoncin, "entry.held", id="b", held=STOPPED)
    take(leoncin, "entry.updated", id="c", text="Poprawiona literówka")
    assert counts_of(None) == {"incoming": 0, "held": 1, "reported": 1, "tasks": 0}
    reported = Entry.get(Entry.external_id == "a")
    decisions.keep(reported, anna, submission(reported))
    assert counts_of(None) == {"incoming": 0, "held": 1, "reported": 0, "tasks": 0}


def test_told_again_of_an_old_hold_it_stays_history(archive, leoncin, osp):
    stopped = message(held=STOPPED, author=author(osp))
    archive(stopped)
    receive(leoncin, read(stopped))
    take(leoncin, "entry.updated", author=author(osp), held=STOPPED, figures={"views": 9})
    assert Entry.get().archived


def test_an_archived_hold_is_not_urgent(archive, osp):
    yesterday = (now() - DAY).isoformat()
    stopped = message(held=STOPPED, author=author(osp), created_at=yesterday)
    entry = archive(stopped)["p1"]
    assert (entry.whitelisted, entry.urgency) == (True, 0)


def test_held_anew_it_waits_since_today(archive, leoncin):
    archive(message(held=STOPPED))
    entry = take(leoncin, "entry.held", held=STOPPED)
    assert entry.held_since > now() - DAY
    assert counts_of(None)["held"] == 1


def test_what_staff_hold_is_live_again(archive, anna):
    entry = archive(message())["p1"]
    decisions.hold(entry, anna, submission(entry))
    assert counts_of(None)["held"] == 1
    assert events.after(0, 9)[-1].kind == Event.HELD


def test_what_is_held_in_it_waits_in_the_list_where_a_report_of_today_waited_for_it(
    archive, leoncin
):
    take(leoncin, "report.created")
    archive(message(held=STOPPED))
    assert counts_of(None) == {"incoming": 0, "held": 1, "reported": 1, "tasks": 0}


def test_a_live_entry_stays_live_and_its_newer_text_is_screened(archive, leoncin):
    take(leoncin, at=LONG_AGO - DAY)
    entry = archive(message("entry.updated", text="Sąsiad to idiota."))["p1"]
    assert entry.is_held
    assert not entry.archived


def test_an_edit_in_it_leaves_the_whitelist_to_the_day_of_publication(archive, leoncin, osp):
    yesterday = (now() - DAY).isoformat()
    later = event("entry.updated", now(), author=author(osp), text="Poprawione")
    entry = archive(message(author=author(osp)), later)["p1"]
    assert (entry.text, entry.whitelisted) == ("Poprawione", False)
    later = event("entry.updated", now(), id="p2", author=author(osp), text="Poprawione")
    first = message(id="p2", author=author(osp), created_at=yesterday)
    assert archive(first, later)["p2"].whitelisted


def test_an_edit_of_today_is_screened(archive, leoncin):
    archive(message())
    assert take(leoncin, "entry.updated", text="Sąsiad to idiota.").is_held
    assert counts_of(None)["held"] == 1


def test_the_same_archive_again_changes_nothing(archive, leoncin):
    first = archive(message(held=STOPPED), message("report.created"))["p1"]
    take(leoncin, "report.created", id="new")
    again = archive(message(held=STOPPED), message("report.created"))["p1"]
    assert not again.archived
    assert again.version == first.version
    assert Report.select().count() == 2


def test_its_card_says_that_it_is_of_an_archive(archive, browse, anna, leoncin):
    archive(message(held=STOPPED))
    assert ">archiwum<" in browse(anna).get("/queue/all").text
    take(leoncin, "report.created")
    assert ">archiwum<" not in browse(anna).get("/queue/all").text


def test_the_command_says_what_an_archive_is(app, leoncin, tmp_path):
    file = tmp_path / "archive.jsonl"
    file.write_text(json.dumps(message(text="Sąsiad to idiota.")))
    run = app.test_cli_runner()
    assert "--archive" in run.invoke(args=["import", "--help"]).output
    done = run.invoke(args=["import", "--group", "leoncin", "--archive", str(file)])
    assert done.exit_code == 0, done.output
    assert Entry.get().archived
