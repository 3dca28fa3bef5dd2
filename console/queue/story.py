"""What an entry's page tells beside its card: the conversation, earlier texts, the trail."""

from typing import NamedTuple

from console.insight.trail import Line, trail
from console.queue.threads import Turn, thread_around
from models import Entry, Revision


class Story(NamedTuple):
    thread: list[Turn]
    revisions: list[Revision]
    trail: list[Line]


def story_of(entry: Entry) -> Story:
    revisions = list(entry.revisions.order_by(Revision.id.desc()))
    return Story(thread_around(entry.id), revisions, trail(entry))
