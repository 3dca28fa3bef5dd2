"""Changes a group's connection: its webhook secrets and the URL that decisions are sent to."""

from console.groups.groups import new_secret
from console.outbox.connections import connection_of
from models import Connection, Group


def change_secret(group: Group) -> str:
    """Creates a webhook secret and returns it; the former one also verifies until the next change."""
    connection = connection_of(group.id)
    connection.secrets = {"current": new_secret(), "former": connection.secrets["current"]}
    connection.save(only=[Connection.secrets])
    return connection.secrets["current"]


def withdraw_former_secret(group: Group) -> None:
    """Ends the validity of the former secret."""
    connection = connection_of(group.id)
    connection.secrets = {"current": connection.secrets["current"]}
    connection.save(only=[Connection.secrets])


def set_address(group: Group, address: str | None) -> None:
    """Sets the URL that decisions are sent to; None: none are sent. Reactivates the connection."""
    connection = connection_of(group.id)
    connection.settings = {"address": address} if address else {}
    connection.state, connection.state_reason = Connection.ON, ""
    connection.rests_until = None
    connection.save()
