"""A screener being edited: what the form shows, and the Spec that it makes."""

import re
from dataclasses import dataclass, field, replace
from typing import Any

from console.language import N_
from console.screening.engine import MODES, Spec
from console.screening.expand import Remark
from console.screening.fields import FIELDS
from console.screening.reading import Invalid
from console.screening.verbs import inflected
from models import Screener


@dataclass
class Draft:
    kind: str
    id: int | None = None
    version: int = 1
    name: str = ""
    rule: str = ""
    mode: str = Screener.SHADOW  # a new one shows what it would do before it does it
    group: str = ""
    typed: dict[str, Any] = field(default_factory=dict)
    unshown: dict = field(default_factory=dict)  # settings that the form knows nothing of

    @property
    def fields(self) -> list[tuple]:
        """Each field, and what stands in it."""
        return [(field, self.typed[field.key]) for field in FIELDS[self.kind]]

    def spec(self) -> Spec:
        """Invalid says what cannot be."""
        name = " ".join(self.name.split())
        if not 1 <= len(name) <= 80 or not name.isprintable():
            raise Invalid(N_("A screener's name has 1 to 80 characters."))
        if self.mode not in MODES:
            raise Invalid(N_("Choose whether it is on, on trial, or off."))
        settings = dict(self.unshown)
        for each, typed in self.fields:
            value = each.value(typed)
            if value is not None:
                settings[each.key] = value
        return Spec(self.id, name, self.kind, self.mode, self.version, self.rule, settings)

    def as_tried(self) -> Spec:
        """For a look at what it finds: with or without a name, and though it be off."""
        tried = replace(self, name=self.name or "…", mode=self.mode.replace("off", "on") or "on")
        return tried.spec()

    def inflect(self) -> list[Remark]:
        """Fills in the forms of the words that have none; remarks say which could not be inflected."""
        words = {"alone", "with_cue"}.intersection(self.typed)
        settings = {key: _bases(key).value(self.typed[key]) or {} for key in words}
        spec, remarks = inflected(replace(_NONE, kind=self.kind, settings=settings))
        self.typed |= {key: _bases(key).shown(spec.settings) for key in words}
        return remarks


def uninflected(draft: Draft) -> list[Remark]:
    """Notes on the words that the dictionary does not know."""
    bare = {
        key: {base: [] for base, forms in typed["forms"].items() if forms in ("", base)}
        for key, typed in draft.typed.items()
        if key in ("alone", "with_cue")
    }
    return inflected(replace(_NONE, kind=draft.kind, settings=bare))[1]


_NONE = Spec(None, "", "words", "off", 1, "", {})


def blank(kind: str) -> Draft:
    return Draft(kind, typed={each.key: each.shown({}) for each in FIELDS[kind]})


def draft_of(screener: Screener) -> Draft:
    return Draft(
        screener.kind,
        screener.id,
        screener.version,
        screener.name,
        screener.rule,
        screener.mode,
        str(screener.group_id or ""),
        {each.key: each.shown(screener.settings) for each in FIELDS[screener.kind]},
        _unshown(screener),
    )


def typed_in(form, kind: str, screener: Screener | None) -> Draft:
    """What a form says; the settings that it does not show are the screener's."""
    version = form.get("version", "") if screener else "1"
    return Draft(
        kind,
        screener and screener.id,
        int(version) if re.fullmatch("[0-9]{1,9}", version) else 0,
        form.get("name", ""),
        form.get("rule", ""),
        form.get("mode", ""),
        form.get("group", ""),
        {each.key: each.taken(form) for each in FIELDS[kind]},
        _unshown(screener) if screener else {},
    )


def _unshown(screener: Screener) -> dict:
    shown = {each.key for each in FIELDS[screener.kind]}
    return {key: value for key, value in screener.settings.items() if key not in shown}


def _bases(key: str):
    return next(each for each in FIELDS["words"] if each.key == key)
