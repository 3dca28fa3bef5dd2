"""Changes a group's connection: its webhook secrets and the URL that decisions are sent to."""

from urllib.parse import urlsplit

from console.audit import record
from console.errors import Refused
from console.groups.groups import new_secret
from console.language import _
from console.outbox.connections import connection_of
from console.outbox.deliveries import cancel, in_words
from console.outbox.platform import PLATFORMS
from console.platforms import rounds, webhook
from console.platforms.errors import DeliveryError
from console.storage import db, now
from models import Connection, Delivery, Group, User

# All but the secrets, which another may be changing.
SET_WITH_ADDRESS = (
    Connection.settings,
    Connection.state,
    Connection.state_reason,
    Connection.rests_until,
)


def choose_platform(group: Group, name: str, *, by: User | None = None) -> None:
    """Says where the group is: the name of a platform. Raises Refused for an unknown one.

    What waited to be done on the platform before, and never was begun, is cancelled.
    """
    if name not in PLATFORMS:
        message = _("There is no platform “%(name)s”. Those that exist: %(names)s.")
        raise Refused(message % {"name": name, "names": ", ".join(sorted(PLATFORMS))}, "platform")
    connection = connection_of(group.id)
    if connection.platform == name:
        return
    connection.platform = name
    with db.atomic():
        connection.save(only=[Connection.platform])
        cancel(Delivery.connection == connection, at=now())
        record(by, "platform.chosen", group.name, name)
        rounds.ensure()


def change_secret(group: Group, *, by: User | None = None) -> str:
    """Creates a webhook secret and returns it; the former one stays valid until the next change."""
    connection = connection_of(group.id)
    connection.secrets = {"current": new_secret(), "former": connection.secrets["current"]}
    with db.atomic():
        connection.save(only=[Connection.secrets])
        record(by, "secret.changed", group.name)
    return connection.secrets["current"]


def withdraw_former_secret(group: Group, *, by: User | None = None) -> None:
    """Ends the validity of the former secret."""
    connection = connection_of(group.id)
    if "former" not in connection.secrets:
        return
    connection.secrets = {"current": connection.secrets["current"]}
    with db.atomic():
        connection.save(only=[Connection.secrets])
        record(by, "secret.withdrawn", group.name)


def set_address(group: Group, address: str | None, *, by: User | None = None) -> None:
    """Sets the URL that decisions are sent to; None: none are sent. Reactivates the connection.

    Raises Refused for one to which nothing would ever be sent.
    """
    if address and (why := webhook.refusal(address)):
        message = _("Nothing can be sent there: %(reason)s. The address is what it was before.")
        raise Refused(message % {"reason": _(why)})
    connection = connection_of(group.id)
    others = {name: kept for name, kept in connection.settings.items() if name != "address"}
    connection.settings = others | ({"address": address} if address else {})
    connection.state, connection.state_reason = Connection.ON, ""
    connection.rests_until = None
    with db.atomic():
        connection.save(only=SET_WITH_ADDRESS)
        if address:  # its host alone: what follows may hold a key
            record(by, "address.set", group.name, urlsplit(address).hostname or "")
        else:
            record(by, "address.cleared", group.name)


def try_address(group: Group) -> str:
    """Sends a test message there, and waits; why it was not taken, "" if it was.

    The setting stays as it is: a receiver may come to life later, and decisions are tried again.
    """
    try:
        webhook.send_test(connection_of(group.id))
    except DeliveryError as error:
        return in_words(str(error))
    return ""
