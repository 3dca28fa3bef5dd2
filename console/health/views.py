"""/healthz, for monitors; and what is amiss, for administrators on every page."""

import json
from urllib.parse import urlsplit

from flask import Blueprint, Response, request
from flask_login import current_user

from console.config import is_loopback
from console.frame import frame_of
from console.health import checks
from console.web import public, self_contained

health = Blueprint("health", __name__)

FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")


@health.record_once
def _register(state) -> None:
    frame = frame_of(state.app)
    frame.add_part("top", "health/_alarm.html")
    frame.add_context(_alarm)


@health.get("/healthz")
@public
@self_contained
def healthz():
    """200 or 503. What is amiss is for whoever asks on this machine itself."""
    found = checks.health.get()
    is_well = found is not None and not found.problems
    answer: dict = {"ok": is_well}
    if found and _asks_here():
        answer |= {"problems": found.problems} | found.seen
    text = json.dumps(answer, default=lambda at: at.isoformat(timespec="seconds"))
    return Response(text + "\n", 200 if is_well else 503, mimetype="application/json")


def _asks_here() -> bool:
    """A proxy on this machine asks from here too, for strangers; it says so, or names its host."""
    host = urlsplit(request.host_url).hostname or ""
    is_forwarded = any(name in request.headers for name in FORWARDED)
    return is_loopback(request.remote_addr or "") and is_loopback(host) and not is_forwarded


def _alarm() -> dict:
    """Kept for some seconds: few pages of administrators ask anything, and no moderator's."""
    return {"health": checks.health.get() if current_user.is_administrator else None}
