"""What screeners found in an entry's text, as it is now and as it was."""

from collections import defaultdict

import models
from console.queue.cards import HIT_COLUMNS
from console.screening.hits import Hit
from models import Entry, Screener


def hits_of(entry: Entry, revision_ids: list[int]) -> dict[int | None, list[Hit]]:
    """{id of a revision: the hits in its text}; None: in the text as it is now."""
    rows = (
        models.Hit.select(models.Hit.revision, *HIT_COLUMNS)
        .join(Screener)
        .where(
            models.Hit.entry == entry,
            models.Hit.revision.is_null() | models.Hit.revision.in_(revision_ids),
        )
        .order_by(models.Hit.id)
        .tuples()
        .iterator()
    )
    hits = defaultdict(list)
    for revision_id, *hit in rows:
        hits[revision_id].append(Hit(*hit))
    return hits
