"""The rows of the outbox: what was decided here and is still to be carried out there."""

from datetime import datetime

from console.prepared import insert
from models import Decision, Delivery, Group


def put(decision: Decision, group: Group, due: datetime) -> Delivery:
    """Leaves the decision for the worker; without an address it is only recorded."""
    return insert(
        Delivery,
        decision=decision,
        entry=decision.entry_id,
        group=group,
        key=f"decision-{decision.id}",
        due=due,
        state=Delivery.PENDING if group.address else Delivery.RECORDED,
        settled=None if group.address else decision.at,
    )


def cancel(decision: Decision, at: datetime) -> bool:
    """Takes a delivery back that has not been sent or begun; False when it is too late for that."""
    return bool(
        Delivery.update(state=Delivery.CANCELLED, settled=at)
        .where(Delivery.decision == decision, Delivery.pending(), Delivery.attempts == 0)
        .execute()
    )
