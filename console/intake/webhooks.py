"""POST /webhooks/in/<group>: signed messages of the platform, as in Standard Webhooks 1.0."""

from flask import Blueprint, current_app, request
from flask.typing import ResponseReturnValue
from standardwebhooks import Webhook
from werkzeug.exceptions import RequestEntityTooLarge

from console.errors import BadPayload
from console.intake.payload import parse
from console.intake.receive import receive
from console.outages import security_log
from console.outbox.connections import connection_of
from console.web import csrf, public
from models import Group

webhooks = Blueprint("webhooks", __name__, url_prefix="/webhooks")


@webhooks.post("/in/<slug>")
@public  # the signature authenticates
@csrf.exempt
def incoming(slug: str) -> ResponseReturnValue:
    group = Group.get_or_none(Group.slug == slug)
    if group is None:
        return _problem(404, "Unknown group", f"there is no group {slug!r}")
    try:
        body = request.get_data(cache=False)
    except RequestEntityTooLarge:
        limit = current_app.config["MAX_CONTENT_LENGTH"]
        return _problem(413, "Too large", f"a message has at most {limit} bytes")
    if not _is_signed(group, body):
        security_log.warning("webhook refused: %r from %r, not signed", slug, request.remote_addr)
        return _problem(401, "Not signed", "the signature is wrong, or older than five minutes")
    try:
        receipt = receive(group, parse(body))
    except BadPayload as error:
        return _problem(400, "Not understood", error.detail, field=error.field or "body")
    return {"outcome": receipt.outcome}, 202


def _is_signed(group: Group, body: bytes) -> bool:
    for secret in connection_of(group.id).secrets.values():
        try:
            Webhook(secret).verify(body, dict(request.headers), json_parse=False)
            return True
        except Exception:  # malformed headers raise more than the library's own error
            continue
    return False


def _problem(status: int, title: str, detail: str, **more: str) -> ResponseReturnValue:
    """A problem response of RFC 9457."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    return body, status, {"Content-Type": "application/problem+json"}
