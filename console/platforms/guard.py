"""HTTP that does not reach into the network the console runs in.

The address is checked on the connected socket, before a byte is sent: a name that resolves to
something else a moment later gains nothing.
"""

from ipaddress import ip_address

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from console import config


class PrivateAddress(Exception):
    pass


class _Guarded:
    def _new_conn(self):
        connection = super()._new_conn()
        address = ip_address(connection.getpeername()[0].partition("%")[0])
        public = address.is_global and not address.is_multicast
        if not (public or config.settings().allow_private_addresses):
            connection.close()
            raise PrivateAddress(f"{self.host} is a private address")
        return connection


class _HTTP(_Guarded, HTTPConnection):
    pass


class _HTTPS(_Guarded, HTTPSConnection):
    pass


class _HTTPPool(HTTPConnectionPool):
    ConnectionCls = _HTTP


class _HTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _HTTPS


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args, **kwargs):
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _HTTPPool, "https": _HTTPSPool}


def guarded_session() -> requests.Session:
    session = requests.Session()
    session.trust_env = False  # a proxy would connect in our place, unchecked
    for scheme in ("http://", "https://"):
        session.mount(scheme, _Adapter())
    return session
