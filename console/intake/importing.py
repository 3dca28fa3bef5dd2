"""Imports a file of messages, one JSON object a line.

Messages are idempotent, so a run that was interrupted can simply be repeated.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from console.errors import BadPayload
from console.intake.payload import Message, parse
from console.intake.receive import prescreen_message, receive
from console.screening.verbs import Prescreened
from console.storage import db
from models import Group

BATCH = 200
LONGEST_LINE = 1024 * 1024


class Arrival(NamedTuple):
    message: Message | None = None
    prescreened: Prescreened | None = None
    reason: str = ""


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
            arrivals = [
                (number, line, _read(group, line)) for number, line in batch if line.strip()
            ]
            with db.atomic():
                for number, line, arrival in arrivals:
                    reason = _take(group, arrival, archive)
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


def _read(group: Group, line: bytes) -> Arrival:
    """The message of one line and what its screening found, or why there is none."""
    if len(line) > LONGEST_LINE:
        return Arrival(reason=f"a line has at most {LONGEST_LINE} bytes")
    try:
        message = parse(line)
    except BadPayload as error:
        return Arrival(reason=error.message)
    return Arrival(message, prescreen_message(group, message))


def _take(group: Group, arrival: Arrival, archive: bool) -> str | None:
    """Receives a message; returns the reason if that is impossible."""
    if arrival.message is None:
        return arrival.reason
    try:
        receive(group, arrival.message, archive=archive, prescreened=arrival.prescreened)
    except BadPayload as error:
        return error.message
    return None


def _excerpt(line: bytes) -> str:
    return line[:2000].decode(errors="replace").rstrip("\n")
