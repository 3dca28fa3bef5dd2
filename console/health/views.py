"""/healthz, for monitors; and the line that tells administrators of a worker that is silent."""

from urllib.parse import urlsplit

from flask import Blueprint, request
from flask_login import current_user

from console.config import is_loopback
from console.frame import frame_of
from console.health.beats import worker
from console.health.checks import health as kept
from console.web import public, self_contained

health = Blueprint("health", __name__)

FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")


@health.record_once
def _register(state) -> None:
    frame = frame_of(state.app)
    frame.add_part("top", "health/_worker.html")
    frame.add_context(_worker)


@health.get("/healthz")
@public
@self_contained
def healthz():
    """200 or 503. What is amiss is for whoever asks on this machine itself."""
    found = kept.get()
    well = found is not None and found.is_well
    answer: dict = {"ok": well}
    if found and _asks_here():
        answer |= {"problems": found.problems} | found.seen
    return answer, 200 if well else 503


def _asks_here() -> bool:
    """A proxy on this machine asks from here too, for strangers; it says so, or names its host."""
    host = urlsplit(request.host_url).hostname or ""
    is_forwarded = any(name in request.headers for name in FORWARDED)
    return is_loopback(request.remote_addr or "") and is_loopback(host) and not is_forwarded


def _worker() -> dict:
    """Kept for some seconds: nearly every page is spared the question, a moderator's always."""
    return {"worker": worker.get()} if current_user.is_administrator else {}
