"""A long text takes tens of milliseconds of the interpreter, which people's decisions need as well.

It is read in short steps, with pauses in which whoever decides has the interpreter to themselves:
taking turns alone would not do, since some steps (a regular expression over 64 KiB, say) cannot be
interrupted for milliseconds, and a decision meets one after another (docs/performance.md).
"""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

LONG = 5000  # characters; beyond them a text takes milliseconds
STEP_SECONDS, PAUSE_SECONDS = 0.002, 0.004

_one_at_a_time = Lock()


@contextmanager
def in_short_steps(text: str) -> Iterator[None]:
    """Where the text is long, what is done with it pauses again and again; short ones just go on.

    A process reads one long text at a time. The pauses hang on the calls of functions, by the hook
    that Python has for profilers, so that what reads texts need not know of them.
    """
    if len(text) <= LONG:
        yield
        return
    with _one_at_a_time:
        before = sys.getprofile()
        sys.setprofile(_pausing())
        try:
            yield
        finally:
            sys.setprofile(before)


def _pausing() -> Any:
    until = time.perf_counter() + STEP_SECONDS

    def at_a_call(*_event: Any) -> None:
        nonlocal until
        if time.perf_counter() > until:
            time.sleep(PAUSE_SECONDS)
            until = time.perf_counter() + STEP_SECONDS

    return at_a_call
