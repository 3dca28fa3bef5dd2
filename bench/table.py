"""What was measured, and the table that shows it."""

import os
import platform
import sqlite3
from dataclasses import dataclass
from statistics import median, quantiles


@dataclass(frozen=True)
class Line:
    what: str
    measured: str
    beside: str = ""
    target: str = ""
    met: bool | None = None  # None: there is no target

    @property
    def cells(self) -> tuple[str, ...]:
        verdict = {None: "", True: "met", False: "missed"}[self.met]
        return self.what, self.measured, self.beside, self.target, verdict


HEAD = ("What", "Measured", "Beside", "Target", "")


def p50(times: list[float]) -> float:
    return median(times)


def p99(times: list[float]) -> float:
    return quantiles(times, n=100)[98]


def both(times: list[float]) -> str:
    return f"p50 {p50(times):.2f} ms, p99 {p99(times):.2f} ms"


def at_most(what: str, measured: str, beside: str, ratio: float, limit: float) -> Line:
    """A line whose target is a ratio."""
    return Line(what, measured, f"{ratio:.2f} × {beside}", f"≤ {limit:g} ×", ratio <= limit)


def at_least(what: str, rate: float, unit: str, limit: int, beside: str = "") -> Line:
    return Line(what, f"{rate:,.0f} {unit}", beside, f"≥ {limit:,} {unit}", rate >= limit)


def within(
    what: str, measured: float, unit: str, limit: int, beside: str = "", digits: int = 0
) -> Line:
    shown = f"{measured:,.{digits}f} {unit}"
    return Line(what, shown, beside, f"≤ {limit:,} {unit}", measured <= limit)


def machine() -> str:
    cores = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}"
    versions = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    busy = f"load average of the last five minutes {os.getloadavg()[1]:.1f}"
    return f"{cores}, {versions}; {busy}"


def show(lines: list[Line]) -> None:
    """Prints Markdown that also reads well in a terminal."""
    rows = [HEAD, *(line.cells for line in lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    rule = tuple("-" * width for width in widths)
    print(f"{machine()}\n")
    for row in (HEAD, rule, *rows[1:]):
        padded = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        print(f"| {' | '.join(padded)} |")
