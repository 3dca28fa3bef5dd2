"""Figures are kept as the newest running totals of each day in Warsaw."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.entries.figures import keep_figures
from models import EntryFigures
from tests.cast import take

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def entry(leoncin):
    return take(leoncin)


@pytest.fixture(autouse=True)
def _none_yet(entry):
    EntryFigures.delete().execute()  # those that came with the entry


def rows(entry) -> list[tuple]:
    columns = EntryFigures.day, EntryFigures.views, EntryFigures.reactions, EntryFigures.shares
    mine = EntryFigures.select(*columns).where(EntryFigures.entry == entry)
    return list(mine.order_by(EntryFigures.day).tuples())


def test_a_days_newest_totals_replace_those_before(entry):
    keep_figures(entry, {"views": 10, "shares": 1}, NOON)
    keep_figures(entry, {"views": 15, "shares": 2}, NOON + HOUR)
    assert rows(entry) == [(date(2026, 11, 20), 15, None, 2)]


def test_each_day_has_its_own_and_it_begins_at_midnight_in_warsaw(entry):
    before, after = (
        datetime(2026, 11, 20, 22, 59, tzinfo=UTC),
        datetime(2026, 11, 20, 23, tzinfo=UTC),
    )
    keep_figures(entry, {"views": 10}, before)
    keep_figures(entry, {"views": 12}, after)
    assert [(day, views) for day, views, *_more in rows(entry)] == [
        (date(2026, 11, 20), 10),
        (date(2026, 11, 21), 12),
    ]


def test_a_late_message_replaces_nothing_newer(entry):
    keep_figures(entry, {"views": 15}, NOON + HOUR)
    keep_figures(entry, {"views": 10, "reactions": 4}, NOON)
    assert rows(entry) == [(date(2026, 11, 20), 15, None, None)]


def test_what_is_not_told_stays_a_gap_and_no_zero(entry):
    keep_figures(entry, {"views": 15}, NOON)
    keep_figures(entry, {"reactions": 4}, NOON + HOUR)
    assert rows(entry) == [(date(2026, 11, 20), 15, 4, None)]


def test_a_message_without_figures_leaves_no_row(entry):
    keep_figures(entry, {}, NOON)
    assert rows(entry) == []


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(told=st.lists(st.tuples(st.integers(0, 60), st.integers(0, 900)), min_size=1, max_size=8))
def test_in_whatever_order_and_however_often_messages_come_the_newest_of_a_day_counts(entry, told):
    EntryFigures.delete().execute()
    newest_of = {}
    for hour, views in told:
        at = NOON + hour * HOUR
        keep_figures(entry, {"views": views}, at)
        day = (at + HOUR).date()  # in November Warsaw is an hour ahead
        if day not in newest_of or at >= newest_of[day][0]:
            newest_of[day] = at, views
    assert {day: views for day, views, *_more in rows(entry)} == {
        day: views for day, (_at, views) in newest_of.items()
    }
