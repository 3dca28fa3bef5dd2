"""The mailbox of Facebook's mails, in Debian's dovecot over a real socket."""

import imaplib
import logging
import os
import pwd
import shutil
import subprocess
import sys
import time
from base64 import b64encode
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from console import config
from console.groups import groups
from console.platforms import mailbox
from console.storage import now
from models import MailSignal, Round
from tests.cast import DAY, on_facebook
from tests.crash.processes import free_port
from tests.text.test_facebook_mail import GROUP, mail

pytestmark = pytest.mark.slow

PASSWORD = "p/ss%w:rd@"
ESCAPED = "p%2Fss%25w%3Ard%40"
NOBODY = 65534
CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
mail_location = maildir:{folder}/mail
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
passdb {{
  driver = passwd-file
  args = scheme=plain username_format=%u {folder}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}
}}
"""


@pytest.fixture(scope="module")
def server():
    """The port of a mail server that belongs to nobody; root runs it as another user."""
    program = shutil.which("dovecot", path=f"{os.environ['PATH']}:/usr/sbin")
    assert program, "this test needs: sudo apt install dovecot-imapd"
    who = pwd.getpwuid(os.getuid() or NOBODY)
    group = subprocess.run(
        ["id", "-gn", who.pw_name], capture_output=True, text=True
    ).stdout.strip()
    with TemporaryDirectory(prefix="furtka-mail-", ignore_cleanup_errors=True) as folder:
        port, there = free_port(), Path(folder)
        names = {"folder": folder, "user": who.pw_name, "group": group, "port": port}
        said = CONFIGURATION.format(uid=who.pw_uid, gid=who.pw_gid, **names)
        (there / "dovecot.conf").write_text(said)
        secret = b64encode(PASSWORD.encode()).decode()
        (there / "users").write_text(f"furtka:{{PLAIN.b64}}{secret}\n")
        as_nobody = {}
        if os.getuid() == 0:
            for each in (there, there / "users"):
                os.chown(each, who.pw_uid, who.pw_gid)
            as_nobody = {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": []}
        command = [program, "-F", "-c", f"{folder}/dovecot.conf"]
        process = subprocess.Popen(command, **as_nobody)
        try:
            _wait(port, there / "log")
            yield port
        finally:
            process.terminate()
            process.wait(10)


def _client(port: int) -> imaplib.IMAP4:
    client = imaplib.IMAP4("127.0.0.1", port, timeout=10)
    client.login("furtka", PASSWORD)
    client.select("INBOX")
    return client


def _wait(port: int, log: Path) -> None:
    for _try in range(100):
        with suppress(OSError, imaplib.IMAP4.error):
            _client(port).logout()
            return
        time.sleep(0.1)
    raise AssertionError(log.read_text() if log.exists() else "dovecot does not answer")


@pytest.fixture
def inbox(app, server, leoncin):
    """An empty mailbox, which the settings name."""
    groups.add_alias(on_facebook(leoncin), "leoncin")
    Round.update(due=now() + DAY).execute()
    client = _client(server)
    for number in client.search(None, "ALL")[1][0].split():
        client.store(number.decode(), "+FLAGS", r"\Deleted")
    client.expunge()
    url = f"imap://furtka:{ESCAPED}@127.0.0.1:{server}/INBOX"
    use(url)
    mailbox._Rest.until, mailbox._Rest.length = None, mailbox.SHORTEST_REST
    yield client
    client.logout()


def use(url: str) -> None:
    config.use(replace(config.settings(), imap_url=url))


def put(inbox: imaplib.IMAP4, message: bytes) -> None:
    assert inbox.append("INBOX", None, None, message)[0] == "OK"


def unseen(inbox: imaplib.IMAP4) -> int:
    inbox.noop()
    return len(inbox.search(None, "UNSEEN")[1][0].split())


def test_unseen_mails_are_taken_once_and_marked_as_seen(inbox):
    put(inbox, mail("2 posts are pending", GROUP))
    put(inbox, mail("Oferta", "kup", sender="sklep@example.org"))
    assert mailbox.read_unseen() == 1
    assert Round.get(Round.queue == "pending").due <= now()
    assert unseen(inbox) == 0
    assert mailbox.read_unseen() == 0


def test_what_was_not_taken_stays_unseen(inbox, monkeypatch):
    put(inbox, mail("2 posts are pending", GROUP))
    with monkeypatch.context() as broken:
        broken.setattr(mailbox.mail_signals, "take", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            mailbox.read_unseen()
    assert unseen(inbox) == 1
    assert mailbox.read_unseen() == 1


def test_of_a_huge_mail_only_the_beginning_is_fetched(inbox, monkeypatch):
    put(inbox, mail("2 posts are pending", GROUP) + b"x" * 2_000_000)
    sizes = []
    read = mailbox.facebook_mail.read
    monkeypatch.setattr(
        mailbox.facebook_mail, "read", lambda raw: sizes.append(len(raw)) or read(raw)
    )
    assert mailbox.read_unseen() == 1
    assert sizes == [mailbox.facebook_mail.MOST]


def test_a_failure_is_one_line_without_the_password_and_then_the_worker_waits(
    inbox, server, caplog, monkeypatch
):
    use(f"imap://furtka:wr0ngpass@127.0.0.1:{server}/INBOX")
    at = now()
    with caplog.at_level(logging.ERROR, logger="console.platforms.mailbox"):
        mailbox.read_by_clock(at)
        mailbox.read_by_clock(at + timedelta(seconds=59))
        mailbox.read_by_clock(at + timedelta(minutes=1))
        mailbox.read_by_clock(at + timedelta(minutes=2))
    lines = [record.getMessage() for record in caplog.records if "mailbox: " in record.getMessage()]
    assert len(lines) == 2
    assert not any("wr0ngpass" in line or "\n" in line for line in lines)
    use(f"imap://furtka:{ESCAPED}@127.0.0.1:{server}/INBOX")
    put(inbox, mail("2 posts are pending", GROUP))
    mailbox.read_by_clock(at + timedelta(minutes=3))
    assert MailSignal.select().count() == 1


@pytest.mark.databases("sqlite")
def test_the_command_reads_now_and_says_what_is_missing(app, inbox, monkeypatch):
    run = app.test_cli_runner().invoke
    put(inbox, mail("2 posts are pending", GROUP))
    result = run(args=["mail", "read"])
    assert result.output == "Facebook's and new: 1.\n"
    monkeypatch.setitem(sys.modules, "imap_tools", None)
    result = run(args=["mail", "read"])
    assert result.exit_code == 1
    assert "requirements-mail.txt" in result.output
    use("")
    assert "FURTKA_IMAP_URL" in run(args=["mail", "read"]).output


@pytest.mark.parametrize(
    ("url", "is_taken"),
    [
        ("", True),
        ("imaps://a:b@mail.example.pl/Facebook", True),
        ("imaps://a%40b.pl:p%2Fw@mail.example.pl:993", True),
        ("imap://a:b@127.0.0.1:143/INBOX", True),
        ("imap://a:b@mail.example.pl/INBOX", False),
        ("imaps://mail.example.pl/INBOX", False),
        ("imaps://a:s3cr3t@:993", False),
        ("imaps://a:s3cr3t@mail.example.pl:99999", False),
        ("https://a:s3cr3t@mail.example.pl", False),
    ],
)
def test_an_address_that_cannot_be_used_ends_the_start_without_telling_the_password(
    monkeypatch, url, is_taken
):
    monkeypatch.setenv("FURTKA_IMAP_URL", url)
    if is_taken:
        assert config._imap_url() == url
        return
    with pytest.raises(config.BadSetting, match="FURTKA_IMAP_URL") as ended:
        config._imap_url()
    assert "s3cr3t" not in str(ended.value)
