"""The conversation around an entry, from its post down."""

from collections.abc import Iterator
from typing import NamedTuple

from console.queue.shown import Shown, answers_to, shown
from models import Entry

DEEPEST, LONGEST = 20, 300


class Turn(NamedTuple):
    entry: Shown
    depth: int


def thread_around(entry_id: int) -> list[Turn]:
    """The post and what hangs on it, in reading order; a very long thread is cut."""
    root = next(shown([_root(entry_id)]))
    children_of, seen, level = {}, set(), [root]
    for _depth in range(DEEPEST):
        if not level or len(seen) >= LONGEST:
            break
        seen.update(each.id for each in level)
        level = [e for e in answers_to([each.id for each in level]) if e.id not in seen]
        for child in level:
            children_of.setdefault(child.parent_id, []).append(child)
    return list(_walk(root, children_of, 0))


def _root(id: int) -> int:
    """The post at the top; the platform's ids may form a circle, so the climb is bounded."""
    for _step in range(DEEPEST):
        parent_id = Entry.select(Entry.parent).where(Entry.id == id).scalar()
        if parent_id is None:
            break
        id = parent_id
    return id


def _walk(entry: Shown, children: dict[int, list[Shown]], depth: int) -> Iterator[Turn]:
    yield Turn(entry, depth)
    for child in children.pop(entry.id, ()):
        yield from _walk(child, children, depth + 1)
