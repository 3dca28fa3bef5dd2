"""The platform "webhook": every decision is sent to the group's URL, in the format of Standard Webhooks.

settings  address   the URL that decisions are sent to; without it none are sent
secrets   current   signs what goes out, verifies what comes in; "whsec_…"
          former    does both as well, while the other side changes from one to the other
"""

import json
from datetime import UTC, datetime
from secrets import token_urlsafe
from typing import Any
from urllib.parse import urlsplit

import requests
from standardwebhooks import Webhook
from urllib3.exceptions import HTTPError, LocationParseError, NameResolutionError

from console import config
from console.language import N_
from console.outbox.platform import DECISION, Ability, Platform, register
from console.platforms.errors import DeliveryError
from console.platforms.ssrf_guard import (
    Exchange,
    PrivateAddress,
    guarded_session,
    leads_inside,
)
from console.storage import now
from models import Connection, Decision, Delivery, Rule, Violation

CONNECT, DEADLINE = 5, 15  # seconds to connect, and for all of the exchange

# Why a delivery failed; what technicians want to know follows after a colon.
TOO_LATE = N_("no answer in time")
NOT_TAKEN = N_("the receiver did not take it")
GONE = N_("the receiver wants no more messages")
OFF = N_("sending to this group is switched off")
NO_ADDRESS = N_("the group has no address")
BAD_ADDRESS = N_("the address cannot be read")
NOT_HTTPS = N_("the address does not begin with https://")
UNKNOWN_HOST = N_("the address leads to no known computer")
PRIVATE = N_("the address leads into a private network")
NO_CONNECTION = N_("nobody answers at the address")
NO_TRUST = N_("the receiver's certificate is not valid")
BROKEN_OFF = N_("the connection broke off")


def is_reachable(connection: Connection) -> bool:
    return bool(connection.settings.get("address"))


def refusal(address: str) -> str:
    """Why nothing would ever be sent to the address; "" when it may be tried.

    Whoever sets it is told at once, since else the first decision would find out. A name that leads
    nowhere may lead somewhere soon; where it leads when it is used, the guard looks at anew.
    """
    if not _is_encrypted(address):
        return NOT_HTTPS
    try:
        host = urlsplit(requests.Request("POST", address).prepare().url or "").hostname or ""
        host.encode("idna")  # as the look-up of a name does
    except (requests.RequestException, ValueError):
        return BAD_ADDRESS
    inside = not config.settings().allow_private_addresses and leads_inside(host)
    return PRIVATE if inside else ""


def _is_encrypted(address: str) -> bool:
    """Plain HTTP is for development on one machine."""
    plain = ("http://",) if config.settings().allow_private_addresses else ()
    return address.lower().startswith(("https://", *plain))


def send_test(connection: Connection) -> None:
    """Sends a message that says nothing, as a decision is sent; raises DeliveryError."""
    data = {"group": connection.group.slug}
    said = {"type": "connection.test", "timestamp": now().isoformat(), "data": data}
    _send(connection, f"test-{token_urlsafe(16)}", said)


def send_decision(delivery: Delivery) -> str:
    """Sends the decision of a delivery; raises DeliveryError."""
    connection: Connection = delivery.connection
    if connection.state == Connection.OFF:
        reason = f"{OFF}: {connection.state_reason}"
        raise DeliveryError(reason, permanent=True, never_sent=True)
    if not is_reachable(connection):
        raise DeliveryError(NO_ADDRESS, permanent=True, never_sent=True)
    _send(connection, delivery.idempotency_key, message(delivery.decision))
    return Delivery.DELIVERED


def _send(connection: Connection, key: str, payload: dict[str, Any]) -> None:
    if not _is_encrypted(connection.settings["address"]):
        raise DeliveryError(NOT_HTTPS, permanent=True, never_sent=True)
    status = _post(connection, key, json.dumps(payload, ensure_ascii=False))
    if status == 410:
        connection.state, connection.state_reason = Connection.OFF, "HTTP 410"
        connection.save(only=[Connection.state, Connection.state_reason])
        raise DeliveryError(f"{GONE}: HTTP 410", permanent=True)
    if not 200 <= status < 300:
        raise DeliveryError(f"{NOT_TAKEN}: HTTP {status}")


def _post(connection: Connection, key: str, body: str) -> int:
    """Returns the status of the response; its body is not read, since it may be endless."""
    at = datetime.now(UTC)
    signatures = [Webhook(secret).sign(key, at, body) for secret in connection.secrets.values()]
    headers = {
        "content-type": "application/json",
        "user-agent": "Furtka",
        "webhook-id": key,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
    with Exchange(DEADLINE) as exchange, guarded_session() as session:
        try:
            response = session.post(
                connection.settings["address"],
                data=body.encode(),
                headers=headers,
                timeout=(CONNECT, DEADLINE),
                allow_redirects=False,
                stream=True,
            )
        except PrivateAddress as error:
            raise DeliveryError(f"{PRIVATE}: {error}", permanent=True, never_sent=True) from None
        except (requests.RequestException, HTTPError) as error:  # some of urllib3 come through
            raise _delivery_error(error, exchange) from error
        if exchange.is_over:  # a connection that was cut looks like the end of a response
            raise DeliveryError(TOO_LATE, timed_out=True)
        return response.status_code


def _delivery_error(
    error: requests.RequestException | HTTPError, exchange: Exchange
) -> DeliveryError:
    never_sent = not exchange.was_connected
    if exchange.is_over or isinstance(error, requests.Timeout):
        return DeliveryError(TOO_LATE, never_sent=never_sent, timed_out=True)
    return DeliveryError(_reason(error, never_sent), never_sent=never_sent)


def _reason(error: requests.RequestException | HTTPError, never_sent: bool) -> str:
    if isinstance(error, requests.exceptions.InvalidURL | LocationParseError):
        return BAD_ADDRESS
    if isinstance(error, requests.exceptions.SSLError):
        return NO_TRUST
    if not never_sent:
        return BROKEN_OFF
    cause = getattr(error.args[0], "reason", None) if error.args else None
    return UNKNOWN_HOST if isinstance(cause, NameResolutionError) else NO_CONNECTION


def message(decision: Decision | None) -> dict:
    """The payload `decision.made`; docs/webhooks.md describes it."""
    assert decision is not None
    entry = decision.entry
    names = dict(  # by code; a rule that was tagged anew counts once, as it is now
        Violation.select(Rule.code, Violation.rule_name)
        .join(Rule)
        .where((Violation.tagged == decision) | (Violation.untagged == decision))
        .order_by(Rule.position, Violation.id)
        .tuples()
        .iterator()
    )
    return {
        "type": "decision.made",
        "timestamp": decision.at.isoformat(),
        "data": {
            "id": str(decision.id),
            "verb": decision.verb,
            "from": decision.from_state,
            "to": decision.to_state,
            "rules": [{"code": code, "name": name} for code, name in names.items()],
            "undoes": str(decision.undoes_id) if decision.undoes_id else None,
            "entry": {"id": entry.external_id, "kind": entry.kind, "url": entry.url or None},
        },
    }


WEBHOOK = register(
    Platform(
        name="webhook",
        abilities={DECISION: Ability()},
        is_reachable=is_reachable,
        carry_out=send_decision,
    )
)
