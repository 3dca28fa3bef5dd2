"""HTTP requests to URLs that users typed in: an SSRF guard, and a deadline for the whole exchange.

The guard checks the peer's address on the connected socket before a byte is sent, so DNS rebinding
does not get around it. The deadline is needed because requests' time-outs are per read: a server that
sends a byte now and then would never reach them.
"""

import socket
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from threading import Timer, local
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from console import config

NAT64 = ip_network("64:ff9b::/96")
# Python calls these global, or depends on its version; each leads, or led, to an IPv4 address or a
# private network behind it.
NOT_PUBLIC = tuple(
    map(
        ip_network,
        ("192.88.99.0/24", "64:ff9b:1::/48", "2002::/16", "2001::/32", "fec0::/10", "::/96"),
    )
)


class PrivateAddress(Exception):
    """The URL leads to an address that is not public; it carries the host's name."""


class Exchange:
    """A context manager that ends all of this thread's guarded connections after `seconds`."""

    _of_thread = local()

    def __init__(self, seconds: float):
        self.is_over = False  # the deadline ended it
        self._sockets: list[socket.socket] = []
        self._timer = Timer(seconds, self._end)
        self._timer.daemon = True

    @property
    def was_connected(self) -> bool:
        """Whether a connection was made, so that something may have been sent."""
        return bool(self._sockets)

    def __enter__(self) -> "Exchange":
        self._of_thread.current = self
        self._timer.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._timer.cancel()
        del self._of_thread.current
        for connection in self._sockets:
            connection.close()

    @classmethod
    def add(cls, connection: socket.socket) -> None:
        if current := getattr(cls._of_thread, "current", None):
            # A duplicate, since TLS takes the socket over; shutting it down ends both.
            current._sockets.append(connection.dup())
            if current.is_over:  # while it was being connected
                current._end()

    def _end(self) -> None:
        self.is_over = True
        for connection in self._sockets:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether anybody may be meant by it, also by the IPv4 address that it may carry within."""
    if any(address in network for network in NOT_PUBLIC if network.version == address.version):
        return False
    if isinstance(address, IPv6Address):
        if address in NAT64:
            return is_public(IPv4Address(int(address) & 0xFFFF_FFFF))
        if address.ipv4_mapped:
            return is_public(address.ipv4_mapped)
    return address.is_global and not address.is_multicast


def leads_inside(host: str) -> bool:
    """Whether a name leads to an address that is not public; one that nobody knows does not."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return False
    return not all(is_public(_address(at)) for *_kind, at in found)


def _address(at: tuple) -> IPv4Address | IPv6Address:
    return ip_address(at[0].partition("%")[0])


def _guarded(connection: socket.socket, host: str) -> socket.socket:
    """The connection that was just made to `host`, unless it leads to a private address."""
    address = _address(connection.getpeername())
    if not (is_public(address) or config.settings().allow_private_addresses):
        connection.close()
        raise PrivateAddress(host)
    Exchange.add(connection)
    return connection


class _HTTP(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _guarded(super()._new_conn(), self.host)


class _HTTPS(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _guarded(super()._new_conn(), self.host)


class _HTTPPool(HTTPConnectionPool):
    ConnectionCls = _HTTP


class _HTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _HTTPS


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _HTTPPool, "https": _HTTPSPool}


def guarded_session() -> requests.Session:
    """A session that refuses private addresses with PrivateAddress."""
    session = requests.Session()
    session.trust_env = False  # a proxy would connect in our place, unchecked
    for scheme in ("http://", "https://"):
        session.mount(scheme, _Adapter())
    return session
