"""What the forms of all rooms have in common."""

import wtforms
from wtforms.widgets import CheckboxInput, ListWidget

from console.errors import Refused
from console.language import language


class Form(wtforms.Form):
    """In the user's language. It has no token: CSRFProtect asks every POST for one."""

    class Meta:
        @property
        def locales(self) -> list[str]:
            return [language.get()]  # of WTForms' own messages

    def check(self) -> None:
        """Refused when a field is not as it must be; its errors say why."""
        if not self.validate():
            raise Refused

    def add_error(self, refusal: Refused) -> None:
        """Shows a refusal beside the field that it names, else on top of the form."""
        if not refusal.message:
            return  # from check()
        if refusal.field in self:
            self[refusal.field].errors = [refusal.message]
        else:
            self.form_errors.append(refusal.message)

    def messages(self) -> list[str]:
        """Everything that is wrong, for a place where the fields are not in sight."""
        beside = [f"{field.label.text}: {error}" for field in self for error in field.errors]
        return [*self.form_errors, *beside]


class CheckboxesField(wtforms.SelectMultipleField):
    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()
