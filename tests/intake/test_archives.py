"""flask import --archive: history that can be searched, and that nobody has to work through."""

import json

import pytest

from console.entries import decisions, events
from console.intake.importing import import_file
from console.queue.criteria import Criteria
from console.queue.lists import LISTS, counts_of, page
from console.queue.results import find
from console.storage import now
from models import Decision, Entry, Report
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
    assert counts_of([leoncin.id]) == dict.fromkeys(LISTS, 0)
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
    assert counts_of(None) == {"incoming": 0, "held": 1, "reported": 1}
    reported = Entry.get(Entry.external_id == "a")
    decisions.keep(reported, anna, submission(reported))
    assert counts_of(None) == {"incoming": 0, "held": 1, "reported": 0}


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


def test_the_command_says_what_an_archive_is(app, leoncin, tmp_path):
    file = tmp_path / "archive.jsonl"
    file.write_text(json.dumps(message(text="Sąsiad to idiota.")))
    run = app.test_cli_runner()
    assert "--archive" in run.invoke(args=["import", "--help"]).output
    done = run.invoke(args=["import", "--group", "leoncin", "--archive", str(file)])
    assert done.exit_code == 0, done.output
    assert Entry.get().archived
