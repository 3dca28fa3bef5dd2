"""The cast's lines: what tests say to set a scene."""

import html
import re
import secrets
from datetime import datetime, timedelta

from flask.testing import FlaskClient

from console.entries import decisions
from console.intake.payload import read
from console.intake.receive import receive
from console.outbox.connections import connection_of
from console.people import users
from console.platforms import connections, registry  # noqa: F401  as the application does
from console.screening.engine import Spec
from console.storage import now
from models import Entry, EntryFigures, Group, Rule, User

DAY = timedelta(days=1)
PASSWORD = "correct horse battery"


def user(name: str, role: str = User.MODERATOR, *of: Group) -> User:
    made = users.add(name, PASSWORD, role)
    users.seat(made, list(of))
    return made


class Client(FlaskClient):
    """A browser without JavaScript; `submit` sends a form with its CSRF token."""

    def submit(self, path: str, *, htmx: bool = False, **form):
        page = self.get("/people/account")
        if page.status_code != 200:
            page = self.get("/people/sign-in")
        token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
        headers = {"HX-Request": "true"} if htmx else {}
        return self.post(path, data={"csrf_token": token, **form}, headers=headers)


def on_facebook(group: Group) -> Group:
    """The group is a Facebook group, where people do by hand what was decided."""
    connections.choose_platform(group, "facebook-group")
    return group


def link_in(answer) -> str:
    """The path of the one-time link that a page or a command shows."""
    return re.search(r"/people/links/[\w-]+", answer)[0]


def beside(answer, field: str) -> str:
    """What is said to be wrong with a field of a form; the field's control refers to it."""
    assert re.search(rf'aria-describedby="{field}-error\b', answer.text)
    text = re.search(rf'<p class="refusal" id="{field}-error"[^>]*>(.*?)</p>', answer.text)[1]
    return html.unescape(text)


def event(type: str = "entry.created", at: datetime | None = None, **data) -> dict:
    """A message of the platform, with everything that is not said filled in."""
    moment = (at or now()).isoformat()
    if type == "report.withdrawn":
        base = {"id": "r1"}
    elif type == "report.created":
        base = {"id": "r1", "entry_id": "p1", "reason": "hejt", "note": "", "created_at": moment}
        base["reporter"] = {"id": "jan", "name": "Jan Nowak"}
    else:
        base = {
            "id": "p1",
            "kind": "post",
            "parent_id": None,
            "author": {"id": "ewa", "name": "Ewa Kowalska", "url": "https://www.facebook.com/ewa"},
            "text": "Dzień dobry, o której jutro otwarta jest biblioteka?",
            "url": "https://www.facebook.com/groups/leoncin/posts/1/",
            "links": [],
            "media": [],
            "created_at": moment,
            "held": None,
            "figures": {"views": 0, "reactions": 0, "comments": 0},
        }
    return {"type": type, "timestamp": moment, "data": base | data}


def take(group: Group, type: str = "entry.created", at: datetime | None = None, **data):
    """Receives a message as the doors do; returns the entry, as the database has it."""
    receipt = receive(group, read(event(type, at, **data)))
    return receipt.entry and Entry.get_by_id(receipt.entry.id)


def author(profile) -> dict:
    return {"id": profile.external_id, "name": profile.name, "url": profile.url}


def submission(entry: Entry, key: str | None = None, note: str = "") -> decisions.Submission:
    """A form made now for the entry as the database has it."""
    version = Entry.get_by_id(entry.id).version
    return decisions.Submission(version, key or secrets.token_hex(8), note)


def rule(group: Group, code: str = "hate") -> Rule:
    return Rule.get((Rule.group == group) & (Rule.code == code))


def secret_of(group: Group) -> str:
    return connection_of(group.id).secrets["current"]


def figures_of(entry: Entry) -> dict[str, int | None]:
    """The newest totals that were told of the entry."""
    newest = entry.figures.order_by(EntryFigures.day.desc()).first()
    return {name: getattr(newest, name) for name in EntryFigures.COUNTED} if newest else {}


def fresh(row):
    return type(row).get_by_id(row.id)


def idiot_screener(mode: str = "on") -> Spec:
    settings = {"alone": {"idiota": ["idiota", "idioty", "idiotą", "idiotami", "idioci"]}}
    return Spec(None, "Wyzwiska", "words", mode, 1, "hate", settings)
