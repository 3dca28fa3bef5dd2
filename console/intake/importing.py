"""Imports a file of messages, one JSON object a line.

Messages are idempotent, so a run that was interrupted can simply be repeated.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from console.errors import BadPayload
from console.intake.payload import Message, parse
from console.intake.receive import receive
from console.storage import db
from models import Group

BATCH = 200
LONGEST_LINE = 1024 * 1024


@dataclass
class Result:
    taken: int = 0
    rejected: int = 0


def import_file(
    group: Group,
    path: Path,
    progress: Callable[[int], object] = lambda _: None,
    *,
    archive: bool = False,
) -> Result:
    """Imports the file; lines that are rejected go to FILE.rejected.jsonl with number and reason.

    `progress` is called with the number of bytes read. Each batch is one transaction. `archive` is
    explained at `receive`.
    """
    result = Result()
    rejects = path.with_name(path.name + ".rejected.jsonl")
    rejects.unlink(missing_ok=True)
    with open(path, "rb") as file:
        for batch in _batches(file):
            rejected = []
            with db.atomic():
                for number, line in batch:
                    if not line.strip():
                        continue
                    reason = _take(group, line, archive)
                    if reason is None:
                        result.taken += 1
                    else:
                        rejected.append({"line": number, "reason": reason, "text": _excerpt(line)})
            if rejected:
                result.rejected += len(rejected)
                with open(rejects, "a", encoding="utf-8") as out:
                    out.writelines(json.dumps(r, ensure_ascii=False) + "\n" for r in rejected)
            progress(sum(len(line) for _, line in batch))
    return result


def _batches(file: Iterable[bytes]) -> Iterator[list[tuple[int, bytes]]]:
    batch = []
    for number, line in enumerate(file, 1):
        batch.append((number, line))
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _take(group: Group, line: bytes, archive: bool) -> str | None:
    """Receives the message of one line; returns the reason if that is impossible."""
    if len(line) > LONGEST_LINE:
        return f"a line has at most {LONGEST_LINE} bytes"
    try:
        message: Message = parse(line)
    except BadPayload as error:
        return error.message
    receive(group, message, archive=archive)
    return None


def _excerpt(line: bytes) -> str:
    return line[:2000].decode(errors="replace").rstrip("\n")
