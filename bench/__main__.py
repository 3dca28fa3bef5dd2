"""python -m bench [NAME…]: measures everything, or only what is named, and prints one table."""

import sys
import time
from importlib import import_module

# In this order: memory is looked at after the work.
MEASUREMENTS = {
    "page": "bench.page:latency",
    "clients": "bench.page:throughput",
    "tasks": "bench.tasks:latency",
    "rounds": "bench.rounds:page",
    "decision": "bench.deciding:decision",
    "hostile": "bench.hostile:decisions",
    "webhook": "bench.intake:webhook",
    "import": "bench.intake:file",
    "screening": "bench.screening:posts",
    "weight": "bench.paint:first_load",
    "phone": "bench.paint:phone",
    "live": "bench.live:consoles",
    "memory": "bench.memory:processes",
}


def main(names: list[str]) -> None:
    # Not at the top: every client of a rush imports this module too.
    from bench.stage import say, set_up
    from bench.table import show

    if unknown := set(names) - set(MEASUREMENTS):
        raise SystemExit(f"unknown: {', '.join(unknown)}; there are {', '.join(MEASUREMENTS)}")
    lines, start = [], time.monotonic()
    with set_up() as stage:
        for name in names or MEASUREMENTS:
            module, _colon, function = MEASUREMENTS[name].partition(":")
            say(name)
            lines += getattr(import_module(module), function)(stage)
    show(lines)
    say(f"took {time.monotonic() - start:.0f} s")


if __name__ == "__main__":
    main(sys.argv[1:])
