"""The kinds of field that the forms of screeners have beside WTForms' own.

A field's data is the value of the setting; None leaves the setting out.
"""

import re

from wtforms import Field, RadioField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import ValidationError

from console.forms import CheckboxesField
from console.language import _
from console.screening import labels

MOST_WORDS = 2000  # of one list: each can have a hundred forms
AS_TYPED = {"autocapitalize": "none", "spellcheck": "false"}


def items(text: str, dividers: str = r"\n") -> list[str]:
    parts = (" ".join(part.split()) for part in re.split(f"[{dividers}]", text))
    return list(dict.fromkeys(part for part in parts if part))


class LinesField(TextAreaField):
    """A list: an item a line."""

    dividers, joint = r"\n", "\n"

    def __init__(self, label, rows: int = 6, **kwargs):
        super().__init__(label, render_kw=AS_TYPED | {"rows": rows}, **kwargs)

    def process_formdata(self, valuelist):
        self.data = items("".join(valuelist), self.dividers) or None

    def _value(self) -> str:
        return self.raw_data[0] if self.raw_data else self.joint.join(self.data or ())


class WordsField(LinesField):
    """A list of words, divided by commas."""

    dividers, joint = r"\n,", ", "

    def __init__(self, label, **kwargs):
        super().__init__(label, rows=3, **kwargs)


class NumberField(StringField):
    """Shown `scale` times as large as it is stored. It may be empty when it has no default."""

    def __init__(self, label, *, least=1, most, scale=1, **kwargs):
        attributes = {"inputmode": "decimal", "autocomplete": "off", "maxlength": 12}
        super().__init__(label, render_kw=attributes | {"class": "short"}, **kwargs)
        self.least, self.most, self.scale = least, most, scale

    def process_formdata(self, valuelist):
        text = "".join(valuelist).strip().replace(",", ".")
        if not text and self.default is None:
            self.data = None
            return
        is_number = re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,4})?", text)
        if not is_number or not self.least <= float(text) <= self.most:
            message = _("Give a number from %(least)s to %(most)s.")
            raise ValueError(message % {"least": self.least, "most": self.most})
        number = float(text) / self.scale
        self.data = int(number) if number.is_integer() else number

    def _value(self) -> str:
        if self.raw_data:
            return self.raw_data[0]
        return "" if self.data is None else f"{round(self.data * self.scale, 4):g}"


class CompoundField(Field):
    """Several controls, of names of their own."""

    def process(self, formdata, *args, **kwargs):
        self.formdata = formdata
        super().process(formdata, *args, **kwargs)


class PatternsField(CompoundField):
    """Rows of a name and an expression; a row without an expression is left out."""

    @property
    def rows(self) -> list[tuple[str, str]]:
        if self.formdata is None:
            return list((self.data or {}).items())
        names, patterns = self.formdata.getlist("pattern_name"), self.formdata.getlist("pattern")
        return list(zip(names, patterns, strict=False))

    def process_formdata(self, _valuelist):
        self.data: dict[str, str] = {}
        for name, pattern in self.rows:
            pattern = re.sub(r"[\r\n]+", "", pattern).strip()
            name = " ".join(name.split()) or pattern[:40]
            if pattern and name in self.data:
                raise ValueError(_("Two patterns are called “%(name)s”.") % {"name": name})
            if pattern:
                self.data[name] = pattern


class BasesField(CompoundField):
    """Words, one a line, and the forms of each. Forms follow a word from one list to another."""

    def process_formdata(self, valuelist):
        forms: dict[str, str] = {}
        for name in ("alone", "with_cue", self.name):
            bases = self.formdata.getlist(f"{name}.base")
            forms |= dict(zip(bases, self.formdata.getlist(f"{name}.forms"), strict=False))
        bases = items("".join(valuelist))
        self.data = {base: items(forms.get(base, ""), r"\n,") for base in bases} or None
        if len(bases) > MOST_WORDS:
            raise ValueError(_("At most %(most)s words.") % {"most": MOST_WORDS})


class ChoicesField(CheckboxesField):
    """Some of a few, whose names and explanations stand in labels.choices()."""

    def __init__(self, label, **kwargs):
        super().__init__(label, choices=self._choices, **kwargs)

    def _choices(self) -> list[SelectChoice]:
        named = labels.choices()[self.name].items()
        return [SelectChoice(value, name) for value, (name, _about) in named]

    @property
    def explained(self) -> dict[str, str]:
        return {value: about for value, (_name, about) in labels.choices()[self.name].items()}


def one_at_least(_form, field) -> None:
    if not field.data:
        raise ValidationError(_("Choose one at least."))


class ModeField(RadioField):
    """Whether a screener is on, on trial, or off."""

    def __init__(self, label, **kwargs):
        super().__init__(label, choices=self._choices, **kwargs)

    def _choices(self) -> list[SelectChoice]:
        return [SelectChoice(value, name) for value, name in labels.modes().items()]

    @property
    def explained(self) -> dict[str, str]:
        return labels.modes_explained()
