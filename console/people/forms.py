"""Signing in, one's own password, and the users."""

from wtforms import BooleanField, HiddenField, PasswordField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length

from console.forms import CheckboxesField, Form
from console.language import lazy_gettext as _l
from console.people import passwords
from models import Group, User

ROLES = {User.MODERATOR: _l("moderator"), User.ADMINISTRATOR: _l("administrator")}

# The verbs check a new password: one that is empty may be none.
NEW_PASSWORD = {"autocomplete": "new-password", "minlength": passwords.SHORTEST}
GOOD_PASSWORD = _l("Four words that have nothing to do with one another make a good one.")
PRESENT_PASSWORD = {"autocomplete": "current-password"}


class SignInForm(Form):
    name = StringField(
        _l("User name"),
        [InputRequired()],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(_l("Password"), [InputRequired()], render_kw=PRESENT_PASSWORD)
    own_device = BooleanField(_l("This device is mine: keep me signed in for 14 days"))


class ConfirmForm(Form):
    """A fresh sign-in, before what only the right person may do."""

    current = PasswordField(_l("Your password"), [InputRequired()], render_kw=PRESENT_PASSWORD)


class ChangePasswordForm(Form):
    current = PasswordField(_l("Present password"), [InputRequired()], render_kw=PRESENT_PASSWORD)
    password = PasswordField(
        _l("New password"), [InputRequired()], description=GOOD_PASSWORD, render_kw=NEW_PASSWORD
    )


class LinkForm(Form):
    """Setting one's password by a one-time link."""

    password = PasswordField(
        _l("New password"), [InputRequired()], description=GOOD_PASSWORD, render_kw=NEW_PASSWORD
    )
    revoke_passkeys = BooleanField(
        _l("Also revoke the passkeys of this account"),
        description=_l("For when a device was lost, or one of them is not yours."),
    )


class PasskeyForm(Form):
    """The device's response is put in by passkeys.js."""

    name = StringField(
        _l("Name of the passkey"),
        [InputRequired(), Length(max=80)],
        description=_l("Such as “my phone”, to know it by when it is lost."),
        render_kw={"autocomplete": "off"},
    )
    response = HiddenField(default="")


class SeatsForm(Form):
    """The groups that a user moderates."""

    group = CheckboxesField(_l("Moderates"), coerce=int)

    def __init__(self, groups: list[Group], formdata=None, **data):
        super().__init__(formdata, **data)
        self._groups = groups
        self.group.choices = [SelectChoice(group.id, group.name) for group in groups]

    @property
    def chosen(self) -> list[Group]:
        return [group for group in self._groups if group.id in self.group.data]


class UserForm(Form):
    """A user's account: what can be done to it is done by its buttons."""


class NewUserForm(SeatsForm):
    name = StringField(
        _l("User name"), [InputRequired(), Length(max=80)], render_kw={"autocomplete": "off"}
    )
    role = SelectField(
        _l("Role"), choices=[SelectChoice(value, label) for value, label in ROLES.items()]
    )
