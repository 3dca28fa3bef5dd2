"""Who reports, what, and how much of it was upheld."""

import pytest

from console.entries import decisions
from console.queue import reporters
from models import Entry, Report
from tests.cast import fresh, rule, submission, take

JAN = {"id": "jan", "name": "Jan Nowak"}


def report(group, number: int, entry: str, reporter=JAN) -> Report:
    take(group, "report.created", id=f"r{number}", entry_id=entry, reporter=reporter)
    return Report.get(Report.external_id == f"r{number}")


@pytest.fixture
def reports(leoncin, anna) -> list[Report]:
    """Jan's: one upheld, one rejected, one open; and one by somebody else."""
    for name in ("bad", "good", "new"):
        take(leoncin, id=name, text=f"Wpis {name}")
    made = [report(leoncin, number, name) for number, name in enumerate(("bad", "good", "new"))]
    report(leoncin, 9, "new", {"id": "ola", "name": "Ola"})
    bad, good, _new = Entry.select().order_by(Entry.id)
    decisions.remove(bad, anna, submission(bad), [rule(leoncin)])
    decisions.keep(good, anna, submission(good))
    return made


def test_a_reporters_reports_are_counted_by_what_came_of_them(reports):
    reporter = reporters.about(reports[0])
    assert reporter.name == "Jan Nowak"
    assert reporter.counts == {"upheld": 1, "rejected": 1, "open": 1}
    assert reporter.total == 3
    assert [each.external_id for each in reporter.reports] == ["r2", "r1", "r0"]


def test_the_page_tells_of_each_and_leads_to_its_entry(browse, anna, reports):
    page = browse(anna).get(f"/queue/reports/{reports[0].id}/reporter").text
    assert "Jan Nowak" in page
    assert "3 zgłoszenia" in page
    for entry in Entry.select():
        assert f'href="/entries/{entry.id}"' in page
    assert "Ola" not in page


def test_the_entrys_page_leads_there(browse, anna, reports):
    entry = fresh(reports[2]).entry
    assert (
        f"/queue/reports/{reports[2].id}/reporter" in browse(anna).get(f"/entries/{entry.id}").text
    )


def test_a_stranger_finds_nothing(browse, stranger, reports):
    assert browse(stranger).get(f"/queue/reports/{reports[0].id}/reporter").status_code == 404


def test_whoever_is_not_named_has_no_page(browse, anna, leoncin, published):
    nameless = report(leoncin, 5, "published", None)
    assert browse(anna).get(f"/queue/reports/{nameless.id}/reporter").status_code == 404


def test_many_reports_have_pages(browse, anna, leoncin, published):
    made = [report(leoncin, number, "published") for number in range(reporters.PAGE + 3)]
    first = reporters.about(made[0])
    second = reporters.about(made[0], first.older)
    ids = [each.id for each in first.reports + second.reports]
    assert ids == sorted((each.id for each in made), reverse=True)
    assert second.older is None
    page = browse(anna).get(f"/queue/reports/{made[0].id}/reporter?before={first.older}").text
    assert "Najnowsze" in page


def test_a_report_whose_entry_is_still_to_come_is_told_too(browse, anna, leoncin):
    early = report(leoncin, 1, "to come")
    page = browse(anna).get(f"/queue/reports/{early.id}/reporter").text
    assert "jeszcze nie nadszedł" in page
