"""What staff saw themselves, brought in by hand."""

from wtforms import SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length

from console.forms import Form
from console.language import _
from console.language import lazy_gettext as _l
from models import Group, Profile


class CaptureForm(Form):
    # A link may come with words around it, as phones share it: no URLField, which refuses those.
    link = StringField(
        _l("Link"),
        [Length(max=2000)],
        default="",
        description=_l("It shows the group, and whether the post is here already."),
        render_kw={"inputmode": "url"},
    )
    group = SelectField(_l("Group"), default="")
    text = TextAreaField(_l("Text"), [InputRequired(), Length(max=65_536)], render_kw={"rows": 6})
    author = StringField(_l("Author"), [Length(max=255)], default="")
    profile = SelectField(_l("or the unit that wrote it"), default="")

    def __init__(self, groups: list[Group], profiles: list[Profile], formdata=None, **data):
        super().__init__(formdata, **data)
        self._profiles = profiles
        self.group.choices = [SelectChoice(group.slug, group.name) for group in groups]
        if len(groups) > 1:
            self.group.choices.insert(0, SelectChoice("", _("the one that the link names")))
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


class AddressForm(Form):
    link = StringField(
        _l("Address from the bar"),
        [InputRequired(), Length(max=2000)],
        render_kw={"inputmode": "url"},
    )
