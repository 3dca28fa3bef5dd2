"""How gunicorn serves the console; a setting on its command line wins."""

import gc
import os

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
    """Refuses what would not work, or would not be safe, with the reason."""
    from console.db import connected, open_database
    from models import User

    beyond = [address for address in server.address if not _is_local(address)]
    database = open_database(_settings.database_url)
    with connected():
        # Their passwords are printed at each start, and no person answers for what is done.
        if beyond and User.select().where(User.demo, User.active).exists():
            raise SystemExit(
                f"Not started: the demonstration accounts are present, and {beyond} can be reached "
                "from other machines. Deactivate them, or listen on 127.0.0.1."
            )
    if beyond and not _settings.proxies:
        raise SystemExit(
            f"Not started: {beyond} can be reached from other machines, and over plain HTTP nobody "
            "could sign in. Put a proxy with TLS in front and set FURTKA_PROXIES=1, or listen on "
            "127.0.0.1."
        )
    database.close_all()


def on_exit(server):
    """Else what was written would lie in the write-ahead log alone."""
    from console.db import checkpoint

    checkpoint(_settings.database_url)


def _is_local(address) -> bool:
    return isinstance(address, str) or _is_loopback(address[0])


def post_worker_init(worker):
    """Live feeds end with the worker; and what is loaded stays, no need to walk over it again."""
    from console.live.feed import feed
    from console.outages import set_up_logging

    set_up_logging()
    # A master that was killed cannot say so; then it is no longer the parent.
    feed.stopping = lambda: not worker.alive or os.getppid() != worker.ppid
    gc.collect()
    gc.freeze()
