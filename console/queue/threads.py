"""Reads the thread of an entry: its post and the comments under it."""

from collections.abc import Iterator
from typing import NamedTuple

from console.queue.card_rows import CardRow, answers_to, rows_of
from models import Entry

DEEPEST, LONGEST = 20, 300


class ThreadRow(NamedTuple):
    entry: CardRow
    depth: int


class Thread(NamedTuple):
    turns: list[ThreadRow]
    is_cut: bool  # there are more than LONGEST entries
    above: int | None  # the parent of the first row, where the thread is deeper than DEEPEST


def thread_around(entry_id: int) -> Thread:
    """The post and its comments in reading order.

    Of a very long thread only the oldest entries; the entry itself and its ancestors are always there.
    """
    path = _path(entry_id)
    rows = {row.id: row for row in rows_of(path)}
    root, *descent = (rows[id] for id in reversed(path))
    children_of: dict[int | None, list[CardRow]] = {}
    seen, level, is_cut = set(path), [root], False
    for depth in range(DEEPEST):
        if not level:
            break
        answers = [row for row in answers_to([row.id for row in level]) if row.id not in seen]
        room = max(0, LONGEST - len(seen))
        is_cut = is_cut or len(answers) > room
        level = answers[:room] + descent[depth : depth + 1]
        seen.update(row.id for row in level)
        for child in sorted(level, key=lambda row: (row.created, row.id)):
            children_of.setdefault(child.parent_id, []).append(child)
    above = None if root.parent_id in seen else root.parent_id
    return Thread(list(_walk(root, children_of, 0)), is_cut, above)


def _path(id: int) -> list[int]:
    """The ids from the entry up to its post. Parents may form a circle, so the length is bounded."""
    path = [id]
    for _step in range(DEEPEST):
        parent_id = Entry.select(Entry.parent).where(Entry.id == path[-1]).scalar()
        if parent_id is None or parent_id in path:
            break
        path.append(parent_id)
    return path


def _walk(
    entry: CardRow, children: dict[int | None, list[CardRow]], depth: int
) -> Iterator[ThreadRow]:
    yield ThreadRow(entry, depth)
    for child in children.pop(entry.id, ()):
        yield from _walk(child, children, depth + 1)
