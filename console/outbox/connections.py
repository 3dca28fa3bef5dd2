"""A group's connection."""

from models import Connection


def connection_of(group_id: int) -> Connection:
    """Every group has one."""
    return Connection.get(Connection.group == group_id)
