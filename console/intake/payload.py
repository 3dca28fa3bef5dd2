"""Checks incoming messages against schema.json and turns them into a Message."""

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

# What every message about an entry has; only a removal may lack it.
WHOLE = SCHEMA["definitions"]["whole"]["required"]
# A sender's clock may be a little ahead.
CLOCK_TOLERANCE = timedelta(minutes=5)
MEDIA = SCHEMA["definitions"]["entry"]["properties"]["media"]["items"]["properties"]
# PostgreSQL cannot store NUL, and UTF-8 cannot encode a lone surrogate.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True)
class Message:
    """One message of the platform. `data` is as in schema.json, its times parsed."""

    type: str
    timestamp: datetime
    data: dict[str, Any]


def parse(body: bytes | str) -> Message:
    """The message in a JSON text. Raises BadPayload, which names the wrong field."""
    try:
        return read(json.loads(body, parse_constant=_no_number))
    except ValueError as error:  # also a UnicodeDecodeError
        raise BadPayload("body", f"this is not JSON in UTF-8 ({error})") from None
    except RecursionError:
        raise BadPayload("body", "this JSON is nested too deeply") from None


def read(message: Any) -> Message:
    """The message in decoded JSON. Raises BadPayload, which names the wrong field."""
    message = _storable(message)
    try:
        _check_envelope(message)
        _check(message)
    except JsonSchemaValueException as error:
        raise _bad(error) from None
    data = message["data"]
    # Only what the type is known to have has been checked.
    if "media" in data and message["type"].startswith("entry."):
        # What else a platform says of them is not kept.
        data["media"] = [{key: of[key] for key in MEDIA if key in of} for of in data["media"]]
    if "created_at" in data and message["type"] != "report.withdrawn":
        data["created_at"] = _moment("data.created_at", data["created_at"])
    return Message(message["type"], _moment("timestamp", message["timestamp"]), data)


def require_whole(data: dict[str, Any]) -> None:
    """Raises BadPayload unless all is there that an entry needs which is not known yet.

    A removal may have blanked the text; its `entry.created`, if that is late, would be too old.
    """
    missing = next((name for name in WHOLE if name not in data), None)
    if missing is None and not (data["text"] or data.get("media")):
        missing = "text"
    if missing:
        raise BadPayload(f"data.{missing}", "this field is missing, and the entry is not known")


def _no_number(constant: str) -> float:
    raise ValueError(f"{constant} is not in JSON")


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
    return BadPayload(path or "body", _explanation(str(error.rule), error.rule_definition))


def _explanation(rule: str, expected: Any) -> str:
    """What is wrong, without the value: it may be long or private."""
    types = expected if isinstance(expected, list) else [expected]
    return {
        "enum": f"must be one of {expected}",
        "type": f"must be of type {' or '.join(map(str, types))}",
        "format": "must be a time of RFC 3339 with a zone, as 2026-11-23T14:05:00Z",
        "minLength": "must not be empty",
        "maxLength": f"must have at most {expected} characters",
        "maxItems": f"must have at most {expected} items",
        "minimum": f"must be at least {expected}",
        "maximum": f"must be at most {expected}",
    }[rule]


def _moment(field: str, value: str) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment > now() + CLOCK_TOLERANCE:
        raise BadPayload(field, "lies in the future")
    return moment


def _is_moment(value: str) -> bool:
    try:
        moment = datetime.fromisoformat(value)
        return "T" in value.upper() and moment.tzinfo is not None and moment.timestamp() >= 0
    except (ValueError, OverflowError):
        return False


_formats = {"date-time": _is_moment}
# Checked first: a missing type would otherwise be reported as an error of something else.
_check_envelope = fastjsonschema.compile(
    {key: SCHEMA[key] for key in ("type", "required", "properties")}, formats=_formats
)
_check = fastjsonschema.compile(SCHEMA, formats=_formats, use_default=False)
