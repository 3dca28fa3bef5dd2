"""The screeners every new console begins with, built from builtin.toml by build_builtin.py."""

from console.screening.cues import data
from console.screening.engine import Spec


def builtin_screeners() -> list[Spec]:
    return [Spec(id=None, version=1, **screener) for screener in data()["screeners"]]
