"""What comes in, checked against schema.json and turned into an Message."""

import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import fastjsonschema
from fastjsonschema import JsonSchemaValueException

from console.errors import BadPayload
from console.storage import now

SCHEMA_FILE = Path(__file__).parent / "schema.json"
SCHEMA = json.loads(SCHEMA_FILE.read_text())

# A sender's clock may be a little ahead.
AHEAD = timedelta(minutes=5)
# PostgreSQL cannot store NUL, and no encoding a surrogate without its other half.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True)
class Message:
    """One message of the platform. `data` is as in schema.json, its times parsed."""

    type: str
    timestamp: datetime
    data: dict[str, Any]


def parse(body: bytes | str) -> Message:
    """The event in a JSON text. BadPayload names the field that is wrong."""
    try:
        return read(json.loads(body))
    except ValueError as error:  # also a UnicodeDecodeError
        raise BadPayload("body", f"this is not JSON in UTF-8 ({error})") from None
    except RecursionError:
        raise BadPayload("body", "this JSON is nested too deeply") from None


def read(message: Any) -> Message:
    """The event in an object. BadPayload names the field that is wrong."""
    message = _storable(message)
    try:
        _check_envelope(message)
        _check(message)
    except JsonSchemaValueException as error:
        raise _bad(error) from None
    data = message["data"]
    data["created_at"] = _moment("data.created_at", data["created_at"])
    return Message(message["type"], _moment("timestamp", message["timestamp"]), data)


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", value)
    if isinstance(value, list):
        return [_storable(item) for item in value]
    if isinstance(value, dict):
        return {_storable(key): _storable(item) for key, item in value.items()}
    return value


def _bad(error: JsonSchemaValueException) -> BadPayload:
    path = ".".join(str(part) for part in error.path[1:])
    if error.rule == "required":
        missing = next(name for name in error.rule_definition if name not in error.value)
        return BadPayload(".".join(filter(None, (path, missing))), "this field is missing")
    return BadPayload(path or "body", _words(str(error.rule), error.rule_definition))


def _words(rule: str, wanted: Any) -> str:
    """What is wrong, without the value, which may be long, or somebody's text."""
    types = wanted if isinstance(wanted, list) else [wanted]
    return {
        "enum": f"must be one of {wanted}",
        "type": f"must be of type {' or '.join(map(str, types))}",
        "format": "must be a time of RFC 3339 with a zone, as 2026-11-23T14:05:00Z",
        "minLength": "must not be empty",
        "maxLength": f"must have at most {wanted} characters",
        "maxItems": f"must have at most {wanted} items",
        "minimum": f"must be at least {wanted}",
        "maximum": f"must be at most {wanted}",
    }[rule]


def _moment(field: str, value: str) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment > now() + AHEAD:
        raise BadPayload(field, "lies in the future")
    return moment


def _is_moment(value: str) -> bool:
    try:
        moment = datetime.fromisoformat(value)
        return "T" in value.upper() and moment.tzinfo is not None and moment.timestamp() >= 0
    except (ValueError, OverflowError):
        return False


_formats = {"date-time": _is_moment}
# Before what depends on the type, so that a missing type is called just that.
_check_envelope = fastjsonschema.compile(
    {key: SCHEMA[key] for key in ("type", "required", "properties")}, formats=_formats
)
_check = fastjsonschema.compile(SCHEMA, formats=_formats, use_default=False)
