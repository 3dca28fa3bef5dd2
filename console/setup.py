"""The first administrator and the first group of a console that is empty."""

from typing import NamedTuple

from console import audit
from console.errors import Refused
from console.groups import groups
from console.people import users
from console.storage import db
from models import Group, User


class FirstGroup(NamedTuple):
    slug: str
    name: str
    teryt: str
    municipality: str


def require_empty() -> None:
    """Raises Refused where somebody could sign in already, or a group is there."""
    if User.select().where(User.demo).exists():
        raise Refused(
            "The demonstration is loaded here. Nothing was changed. Begin with a database of your "
            "own: set FURTKA_INSTANCE to another folder, or DATABASE_URL, and run migrate and setup."
        )
    if User.select().exists() or Group.select().exists():
        raise Refused(
            "This console is set up already. Nothing was changed. "
            "To add to it, run: flask --app wsgi user add, or: flask --app wsgi group add"
        )


@db.atomic()
def set_up(administrator: str, password: str, first: FirstGroup) -> None:
    """Adds both, or neither. Raises Refused."""
    require_empty()
    user = users.add(administrator, password, User.ADMINISTRATOR)
    municipality = groups.municipality(first.teryt, first.municipality)
    groups.create(first.slug, first.name, municipality)
    audit.record(None, "console.set-up", user.name, first.name)
