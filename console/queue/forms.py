"""The form on a whitelisted entry's own page: it is removed or held only with a reason in words."""

from wtforms import TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length

from console.entries.transaction import LONGEST_NOTE
from console.forms import CheckboxesField, Form
from console.language import lazy_gettext as _l


class ReasonForm(Form):
    rule = CheckboxesField(
        _l("The rule that was broken"),
        description=_l("Needed for a removal."),
        validate_choice=False,
    )
    note = TextAreaField(
        _l("Reason"),
        [InputRequired(), Length(max=LONGEST_NOTE)],
        description=_l("It stays in what happened here, and on the author's page."),
        render_kw={"rows": 3},
    )

    def __init__(self, rules, formdata=None):
        """`rules`: (code, name) of each that can be chosen."""
        super().__init__(formdata)
        self.rule.choices = [SelectChoice(code, name) for code, name in rules]
