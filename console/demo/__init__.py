"""Loads the demonstration: one group and a week of messages, through the import.

Its times are relative to the moment of loading: "-3 14:05" is three days before, at that time of
day in Warsaw; "-25m" and "-3h" are minutes and hours before.
"""

import json
import re
from datetime import datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from console.clock import WARSAW
from console.demo import accounts
from console.demo.past import (
    approve_profiles,
    carry_out_all_but,
    decide_older_entries,
    look_into_queues,
)
from console.groups import contracts, groups, units
from console.intake.importing import import_file
from console.people import users
from console.platforms import connections
from console.platforms.facebook_group import FACEBOOK_GROUP
from console.screening.verbs import install_builtin
from console.storage import db, now
from models import Group, Municipality

HERE = Path(__file__).parent
TASKS = 6  # what is still to be done on Facebook


@db.atomic()
def load() -> str:
    """Loads everything in one transaction; returns a summary for people."""
    at = now()
    install_builtin()
    group = _create_group(json.loads((HERE / "leoncin.json").read_text(encoding="utf-8")), at)
    administrator, moderator = (
        users.add(name, password, name, demo=True) for name, password in accounts.draw().items()
    )
    users.seat(moderator, [group])
    with TemporaryDirectory() as folder:
        result = import_file(group, _week(Path(folder) / "week.jsonl", at))
    decide_older_entries(group, [administrator, moderator], at - timedelta(days=1, hours=12))
    carry_out_all_but(TASKS, group)
    look_into_queues(group, moderator)
    approve_profiles(group, administrator)
    return f"{group.name}: {result.taken} messages taken, {result.rejected} rejected"


def _create_group(data: dict, at: datetime) -> Group:
    municipality = Municipality.create(**data["municipality"])
    group = groups.create(data["group"]["slug"], data["group"]["name"], municipality)
    connections.choose_platform(group, FACEBOOK_GROUP.name)
    groups.add_alias(group, data["group"]["slug"])
    start = (at.astimezone(WARSAW).date() - timedelta(days=45)).replace(day=1)
    contracts.sign(group, start, start + timedelta(days=365), 350_000)
    for given in data["units"]:
        unit = units.name_unit(
            group, given["kind"], given["type"], given["name"], active=given["active"]
        )
        for profile in given["profiles"]:
            active = profile.get("active", True)
            units.designate(unit, profile["id"], profile["name"], profile["url"], active=active)
    return group


def _week(path: Path, at: datetime) -> Path:
    """Writes the week's messages with absolute times; returns the path."""
    created: dict[str, str] = {}
    with open(path, "w", encoding="utf-8") as out:
        for line in (HERE / "week.jsonl").read_text(encoding="utf-8").splitlines():
            message = json.loads(line)
            message["timestamp"] = moment(message.pop("at"), at).isoformat()
            data = message["data"]
            data["created_at"] = created.setdefault(data["id"], message["timestamp"])
            out.write(json.dumps(message, ensure_ascii=False) + "\n")
    return path


def moment(text: str, at: datetime) -> datetime:
    """The moment of a relative time, as described above."""
    if ago := re.fullmatch(r"-(\d+)([mh])", text):
        count = int(ago[1])
        return at - (timedelta(minutes=count) if ago[2] == "m" else timedelta(hours=count))
    days, clock = text.split()
    day = at.astimezone(WARSAW).date() + timedelta(days=int(days))
    return datetime.combine(day, time.fromisoformat(clock), WARSAW)
