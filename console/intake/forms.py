"""What staff saw themselves, brought in by hand."""

from wtforms import FileField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length

from console.forms import Form
from console.intake.capture import STANDS_NAMES
from console.intake.completing import LONGEST_NAME, LONGEST_TEXT
from console.language import _
from console.language import lazy_gettext as _l
from console.text import pasted
from models import Entry, Group, Profile


def choices_of_profiles(groups: list[Group], profiles: list[Profile]) -> list[SelectChoice]:
    return [SelectChoice("", "–")] + [
        SelectChoice(str(profile.id), profile.name, optgroup=group.name)
        for group in groups
        for profile in profiles
        if profile.group_id == group.id
    ]


class CaptureForm(Form):
    # A whole post as well as a link, which may come with words around it, as phones share it.
    link = TextAreaField(
        _l("Link or whole post"),
        [Length(max=LONGEST_TEXT)],
        default="",
        description=_l(
            "Paste what you copied on Facebook. The link shows the group, and whether the post is "
            "here already."
        ),
        render_kw={"rows": 2},
    )
    stands = RadioField(
        _l("Where it stands on Facebook"),
        choices=[SelectChoice(name, _l(words)) for name, words in STANDS_NAMES.items()],
        default=Entry.VISIBLE,
    )
    group = SelectField(_l("Group"), default="")
    text = TextAreaField(_l("Text"), [Length(max=LONGEST_TEXT)], default="", render_kw={"rows": 4})
    author = StringField(_l("Author"), [Length(max=LONGEST_NAME)], default="")
    profile = SelectField(_l("or the unit that wrote it"), default="")
    reporter = StringField(_l("Who reported it"), [Length(max=LONGEST_NAME)], default="")
    picture = FileField(_l("Screenshot"), render_kw={"accept": "image/*"})

    def __init__(self, groups: list[Group], profiles: list[Profile], formdata=None, **data):
        super().__init__(formdata, **data)
        self._profiles = profiles
        self.group.choices = [SelectChoice(group.slug, group.name) for group in groups]
        if len(groups) > 1:
            self.group.choices.insert(0, SelectChoice("", _("the one that the link names")))
        self.profile.choices = choices_of_profiles(groups, profiles)

    def understand(self) -> None:
        """Takes the first field apart, where a whole post was pasted into it."""
        whole = self.link.data or ""
        found = pasted.read(whole) if len(whole) <= LONGEST_TEXT else pasted.Pasted()
        if found.text and not (self.text.data or "").strip():
            self.link.data = found.link
            self._fill(found)

    def understand_text(self) -> None:
        """Takes the text apart, where a whole post was selected or shared."""
        found = pasted.read(self.text.data or "")
        self.link.data = self.link.data or found.link
        self._fill(found)

    def _fill(self, found: pasted.Pasted) -> None:
        self.text.data = found.text
        self.author.data = self.author.data or found.author
        self.reporter.data = self.reporter.data or found.reporter
        if found.reporter and self.stands.data == Entry.VISIBLE:
            self.stands.data = Entry.REPORTED

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


class TextForm(Form):
    text = TextAreaField(
        _l("Text of the post"), [InputRequired(), Length(max=LONGEST_TEXT)], render_kw={"rows": 4}
    )


class AuthorForm(Form):
    author = StringField(_l("Who wrote it"), [Length(max=LONGEST_NAME)], default="")
    profile = SelectField(_l("or the unit that wrote it"), default="")

    def __init__(self, group: Group, profiles: list[Profile], formdata=None, **data):
        super().__init__(formdata, **data)
        self._profiles = profiles
        self.profile.choices = choices_of_profiles([group], profiles)

    @property
    def chosen(self) -> Profile | None:
        return next((each for each in self._profiles if str(each.id) == self.profile.data), None)
