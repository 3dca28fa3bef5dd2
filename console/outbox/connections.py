"""A group's connection."""

from console.prepared import first, prepared
from models import Connection


def connection_of(group_id: int) -> Connection:
    """The connection of the group; every group has exactly one."""
    connection = first(_connection(group_id))
    assert connection, f"group {group_id} has no connection"
    return connection


@prepared
def _connection(group_id):
    return Connection.select().where(Connection.group == group_id)
