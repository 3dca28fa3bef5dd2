"""How gunicorn serves the console; a setting on its command line wins."""

import gc

from console.config import is_loopback as _is_loopback
from console.config import load as _load

_settings = _load()

bind = [f"{_settings.host}:{_settings.port}"]
workers = 2
worker_class = "gthread"
threads = 256  # an open console holds one for its live feed; see MAX_STREAMS in live/feed.py
keepalive = 65  # seconds; a phone on a weak network need not connect anew for every decision
timeout = 60
graceful_timeout = 10
accesslog = None
control_socket_disable = True  # it would lie in the home directory, one for all consoles
forwarded_allow_ips = "127.0.0.1" if _settings.proxies else ""


def on_starting(server):
    """The demonstration's passwords are known to everybody, so it stays on this machine."""
    from console.db import open_database
    from models import User

    beyond = [address for address in server.address if not _is_local(address)]
    database = open_database(_settings.database_url)
    with database.connection_context():
        if beyond and User.select().where(User.demo, User.active).exists():
            raise SystemExit(
                f"Not started: the demonstration accounts are present, and {beyond} can be reached "
                "from other machines. Deactivate them, or listen on 127.0.0.1."
            )
    database.close_all()


def _is_local(address) -> bool:
    return isinstance(address, str) or _is_loopback(address[0])


def post_worker_init(worker):
    """Live feeds end with the worker; and what is loaded stays, no need to walk over it again."""
    from console.live.feed import feed

    feed.stopping = lambda: not worker.alive
    gc.collect()
    gc.freeze()
