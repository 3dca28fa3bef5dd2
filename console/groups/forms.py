"""A rule: new, or renamed."""

from wtforms import StringField
from wtforms.validators import InputRequired, Length

from console.forms import Form
from console.groups.rules import LONGEST
from console.language import lazy_gettext as _l


class RuleForm(Form):
    name = StringField(
        _l("Name"), [InputRequired(), Length(max=LONGEST)], render_kw={"autocomplete": "off"}
    )
