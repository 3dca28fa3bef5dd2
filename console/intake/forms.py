"""What staff saw themselves, brought in by hand."""

from wtforms import SelectField, StringField, TextAreaField, URLField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length

from console.forms import Form
from console.language import lazy_gettext as _l
from models import Group, Profile


class CaptureForm(Form):
    group = SelectField(_l("Group"), [InputRequired()])
    text = TextAreaField(_l("Text"), [InputRequired(), Length(max=65_536)], render_kw={"rows": 6})
    author = StringField(_l("Author"), [Length(max=255)], default="")
    profile = SelectField(_l("or the unit that wrote it"), default="")
    link = URLField(_l("Link"), [Length(max=2000)], default="")

    def __init__(self, groups: list[Group], profiles: list[Profile], formdata=None, **data):
        super().__init__(formdata, **data)
        self._profiles = profiles
        self.group.choices = [SelectChoice(group.slug, group.name) for group in groups]
        self.profile.choices = [SelectChoice("", "–")] + [
            SelectChoice(str(profile.id), profile.name, optgroup=group.name)
            for group in groups
            for profile in profiles
            if profile.group_id == group.id
        ]

    def profile_of(self, group: Group) -> Profile | None:
        """The chosen one, if it is one of this group."""
        of_group = (each for each in self._profiles if each.group_id == group.id)
        return next((each for each in of_group if str(each.id) == self.profile.data), None)
