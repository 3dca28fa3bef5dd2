"""The conversation around an entry, from its post down."""

from collections.abc import Iterator
from typing import NamedTuple

from console.queue.card_rows import CardRow, answers_to, rows_of
from models import Entry

DEEPEST, LONGEST = 20, 300


class Turn(NamedTuple):
    entry: CardRow
    depth: int


class Thread(NamedTuple):
    turns: list[Turn]
    is_cut: bool  # there is more of it than LONGEST
    above: int | None  # the entry that the first turn answers: the climb ended before the post


def thread_around(entry_id: int) -> Thread:
    """The post and what hangs on it, in reading order; of a very long thread the oldest turns, and
    in any case what leads to the entry itself."""
    path = _path(entry_id)
    rows = {each.id: each for each in rows_of(path)}
    root, *wayside = (rows[id] for id in reversed(path))
    children_of: dict[int | None, list[CardRow]] = {}
    seen, level, is_cut = set(path), [root], False
    for depth in range(DEEPEST):
        if not level:
            break
        answers = [e for e in answers_to([each.id for each in level]) if e.id not in seen]
        room = max(0, LONGEST - len(seen))
        is_cut = is_cut or len(answers) > room
        level = answers[:room] + wayside[depth : depth + 1]
        seen.update(each.id for each in level)
        for child in sorted(level, key=lambda each: (each.created, each.id)):
            children_of.setdefault(child.parent_id, []).append(child)
    above = None if root.parent_id in seen else root.parent_id
    return Thread(list(_walk(root, children_of, 0)), is_cut, above)


def _path(id: int) -> list[int]:
    """From the entry to its post; the platform's ids may form a circle, so the climb is bounded."""
    path = [id]
    for _step in range(DEEPEST):
        parent_id = Entry.select(Entry.parent).where(Entry.id == path[-1]).scalar()
        if parent_id is None or parent_id in path:
            break
        path.append(parent_id)
    return path


def _walk(entry: CardRow, children: dict[int | None, list[CardRow]], depth: int) -> Iterator[Turn]:
    yield Turn(entry, depth)
    for child in children.pop(entry.id, ()):
        yield from _walk(child, children, depth + 1)
