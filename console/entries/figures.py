"""Running totals of views, reactions, comments and shares, as platforms tell them."""

from datetime import datetime

from peewee import EXCLUDED, fn

from console import clock
from models import Entry, EntryFigures


def keep_figures(entry: Entry, figures: dict[str, int], told: datetime) -> None:
    """Upserts the totals of the Warsaw day of the message; an older message replaces nothing.

    What a message does not tell stays as it was told before, or unknown: a gap, not a zero.
    """
    totals = {name: figures[name] for name in EntryFigures.COUNTED if name in figures}
    if not totals:
        return
    newest = {
        getattr(EntryFigures, name): fn.COALESCE(
            getattr(EXCLUDED, name), getattr(EntryFigures, name)
        )
        for name in EntryFigures.COUNTED
    }
    EntryFigures.insert(entry=entry.id, day=clock.today(told), told=told, **totals).on_conflict(
        conflict_target=[EntryFigures.entry, EntryFigures.day],
        update=newest | {EntryFigures.told: EXCLUDED.told},
        where=EXCLUDED.told >= EntryFigures.told,
    ).execute()
