"""A group's connection: its webhook's secrets, and the address that decisions are sent to."""

from console.groups.groups import new_secret
from console.outbox.connections import connection_of
from models import Connection, Group


def change_secret(group: Group) -> str:
    """A new webhook secret; the one before it stays valid until the next change."""
    connection = connection_of(group.id)
    connection.secrets = {"current": new_secret(), "former": connection.secrets["current"]}
    connection.save(only=[Connection.secrets])
    return connection.secrets["current"]


def withdraw_former_secret(group: Group) -> None:
    connection = connection_of(group.id)
    connection.secrets = {"current": connection.secrets["current"]}
    connection.save(only=[Connection.secrets])


def set_address(group: Group, address: str | None) -> None:
    """Where decisions are sent from now on; none: the group only receives."""
    connection = connection_of(group.id)
    connection.settings = {"address": address} if address else {}
    connection.state, connection.state_reason = Connection.ON, ""
    connection.rests_until = None
    connection.save()
