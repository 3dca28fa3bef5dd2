"""The form of a screener: what each has, and the settings of its kind.

A field of a setting is called as the setting, and its data is the setting's value; None leaves the
setting out.
"""

from dataclasses import replace
from functools import cached_property

from wtforms import BooleanField, Field, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, ValidationError

from console.errors import Refused
from console.forms import Form
from console.language import _
from console.language import lazy_gettext as _l
from console.screening import overview
from console.screening.context import LOOK_AT, LOOK_BACK_HOURS
from console.screening.cues import DEFAULT_CUES
from console.screening.engine import Spec
from console.screening.expand import Remark
from console.screening.fields import (
    BasesField,
    ChoicesField,
    LinesField,
    ModeField,
    NumberField,
    PatternsField,
    WordsField,
    one_at_least,
)
from console.screening.verbs import inflected
from console.web import whole
from models import Group, Replay, Screener

UNLESS = _l("Words that excuse the whole entry")
UNLESS_HINT = _l("Divided by commas. An entry with one of them is left alone.")


class ScreenerForm(Form):
    """What a screener of any kind has. `screener` is the one that is being changed, if any.

    The settings that the form does not show stay as they are. `checked` is a replay of the form, which
    is filled in as it was then.
    """

    kind = ""

    name = StringField(
        _l("Name"),
        [InputRequired(), Length(max=80)],
        default="",
        render_kw={"autocomplete": "off"},
    )
    rule = SelectField(
        _l("Suggested rule"), [InputRequired(_l("Choose the rule that it suggests."))], default=""
    )
    group = SelectField(_l("Group"), default="")
    # A new one shows what it would do before it does it.
    mode = ModeField(_l("It is"), default=Screener.SHADOW)

    def __init__(
        self, formdata=None, screener: Screener | None = None, checked: Replay | None = None
    ):
        shown = checked.spec if checked else screener and screener.__data__
        group_id = (checked or screener or Screener()).group_id
        super().__init__(formdata, data=_values_of(shown, group_id) if shown else None)
        self.screener = screener
        self.version = shown["version"] if shown else 1
        if screener and formdata is not None:
            self.version = whole(formdata.get("version")) or 0
        # Asked for only where they are needed: not while a text is tried at every stroke.
        self.group.choices = self._group_choices
        self.rule.choices = self._rule_choices

    @cached_property
    def _groups(self) -> list[Group]:
        return list(Group.select().order_by(Group.name))

    def _group_choices(self) -> list[SelectChoice]:
        named = [SelectChoice(str(group.id), group.name) for group in self._groups]
        return [SelectChoice("", _("all groups")), *named]

    def _rule_choices(self) -> list[SelectChoice]:
        rules = overview.rule_names()
        if self.screener is None:
            rules = {"": _("choose…")} | rules
        elif self.screener.rule not in rules:
            rules = rules | {self.screener.rule: self.screener.rule}
        return [SelectChoice(code, name) for code, name in rules.items()]

    def validate_name(self, field) -> None:
        if not field.data.strip() or not field.data.isprintable():
            raise ValidationError(_("A screener's name has 1 to 80 characters."))

    @property
    def settings(self) -> list[Field]:
        """The fields of its kind."""
        return [field for field in self if field.name not in ("name", "rule", "group", "mode")]

    def check_settings(self) -> None:
        """As check(), for what needs neither a name nor a rule."""
        refused = [field for field in self.settings if not field.validate(self)]
        if refused:
            raise Refused

    def spec(self) -> Spec:
        """What the form says."""
        before = self.screener.settings if self.screener else {}
        shown = {field.name: field.data for field in self.settings}
        settings = {key: value for key, value in (before | shown).items() if value is not None}
        id = self.screener.id if self.screener else None
        name = " ".join(self.name.data.split())
        return Spec(id, name, self.kind, self.mode.data, self.version, self.rule.data, settings)

    def chosen_group(self) -> Group | None:
        return next((each for each in self._groups if str(each.id) == self.group.data), None)

    def inflect(self) -> list[Remark]:
        """Fills in the forms of the words that have none; remarks say which cannot be inflected."""
        spec, remarks = inflected(self.spec())
        for field in self.bases:
            field.data = spec.settings[field.name]
        return remarks

    def uninflected(self) -> list[Remark]:
        """Notes on the words that the dictionary does not know: their forms are what was typed."""
        bare: dict[str, dict] = {
            field.name: {base: [] for base, forms in (field.data or {}).items() if forms == [base]}
            for field in self.bases
        }
        return inflected(replace(self.spec(), settings=bare))[1]

    @property
    def bases(self) -> list[BasesField]:
        return [field for field in self.settings if isinstance(field, BasesField)]


def _values_of(definition: dict, group_id: int | None) -> dict:
    own = {name: definition[name] for name in ("name", "rule", "mode")}
    return definition["settings"] | own | {"group": str(group_id or "")}


class WordsForm(ScreenerForm):
    kind = "words"

    alone = BasesField(
        _l("Words that hold by themselves"), description=_l("One word or phrase a line.")
    )
    with_cue = BasesField(
        _l("Ambiguous words: they hold only beside a cue"),
        description=_l("One word or phrase a line."),
    )
    cues = ChoicesField(_l("What counts as a cue"), default=DEFAULT_CUES)
    cue_words = WordsField(
        _l("Cues of its own"),
        description=_l("Up to 6 words away, divided by commas, in every form that counts."),
    )
    unless_near = WordsField(
        _l("Words nearby that excuse"),
        description=_l("Up to 3 words away; divided by commas. “rondo” excuses a name beside it."),
    )
    unless = WordsField(UNLESS, description=UNLESS_HINT)


class PatternForm(ScreenerForm):
    kind = "pattern"

    patterns = PatternsField(
        _l("Patterns"),
        description=_l(
            "RE2 syntax. The name is shown to moderators as the reason. Empty rows are left out."
        ),
    )
    unless = WordsField(UNLESS, description=UNLESS_HINT)


class LinkForm(ScreenerForm):
    kind = "link"

    domains = LinesField(
        _l("Unwanted domains"),
        description=_l(
            "One a line, subdomains included. “.xyz” stands for every address that ends so."
        ),
    )
    most = NumberField(
        _l("Most links in an entry"),
        description=_l("More are held. Empty: any number may pass."),
        least=0,
        most=1000,
    )
    unless = WordsField(UNLESS, description=UNLESS_HINT)


class RepeatForm(ScreenerForm):
    kind = "repeat"

    hours = NumberField(_l("How many hours back to look"), default=24, most=LOOK_BACK_HOURS)
    times = NumberField(_l("How many earlier entries it takes"), default=1, most=LOOK_AT)
    same_author = BooleanField(_l("Only the author's own entries count"))


class NewcomerForm(ScreenerForm):
    kind = "newcomer"

    entries = NumberField(_l("A profile is new below this many entries"), default=3, most=LOOK_AT)
    locals()["with"] = ChoicesField(  # a keyword of Python
        _l("What the entry must carry"),
        description=_l("None chosen: every entry of a new profile is held."),
        default=("link",),
    )
    trusted = LinesField(
        _l("Trusted domains"), description=_l("One a line. Links to them do not count.")
    )


class PersonalDataForm(ScreenerForm):
    kind = "personal-data"

    find = ChoicesField(
        _l("What to find"), validators=[one_at_least], default=("pesel", "phone", "address")
    )


class ShoutingForm(ScreenerForm):
    kind = "shouting"

    letters = NumberField(_l("Shorter entries are left alone (letters)"), default=40, most=10_000)
    share = NumberField(
        _l("Share of capitals that is too much (%)"), default=0.7, least=10, most=100, scale=100
    )


FORMS = {form.kind: form for form in ScreenerForm.__subclasses__()}
