"""A municipality's list of units, as its office keeps it: read, previewed, then taken in.

Columns are known by their head, in any order: the unit's name, what it is, its kind, its profile's
address. Rows above the head are passed over.
"""

import csv
import io
from collections.abc import Iterator
from typing import NamedTuple

from console.errors import Refused
from console.groups import units
from console.groups.unit_kinds import UNIT_KIND_NAMES, UNIT_TYPES
from console.language import N_, _
from console.storage import db
from console.text import addresses, tables
from console.text.folding import fold
from models import Group, Profile, Unit, User

MOST = 500  # lines
HEADS = {
    "name": ("nazwa", "nazwa jednostki", "jednostka", "instytucja", "name", "unit"),
    "type": ("typ", "typ jednostki", "rodzaj jednostki", "type"),
    "kind": ("rodzaj", "kategoria", "kind"),
    "profile": (
        "profil",
        "adres profilu",
        "link",
        "facebook",
        "adres na facebooku",
        "fanpage",
        "profile",
        "url",
    ),
}
NEW, PROFILE, KNOWN, WRONG = N_("new"), N_("new profile"), N_("nothing changes"), N_("left out")
NO_NAME = N_("it has no name")
NO_KIND = N_("what kind of unit it is cannot be seen")
TWICE = N_("the unit stands in the list already")
NO_PROFILE = N_("the address names no profile on Facebook")
TAKEN = N_("the profile publishes for another unit")
TOO_LONG = N_("it is too long")


class Line(NamedTuple):
    """A line of the list, and what becomes of it: NEW, PROFILE, KNOWN or, with why, WRONG."""

    number: int  # in the file
    kind: str
    type: str
    name: str
    url: str
    profile_id: str  # on the platform
    outcome: str
    why: str = ""


def read(group: Group, content: bytes) -> list[Line]:
    """What the file would change. Raises Refused where it is no list of units."""
    try:
        rows = tables.read(content)
    except tables.Unreadable as error:
        reason = _(error.template).format(**error.values)
        message = _("The list could not be read: %(reason)s. Nothing was changed.")
        raise Refused(message % {"reason": reason}, "file") from None
    columns, rows = _columns(rows)
    if len(rows) > MOST:
        message = _("The list has more than %(most)d lines. Nothing was changed: divide it.")
        raise Refused(message % {"most": MOST}, "file")
    return list(_judged(group, columns, rows))


def take_in(group: Group, content: bytes, *, by: User | None = None) -> list[Line]:
    """Adds what is new, in one transaction; what is wrong is left out. The same again adds nothing."""
    with db.atomic():
        lines = read(group, content)
        for line in lines:
            if line.outcome == NEW:
                unit = units.name_unit(group, line.kind, line.type, line.name, by=by)
            elif line.outcome == PROFILE:
                unit = Unit.get(Unit.group == group, Unit.name == line.name)
            else:
                continue
            if line.profile_id:
                units.designate(unit, line.profile_id, line.name, line.url, by=by)
    return lines


def as_text(lines: list[Line]) -> str:
    """What was read, as a table that `read` reads in the same way."""
    out = io.StringIO()
    table = csv.writer(out, delimiter=";")
    table.writerow(("nazwa", "typ", "rodzaj", "profil"))
    table.writerows((line.name, line.type, line.kind, line.url) for line in lines)
    return out.getvalue()


def _columns(rows: list[tuple[int, list[str]]]) -> tuple[dict[str, int], list]:
    """Where each column stands, by the first row that has a name's head; and the rows below it."""
    for place, (_number, row) in enumerate(rows):
        heads = [" ".join(fold(cell).split()) for cell in row]
        found = {
            column: heads.index(head)
            for column, known in HEADS.items()
            for head in reversed(known)
            if head in heads
        }
        if "name" in found:
            return found, rows[place + 1 :]
    raise Refused(
        _("The list has no column “nazwa”. Nothing was changed: give its columns a head."), "file"
    )


def _judged(group: Group, columns: dict[str, int], rows: list) -> Iterator[Line]:
    names = {unit.name for unit in group.units}
    owned = Profile.select(Profile.external_id, Unit.name).join(Unit)
    owners = dict(owned.where(Profile.group == group).tuples().iterator())
    seen: set[str] = set()
    for number, row in rows:
        line = _line(number, {key: row[n] if n < len(row) else "" for key, n in columns.items()})
        owner = owners.get(line.profile_id)
        if not line.why and line.name in seen:
            line = line._replace(why=TWICE)
        elif not line.why and owner not in (None, line.name):
            line = line._replace(why=TAKEN)
        seen.add(line.name)
        if line.why:
            yield line
            continue
        is_new_profile = bool(line.profile_id) and owner is None
        outcome = PROFILE if is_new_profile else KNOWN
        yield line._replace(outcome=outcome if line.name in names else NEW)
        if line.profile_id:
            owners[line.profile_id] = line.name


def _line(number: int, cells: dict[str, str]) -> Line:
    name, type, url = (cells.get(column, "") for column in ("name", "type", "profile"))
    kind = _kind(cells.get("kind", ""), type, name)
    address = addresses.read(url)
    is_profile = address.kind == addresses.PROFILE and address.canonical
    id = _profile_id(address.canonical or "") if is_profile else ""
    why = ""
    if not name:
        why = NO_NAME
    elif max(map(len, (name, type))) > 255 or len(url) > 2000:
        why = TOO_LONG
    elif not kind:
        why = NO_KIND
    elif url and not id:
        why = NO_PROFILE
    url = address.canonical or url
    return Line(number, kind, type or _type(name), name, url, id, WRONG, why)


def _profile_id(address: str) -> str:
    """The number, or the name in the address."""
    return address.rstrip("/").rpartition("=")[2].rpartition("/")[2]


def _kind(said: str, type: str, name: str) -> str:
    """By its name as people see it, by what it is, or by the words of the unit's name."""
    for kind, words in UNIT_KIND_NAMES.items():
        if said and fold(said) in (fold(kind), fold(words), fold(_(words))):
            return kind
    for text in (type, said, name):
        if kind := _kind_in(text):
            return kind
    return ""


def _kind_in(text: str) -> str:
    return next((kind for kind, type in _types() if _has(text, type)), "")


def _type(name: str) -> str:
    return next((type for _kind, type in _types() if _has(name, type)), "")


def _types() -> list[tuple[str, str]]:
    """The longest first: “rada gminy” before “gmina”."""
    pairs = [(kind, type) for kind, types in UNIT_TYPES.items() for type in types]
    return sorted(pairs, key=lambda pair: -len(pair[1]))


def _has(text: str, words: str) -> bool:
    return f" {fold(words)} " in f" {' '.join(fold(text).split())} "
