"""A group's connection."""

from models import Connection


def connection_of(group_id: int) -> Connection:
    """The connection of the group; every group has exactly one."""
    return Connection.get(Connection.group == group_id)
