"""The demonstration: one group and a week of it, loaded through the import door.

Its times are relative to the moment of loading: "-3 14:05" is three days before, at that time of
day in Warsaw; "-25m" and "-3h" are minutes and hours before.
"""

import json
import re
from datetime import datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from console.clock import WARSAW
from console.demo.past import settle_the_past
from console.groups import groups
from console.intake.importing import import_file
from console.people import users
from console.screening.verbs import install_builtin
from console.storage import db, now
from models import Group, Municipality

HERE = Path(__file__).parent
PASSWORDS = {"administrator": "administrator", "moderator": "moderator"}


@db.atomic()
def load() -> str:
    """Loads everything, or nothing; returns in words what is there now."""
    at = now()
    install_builtin()
    group = _create_group(json.loads((HERE / "leoncin.json").read_text(encoding="utf-8")), at)
    administrator, moderator = (
        users.add(name, password, name, demo=True) for name, password in PASSWORDS.items()
    )
    users.seat(moderator, [group])
    with TemporaryDirectory() as folder:
        result = import_file(group, _week(Path(folder) / "week.jsonl", at))
    settle_the_past(group, [administrator, moderator], at - timedelta(days=1, hours=12))
    return f"{group.name}: {result.taken} events taken, {result.rejected} rejected"


def _create_group(data: dict, at: datetime) -> Group:
    municipality = Municipality.create(**data["municipality"])
    group = groups.create(data["group"]["slug"], data["group"]["name"], municipality)
    start = (at.astimezone(WARSAW).date() - timedelta(days=45)).replace(day=1)
    groups.sign(group, start, start + timedelta(days=365), 350_000)
    for each in data["units"]:
        unit = groups.name_unit(
            group, each["kind"], each["type"], each["name"], active=each["active"]
        )
        for profile in each["profiles"]:
            active = profile.get("active", True)
            groups.designate(unit, profile["id"], profile["name"], profile["url"], active=active)
    return group


def _week(path: Path, at: datetime) -> Path:
    """Writes the week's events with real times."""
    created: dict[str, str] = {}
    with open(path, "w", encoding="utf-8") as out:
        for line in (HERE / "week.jsonl").read_text(encoding="utf-8").splitlines():
            event = json.loads(line)
            event["timestamp"] = moment(event.pop("at"), at).isoformat()
            data = event["data"]
            data["created_at"] = created.setdefault(data["id"], event["timestamp"])
            out.write(json.dumps(event, ensure_ascii=False) + "\n")
    return path


def moment(text: str, at: datetime) -> datetime:
    if ago := re.fullmatch(r"-(\d+)([mh])", text):
        count = int(ago[1])
        return at - (timedelta(minutes=count) if ago[2] == "m" else timedelta(hours=count))
    days, clock = text.split()
    day = at.astimezone(WARSAW).date() + timedelta(days=int(days))
    return datetime.combine(day, time.fromisoformat(clock), WARSAW)
