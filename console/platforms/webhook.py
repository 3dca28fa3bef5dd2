"""The platform "webhook": a decision is sent to the group's address as a Standard Webhook."""

import json
from datetime import UTC, datetime

import requests
from standardwebhooks import Webhook

from console.platforms.errors import DeliveryError
from console.platforms.guard import PrivateAddress, guarded_session
from models import Decision, Delivery, Group, Rule, Violation

TIMEOUT = 5, 15  # seconds to connect, and to each answer


def send(delivery: Delivery) -> None:
    """Sends a decision under the delivery's key; DeliveryError says why it did not arrive."""
    group: Group = delivery.group
    if group.address is None or group.address_disabled:
        raise DeliveryError(group.address_disabled or "the group has no address", permanent=True)
    body = json.dumps(message(delivery.decision), ensure_ascii=False)
    at = datetime.now(UTC)
    headers = {
        "content-type": "application/json",
        "user-agent": "Furtka",
        "webhook-id": delivery.key,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(group.secret).sign(delivery.key, at, body),
    }
    try:
        with guarded_session() as session:
            answer = session.post(
                group.address,
                data=body.encode(),
                headers=headers,
                timeout=TIMEOUT,
                allow_redirects=False,
                stream=True,  # nobody reads the body, however long it is
            )
    except PrivateAddress as error:
        raise DeliveryError(str(error), permanent=True) from None
    except requests.RequestException as error:
        raise DeliveryError(type(error).__name__) from error
    _check(answer.status_code, group)


def _check(status: int, group: Group) -> None:
    if status == 410:
        group.address_disabled = "HTTP 410"
        group.save(only=[Group.address_disabled])
        raise DeliveryError(group.address_disabled, permanent=True)
    if not 200 <= status < 300:
        raise DeliveryError(f"HTTP {status}")


def message(decision: Decision) -> dict:
    """The payload `decision.made`; docs/webhooks.md describes it."""
    entry = decision.entry
    rules = (
        Rule.select(Rule.code, Rule.name, Rule.position)
        .join(Violation)
        .where((Violation.tagged == decision) | (Violation.untagged == decision))
        .order_by(Rule.position)
        .distinct()
        .dicts()
    )
    return {
        "type": "decision.made",
        "timestamp": decision.at.isoformat(),
        "data": {
            "id": str(decision.id),
            "verb": decision.verb,
            "from": decision.from_state,
            "to": decision.to_state,
            "rules": [{"code": rule["code"], "name": rule["name"]} for rule in rules],
            "undoes": str(decision.undoes_id) if decision.undoes_id else None,
            "entry": {"id": entry.external_id, "kind": entry.kind, "url": entry.url or None},
        },
    }
