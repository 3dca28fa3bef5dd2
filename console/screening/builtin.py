"""The built-in screeners, which build_builtin.py makes from builtin.toml."""

from console.screening.cues import data
from console.screening.engine import Spec


def builtin_screeners() -> list[Spec]:
    return [Spec(id=None, version=1, **screener) for screener in data()["screeners"]]
