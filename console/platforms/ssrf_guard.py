"""HTTP for addresses that others typed in: guarded against SSRF, and over at a deadline.

The address is checked on the connected socket, before a byte is sent: a name that resolves to
something else a moment later gains nothing. The deadline is one for the whole exchange: time-outs of
single reads do not end a receiver that sends a byte now and then.
"""

import socket
from contextlib import suppress
from ipaddress import ip_address
from threading import Timer, local
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from console import config


class PrivateAddress(Exception):
    pass


class Exchange:
    """What one thread sends and receives within `seconds`: with Exchange(15) as exchange: …"""

    _of_thread = local()

    def __init__(self, seconds: float):
        self.is_over = False  # the deadline ended it
        self._sockets: list[socket.socket] = []
        self._timer = Timer(seconds, self._end)
        self._timer.daemon = True

    @property
    def was_connected(self) -> bool:
        """Something may have been sent."""
        return bool(self._sockets)

    def __enter__(self) -> "Exchange":
        self._of_thread.current = self
        self._timer.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._timer.cancel()
        del self._of_thread.current
        for each in self._sockets:
            each.close()

    @classmethod
    def connected(cls, connection: socket.socket) -> None:
        if current := getattr(cls._of_thread, "current", None):
            # A duplicate: TLS takes the socket over, and it must be found to be shut down.
            current._sockets.append(connection.dup())

    def _end(self) -> None:
        self.is_over = True
        for each in self._sockets:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


def _guarded(connection: socket.socket, host: str) -> socket.socket:
    """The connection that was just made to `host`, unless it leads to a private address."""
    address = ip_address(connection.getpeername()[0].partition("%")[0])
    public = address.is_global and not address.is_multicast
    if not (public or config.settings().allow_private_addresses):
        connection.close()
        raise PrivateAddress(f"{host} is a private address")
    Exchange.connected(connection)
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
    session = requests.Session()
    session.trust_env = False  # a proxy would connect in our place, unchecked
    for scheme in ("http://", "https://"):
        session.mount(scheme, _Adapter())
    return session
