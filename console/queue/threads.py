"""The conversation around an entry, from its post down."""

from typing import NamedTuple

from console.queue.lists import with_people
from models import Entry

DEEPEST, LONGEST = 20, 300


class Turn(NamedTuple):
    entry: Entry
    depth: int


def thread_around(entry: Entry) -> list[Turn]:
    """The post and what hangs on it, in reading order; a very long thread is cut."""
    root = with_people().where(Entry.id == _root(entry).id).get()
    children_of, seen, level = {}, set(), [root]
    for _depth in range(DEEPEST):
        if not level or len(seen) >= LONGEST:
            break
        seen.update(each.id for each in level)
        children = with_people().where(Entry.parent.in_([each.id for each in level]))
        level = [e for e in children.order_by(Entry.created).limit(LONGEST) if e.id not in seen]
        for child in level:
            children_of.setdefault(child.parent_id, []).append(child)
    return list(_walk(root, children_of, 0))


def _root(entry: Entry) -> Entry:
    """The post at the top; the platform's ids may form a circle, so the climb is bounded."""
    for _step in range(DEEPEST):
        if entry.parent_id is None:
            break
        entry = Entry.get_by_id(entry.parent_id)
    return entry


def _walk(entry: Entry, children: dict[int, list[Entry]], depth: int):
    yield Turn(entry, depth)
    for child in children.pop(entry.id, ()):
        yield from _walk(child, children, depth + 1)
