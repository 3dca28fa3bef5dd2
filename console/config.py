"""Settings from environment variables. A value that cannot be used ends the process with a message."""

import os
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from tempfile import NamedTemporaryFile
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
INSTANCE = Path(os.environ.get("FURTKA_INSTANCE", ROOT / "instance"))
SECRET_KEY_FILE = INSTANCE / "secret_key"


class BadSetting(SystemExit):
    def __init__(self, name: str, value: str, requirement: str):
        super().__init__(f"Setting {name}={value!r} cannot be used: {requirement}.")


@dataclass(frozen=True)
class Settings:
    database_url: str
    secret_key: str
    host: str
    port: int
    https: bool
    proxies: int
    undo_seconds: int  # the undo window: decisions are sent to the platform only after it
    allow_private_addresses: bool  # and plain HTTP; only for development on one machine
    takeover_hours: int = 24  # so old posts of a unit's account are held when it was taken over
    urgent_hours: int = 24  # a unit's held post stops being urgent so long after it is known here
    task_minutes: int = 60  # what people must do on a platform is overdue after so long
    database_connections: int = 30  # to PostgreSQL, by one process
    idle_hours: int = 12  # unused for so long, a session ends
    demo_password: str = ""  # of the demonstration's accounts; "": they are drawn
    origin: str = ""  # where browsers find the console: passkeys and links belong to it
    admin_passkeys: bool = False  # administrators need one
    imap_url: str = field(
        default="", repr=False
    )  # the mailbox of Facebook's mails; "": none is read

    @property
    def undo_window(self) -> timedelta:
        return timedelta(seconds=self.undo_seconds)

    @property
    def task_patience(self) -> timedelta:
        return timedelta(minutes=self.task_minutes)

    @property
    def passkey_host(self) -> str:
        """The host name that passkeys are bound to; "" where there can be none: of an IP address."""
        return _host_of(self.origin)


def _integer(name: str, default: int, low: int, high: int) -> int:
    value = os.environ.get(name, str(default))
    if not value.isdecimal() or not low <= int(value) <= high:
        raise BadSetting(name, value, f"it must be a whole number from {low} to {high}")
    return int(value)


def _boolean(name: str, default: bool) -> bool:
    value = os.environ.get(name, "yes" if default else "no").lower()
    if value not in {"yes", "no", "1", "0", "true", "false"}:
        raise BadSetting(name, value, "it must be yes or no")
    return value in {"yes", "1", "true"}


def _origin(default: str) -> str:
    value = os.environ.get("FURTKA_ORIGIN", default).rstrip("/").lower()
    if value and not re.fullmatch(r"https?://([\w.-]+|\[[\da-f:]+\])(:\d{1,5})?", value):
        raise BadSetting("FURTKA_ORIGIN", value, "it must be like https://console.example.pl")
    # As browsers say it, without the port that goes without saying.
    return value.removesuffix(":443" if value.startswith("https:") else ":80")


def _host_of(origin: str) -> str:
    """Of an origin whose passkeys browsers accept; else ""."""
    parts = urlsplit(origin)
    host = parts.hostname or ""
    with suppress(ValueError):
        ip_address(host)
        return ""
    return host if parts.scheme == "https" or host == "localhost" else ""


def _admin_passkeys(origin: str) -> bool:
    required = _boolean("FURTKA_ADMIN_PASSKEYS", False)
    if required and not _host_of(origin):
        requirement = "FURTKA_ORIGIN must be an https address with a host name, or http://localhost"
        raise BadSetting("FURTKA_ADMIN_PASSKEYS", "yes", requirement)
    return required


def _imap_url() -> str:
    value = os.environ.get("FURTKA_IMAP_URL", "")
    if value and not _is_mailbox(value):
        # The value holds a password, so it is not repeated.
        requirement = (
            "it must be like imaps://user:password@host/folder, with % and / in them written as %25 "
            "and %2F; imap:// goes to this machine alone"
        )
        raise BadSetting("FURTKA_IMAP_URL", "…", requirement)
    return value


def _is_mailbox(value: str) -> bool:
    with suppress(ValueError):  # of a port that is none
        parts = urlsplit(value)
        is_safe = parts.scheme == "imaps" or (
            parts.scheme == "imap" and is_loopback(parts.hostname or "")
        )
        whole = parts.hostname and parts.username and parts.password and parts.port != 0
        return bool(is_safe and whole)
    return False


def _database_url() -> str:
    value = os.environ.get("DATABASE_URL", f"sqlite:///{INSTANCE / 'furtka.db'}")
    if not value.startswith(("sqlite:///", "postgresql://")):
        # The value may hold a password, so it is not repeated.
        raise BadSetting("DATABASE_URL", "…", "it must start with sqlite:/// or postgresql://")
    return value


def _secret_key() -> str:
    """SECRET_KEY, or one that is generated at the first start and stored beside the database."""
    if value := os.environ.get("SECRET_KEY"):
        if len(value) < 32 or len(set(value)) < 10:
            raise BadSetting("SECRET_KEY", "…", "it must have 32 characters or more, at random")
        return value
    if not SECRET_KEY_FILE.exists():
        INSTANCE.mkdir(mode=0o700, parents=True, exist_ok=True)
        with NamedTemporaryFile("w", dir=INSTANCE) as file:  # readable by its owner only
            file.write(secrets.token_urlsafe(48))
            file.flush()
            with suppress(FileExistsError):  # another process was first
                os.link(file.name, SECRET_KEY_FILE)
    return SECRET_KEY_FILE.read_text()


def load() -> Settings:
    """The settings of the environment; raises BadSetting, which ends the process."""
    host = os.environ.get("HOST", "127.0.0.1")
    port = _integer("PORT", 8000, 1, 65535)
    proxies = _integer("FURTKA_PROXIES", 0, 0, 10)
    # A browser takes a passkey for "localhost", and for no IP address.
    origin = _origin(f"http://localhost:{port}" if is_loopback(host) and not proxies else "")
    return Settings(
        database_url=_database_url(),
        secret_key=_secret_key(),
        host=host,
        port=port,
        https=_boolean("FURTKA_HTTPS", proxies > 0 or not is_loopback(host)),
        proxies=proxies,
        undo_seconds=_integer("FURTKA_UNDO_SECONDS", 10, 0, 3600),
        allow_private_addresses=_boolean("FURTKA_ALLOW_PRIVATE_ADDRESSES", False),
        takeover_hours=_integer("FURTKA_TAKEOVER_HOURS", 24, 1, 24 * 31),
        urgent_hours=_integer("FURTKA_URGENT_HOURS", 24, 1, 24 * 365),
        task_minutes=_integer("FURTKA_TASK_MINUTES", 60, 1, 7 * 24 * 60),
        database_connections=_integer("FURTKA_DATABASE_CONNECTIONS", 30, 2, 1000),
        idle_hours=_integer("FURTKA_IDLE_HOURS", 12, 1, 14 * 24),
        demo_password=os.environ.get("FURTKA_DEMO_PASSWORD", ""),
        origin=origin,
        admin_passkeys=_admin_passkeys(origin),
        imap_url=_imap_url(),
    )


_in_force: Settings | None = None


def use(settings: Settings) -> None:
    """Makes these the settings of this process."""
    global _in_force
    _in_force = settings


def settings() -> Settings:
    """The settings in force: those given to `use`, else those of the environment."""
    global _in_force
    if _in_force is None:
        _in_force = load()
    return _in_force


@cache
def version() -> str:
    """The newest version in CHANGELOG.md."""
    headings = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    return headings[0]


def is_loopback(host: str) -> bool:
    return host in {"localhost", "::1", "[::1]"} or host.startswith("127.")
