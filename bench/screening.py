"""The built-in screeners over texts, in one thread of one process."""

import time
from itertools import islice
from random import Random

from bench.stage import Stage
from bench.table import Line, at_least
from bench.texts import texts
from console.screening.builtin import builtin_screeners
from console.screening.engine import Context, Recent, Screening
from console.screening.hits import holds

POSTS = 20_000


def posts(_stage: Stage) -> list[Line]:
    screening = Screening(builtin_screeners())
    written = list(islice(texts(Random(5)), POSTS))
    earlier = tuple(Recent(text, 5.0, True) for text in islice(texts(Random(6)), 3))
    alone = _rate(screening, written, Context())
    beside = _rate(screening, written, Context(earlier_posts=3, recent=earlier))
    held = sum(holds(screening.run(text)) for text in written) / POSTS
    return [
        at_least("screening", alone[0], "posts/s", 10_000, f"{alone[1]:,.0f} a processor second"),
        Line(
            "screening, each beside 3 earlier posts",
            f"{beside[0]:,.0f} posts/s",
            f"{beside[1]:,.0f} a processor second",
        ),
        Line("of them held by the built-in screeners", f"{held:.1%}"),
    ]


def _rate(screening: Screening, written: list[str], context: Context) -> tuple[float, float]:
    """Posts a second, by the clock and of the processor's time: they differ on a busy machine."""
    for text in written[:500]:
        screening.run(text, context)
    start, work = time.perf_counter(), time.process_time()
    for text in written:
        screening.run(text, context)
    seconds, work = time.perf_counter() - start, time.process_time() - work
    return len(written) / seconds, len(written) / work
