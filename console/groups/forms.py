"""What administrators say of a group: its rules, contracts, units and profiles."""

from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    FileField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from console.forms import Form
from console.groups.rules import LONGEST
from console.groups.unit_kinds import UNIT_KIND_NAMES
from console.language import _
from console.language import lazy_gettext as _l
from models import Unit


class RuleForm(Form):
    name = StringField(
        _l("Name"), [InputRequired(), Length(max=LONGEST)], render_kw={"autocomplete": "off"}
    )


class GroupForm(Form):
    name = StringField(_l("Name"), [InputRequired(), Length(max=255)])
    slug = StringField(
        _l("Short name for addresses"),
        [InputRequired(), Length(max=100)],
        description=_l("Small letters, digits and hyphens, such as “leoncin”. It never changes."),
    )
    municipality = StringField(_l("Municipality"), [InputRequired(), Length(max=255)])
    teryt = StringField(
        _l("TERYT code"),
        [InputRequired(), Length(max=20)],
        description=_l("Of the municipality; 7 digits."),
        render_kw={"inputmode": "numeric"},
    )


class ContractForm(Form):
    starts = DateField(_l("First day"), [InputRequired()])
    ends = DateField(_l("Last day"), [Optional()], description=_l("Empty: until further notice."))
    price = DecimalField(
        _l("Gross price a month, zł"),
        [Optional(), NumberRange(min=0, max=1_000_000)],
        places=2,
        description=_l("Empty: the usual one, 3,850 zł, or 3,500 zł from half a year on."),
        render_kw={"inputmode": "decimal"},
    )

    @property
    def monthly_price(self) -> int | None:
        """In grosz; None: the usual one."""
        return None if self.price.data is None else round(self.price.data * 100)


class CorrectionForm(ContractForm):
    reason = StringField(_l("Why it is corrected"), [InputRequired(), Length(max=500)])


class EndForm(Form):
    last_day = DateField(_l("Last day"), [InputRequired()])


class UnitForm(Form):
    kind = SelectField(_l("Kind"))
    type = StringField(
        _l("What it is"), [InputRequired(), Length(max=255)], render_kw={"list": "types"}
    )
    name = StringField(_l("Name"), [InputRequired(), Length(max=255)])

    def __init__(self, formdata=None, **data):
        super().__init__(formdata, **data)
        self.kind.choices = [(kind, _(words)) for kind, words in UNIT_KIND_NAMES.items()]


class ProfileForm(Form):
    unit = SelectField(_l("Unit"))
    external_id = StringField(
        _l("Its number or name on the platform"), [InputRequired(), Length(max=255)]
    )
    name = StringField(_l("Name"), [InputRequired(), Length(max=255)])
    url = StringField(_l("Address"), [Length(max=2000)], render_kw={"inputmode": "url"})
    move = BooleanField(_l("It was another unit's until now"))

    def __init__(self, units: list[Unit], formdata=None, **data):
        super().__init__(formdata, **data)
        self.unit.choices = [(str(unit.id), unit.name) for unit in units]


class UnitListForm(Form):
    file = FileField(
        _l("File, CSV or XLSX"),
        description=_l("Columns: nazwa, typ, rodzaj, profil (its address on Facebook)."),
        render_kw={"accept": ".csv,.tsv,.txt,.xlsx"},
    )
    text = TextAreaField(_l("or the table, pasted"), [Length(max=500_000)], render_kw={"rows": 4})


class PaperForm(Form):
    number = StringField(_l("Number of the contract"), [Length(max=255)])
    signed = DateField(_l("Signed on"), [Optional()])
    nip = StringField(
        _l("NIP of the municipality, which buys"),
        [Length(max=20)],
        render_kw={"inputmode": "numeric"},
    )
    receiver = StringField(_l("Receiver: the town hall, or a unit"), [Length(max=255)])
    receiver_id = StringField(_l("Its NIP or internal ID"), [Length(max=40)])
