"""The settings of each kind of screener as fields of a form: what they show, what they read back.

A field takes what was typed from the form (`taken`), or makes it from settings (`shown`), so that a
form that is refused keeps it; `value` reads it as a setting, None when the setting is left out.
"""

import re
from dataclasses import dataclass
from typing import Any

from console.language import N_
from console.screening.context import LOOK_AT, LOOK_BACK_HOURS
from console.screening.cues import DEFAULT_CUES
from console.screening.reading import Invalid

_MAX_WORDS = 2000  # of one list: each can have a hundred forms


def items(text: str, dividers: str) -> list[str]:
    parts = (" ".join(part.split()) for part in re.split(f"[{dividers}]", text))
    return list(dict.fromkeys(part for part in parts if part))


@dataclass(frozen=True)
class Lines:
    """A list: an item a line, or words divided by commas."""

    key: str
    widget: str = "lines"
    joint: str = "\n"
    dividers: str = r"\n"

    def taken(self, form) -> str:
        return form.get(self.key, "")

    def shown(self, settings: dict) -> str:
        return self.joint.join(settings.get(self.key, ()))

    def value(self, typed: str) -> list[str] | None:
        return items(typed, self.dividers) or None


def Words(key: str) -> Lines:
    return Lines(key, "words", ", ", r"\n,")


@dataclass(frozen=True)
class Number:
    """CardRow `scale` times as large as it is stored; left out when empty and there is no default."""

    key: str
    default: float | None = None
    least: int = 1
    most: int = 20
    scale: int = 1
    widget: str = "number"

    def taken(self, form) -> str:
        return form.get(self.key, "")

    def shown(self, settings: dict) -> str:
        value = settings.get(self.key, self.default)
        return "" if value is None else f"{round(value * self.scale, 4):g}"

    def value(self, typed: str) -> float | None:
        text = typed.strip().replace(",", ".")
        if not text and self.default is None:
            return None
        is_number = re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,4})?", text)
        if not is_number or not self.least <= float(text) <= self.most:
            template = N_("“{key}” must be a number from {least} to {most}")
            raise Invalid(template, key=self.key, least=self.least, most=self.most)
        number = float(text) / self.scale
        return int(number) if number.is_integer() else number


@dataclass(frozen=True)
class Flag:
    key: str
    widget: str = "flag"

    def taken(self, form) -> bool:
        return bool(form.get(self.key))

    def shown(self, settings: dict) -> bool:
        return bool(settings.get(self.key))

    def value(self, typed: bool) -> bool:
        return typed


@dataclass(frozen=True)
class Choices:
    key: str
    options: tuple[str, ...]
    default: tuple[str, ...]
    least: int = 0
    widget: str = "choices"

    def taken(self, form) -> list[str]:
        return form.getlist(self.key)

    def shown(self, settings: dict) -> list[str]:
        return list(settings.get(self.key, self.default))

    def value(self, typed: list[str]) -> list[str]:
        chosen = [each for each in self.options if each in typed]
        if len(chosen) < self.least:
            raise Invalid(N_("“{key}”: choose one at least"), key=self.key)
        return chosen


@dataclass(frozen=True)
class Patterns:
    """Rows of a name and an expression; a row without an expression is left out."""

    key: str = "patterns"
    widget: str = "patterns"

    def taken(self, form) -> list[tuple[str, str]]:
        return list(zip(form.getlist("pattern_name"), form.getlist("pattern"), strict=False))

    def shown(self, settings: dict) -> list[tuple[str, str]]:
        return list(settings.get(self.key, {}).items())

    def value(self, typed: list[tuple[str, str]]) -> dict[str, str]:
        patterns = {}
        for name, text in typed:
            text = re.sub(r"[\r\n]+", "", text).strip()
            if not text:
                continue
            name = " ".join(name.split()) or text[:40]
            if name in patterns:
                raise Invalid(N_("two patterns are called “{name}”"), name=name)
            patterns[name] = text
        return patterns


@dataclass(frozen=True)
class Bases:
    """Words, one a line, and the forms of each. Forms follow a word from one list to another."""

    key: str
    widget: str = "bases"

    def taken(self, form) -> dict[str, Any]:
        forms = {}
        for key in ("alone", "with_cue", self.key):
            bases, written = form.getlist(f"{key}.base"), form.getlist(f"{key}.forms")
            forms |= dict(zip(bases, written, strict=False))
        return self._typed(items(form.get(self.key, ""), r"\n"), forms)

    def shown(self, settings: dict) -> dict[str, Any]:
        bases = settings.get(self.key, {})
        return self._typed(list(bases), {base: ", ".join(forms) for base, forms in bases.items()})

    def _typed(self, bases: list[str], forms: dict[str, str]) -> dict[str, Any]:
        return {"bases": bases, "forms": {base: forms.get(base, "") for base in bases}}

    def value(self, typed: dict[str, Any]) -> dict[str, list[str]] | None:
        if len(typed["bases"]) > _MAX_WORDS:
            raise Invalid(N_("“{key}”: at most {most} words"), key=self.key, most=_MAX_WORDS)
        return {base: items(typed["forms"][base], r"\n,") for base in typed["bases"]} or None


CUES = ("address", "official", "intensifier", "second", "name")

FIELDS = {
    "words": (
        Bases("alone"),
        Bases("with_cue"),
        Choices("cues", CUES, DEFAULT_CUES),
        Words("cue_words"),
        Words("unless_near"),
        Words("unless"),
    ),
    "pattern": (Patterns(), Words("unless")),
    "link": (Lines("domains"), Number("most", least=0, most=1000), Words("unless")),
    "repeat": (
        Number("hours", 24, most=LOOK_BACK_HOURS),
        Number("times", 1, most=LOOK_AT),
        Flag("same_author"),
    ),
    "newcomer": (
        Number("entries", 3, most=LOOK_AT),
        Choices("with", ("link", "phone"), ("link",)),
        Lines("trusted"),
    ),
    "personal-data": (
        Choices("find", ("pesel", "phone", "address"), ("pesel", "phone", "address"), least=1),
    ),
    "shouting": (
        Number("letters", 40, most=10_000),
        Number("share", 0.7, least=10, most=100, scale=100),
    ),
}
