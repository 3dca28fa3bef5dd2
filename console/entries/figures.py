"""Keeps the running totals of views, reactions, comments and shares that platforms report."""

from datetime import datetime

from console import clock
from console.storage import InstantField, db
from models import Entry, EntryFigures

_TOTALS = EntryFigures.COUNTED
_COLUMNS = "entry_id", "day", "told", *_TOTALS
# Written out: each entry that comes in passes here, and peewee takes ten times as long to write it.
_UPSERT = (
    f"INSERT INTO entry_figures ({', '.join(_COLUMNS)}) VALUES ({{values}})"
    " ON CONFLICT (entry_id, day) DO UPDATE SET told = excluded.told, "
    + ", ".join(f"{name} = COALESCE(excluded.{name}, entry_figures.{name})" for name in _TOTALS)
    + " WHERE excluded.told >= entry_figures.told"
)


def keep_figures(entry: Entry, figures: dict[str, int], told: datetime) -> None:
    """Upserts the totals of one day in Warsaw; an older message than the one before changes nothing.

    figures  {name from EntryFigures.COUNTED: total}; what is missing keeps its value, or null
    told     the message's timestamp, which says the day
    """
    totals = [figures.get(name) for name in _TOTALS]
    if totals == [None] * len(totals):
        return
    values = [entry.id, clock.today(told), InstantField().db_value(told), *totals]
    db.execute_sql(_UPSERT.format(values=", ".join([db.param] * len(values))), values)
