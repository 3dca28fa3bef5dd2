"""Where a group is on Facebook, and where and how often its queues are looked at."""

from wtforms import IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange

from console.forms import Form
from console.language import lazy_gettext as _l
from console.platforms.round_plans import MOST_HOURS, QUEUES, Plan

LONGEST_MAIL = 100_000


class MailForm(Form):
    text = TextAreaField(
        _l("The subject or the text of a mail from Facebook"),
        [InputRequired(), Length(max=LONGEST_MAIL)],
        render_kw={"rows": 4},
    )


class PlansForm(Form):
    group = StringField(
        _l("The group's address, number or name in addresses on Facebook"),
        [Length(max=2000)],
        default="",
        render_kw={"inputmode": "url", "autocomplete": "off"},
    )

    def plans(self) -> dict[str, Plan]:
        return {
            queue: Plan((self[f"address-{queue}"].data or "").strip(), self[f"hours-{queue}"].data)
            for queue in QUEUES
        }


def _fields() -> dict:
    fields = {}
    for queue in QUEUES:
        fields[f"address-{queue}"] = StringField(
            _l("Address"),
            [Length(max=2000)],
            default="",
            render_kw={"inputmode": "url", "autocomplete": "off"},
        )
        fields[f"hours-{queue}"] = IntegerField(
            _l("Every how many hours"),
            [InputRequired(), NumberRange(0, MOST_HOURS)],
            render_kw={"min": 0, "max": MOST_HOURS},
        )
    return fields


for _name, _of in _fields().items():  # two for each queue
    setattr(PlansForm, _name, _of)
