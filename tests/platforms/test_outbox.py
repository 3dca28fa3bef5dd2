"""What was decided is delivered: leased, in order, under one key, with growing delays."""

import json
import socket
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from console import config
from console.entries import decisions
from console.entries.events import tell_of_delivery
from console.groups import groups
from console.outbox.connections import connection_of
from console.platforms import connections, outbox, webhook
from console.platforms.courier import Dispatcher
from console.storage import db, locked, now
from models import Connection, Decision, Delivery, Entry
from tests.cast import fresh, rule, secret_of, submission, take
from tests.crash.processes import until


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.got.append((dict(self.headers), body))
        status = self.server.answers.pop(0) if self.server.answers else 200
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *_args):
        pass


@pytest.fixture
def receiver(leoncin):
    """A real server on this machine to which Leoncin's decisions are sent."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    server.got, server.answers = [], []
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    connections.set_address(leoncin, f"http://127.0.0.1:{server.server_port}/hook")
    yield server
    server.shutdown()
    server.server_close()


@contextmanager
def hanging():
    """The address of a receiver that takes a connection and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"


@contextmanager
def dripping():
    """The address of a receiver that answers a byte now and then, and never to the end."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_drip, args=(listener,), daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"


def _drip(listener: socket.socket) -> None:
    with suppress(OSError):
        while True:
            sender, _address = listener.accept()
            with sender, suppress(OSError):
                for letter in b"HTTP/1.1 200 OK\r\nX: " + b"x" * 1000:
                    sender.send(bytes([letter]))
                    time.sleep(0.3)


def was_set(group, address: str) -> None:
    """The group's address is one that cannot be set any more, or not here."""
    Connection.update(settings={"address": address}).where(Connection.group == group).execute()


def time_passes(**span) -> None:
    for delivery in Delivery.select():
        delivery.due -= timedelta(**span)
        delivery.save()


def deliver_next() -> Delivery | None:
    delivery = outbox.claim(now())
    if delivery:
        outbox.attempt(delivery)
    return delivery


def deliver_all() -> None:
    while deliver_next():
        pass


def test_without_an_address_nothing_is_to_be_done_outside(held, anna):
    decisions.release(held, anna, submission(held))
    assert not Delivery.select().exists()


def test_nothing_is_sent_before_the_undo_window_ends(receiver, held, anna):
    decisions.release(held, anna, submission(held))
    deliver_all()
    assert receiver.got == []
    time_passes(seconds=11)
    deliver_all()
    assert len(receiver.got) == 1
    assert Delivery.get().state == Delivery.DELIVERED


def test_while_the_secret_is_changed_a_message_carries_both_signatures(
    receiver, leoncin, held, anna
):
    former = secret_of(leoncin)
    current = connections.change_secret(leoncin)
    decisions.release(held, anna, submission(held))
    time_passes(minutes=1)
    deliver_all()
    headers, body = receiver.got[0]
    for secret in (former, current):
        assert Webhook(secret).verify(body, headers)["type"] == "decision.made"
    with pytest.raises(WebhookVerificationError):
        Webhook(groups.new_secret()).verify(body, headers)


def test_after_the_change_it_carries_only_its_own(receiver, leoncin, held, anna):
    former = secret_of(leoncin)
    connections.change_secret(leoncin)
    connections.withdraw_former_secret(leoncin)
    decisions.release(held, anna, submission(held))
    time_passes(minutes=1)
    deliver_all()
    with pytest.raises(WebhookVerificationError):
        Webhook(former).verify(*reversed(receiver.got[0]))


def test_the_message_is_signed_and_says_what_was_decided(receiver, leoncin, held, anna):
    decision = decisions.remove(held, anna, submission(held), [rule(leoncin)])
    time_passes(minutes=1)
    deliver_all()
    headers, body = receiver.got[0]
    message = Webhook(secret_of(leoncin)).verify(body, headers)
    assert message["type"] == "decision.made"
    assert message["data"] == {
        "id": str(decision.id),
        "verb": "remove",
        "from": "held",
        "to": "removed",
        "rules": [{"code": "hate", "name": "Hejt – atak na osobę"}],
        "undoes": None,
        "entry": {"id": "held", "kind": "post", "url": held.url},
    }


def test_an_undo_in_time_sends_nothing(receiver, held, anna):
    decisions.release(held, anna, submission(held))
    decisions.undo(fresh(held), anna, submission(held))
    time_passes(minutes=1)
    deliver_all()
    assert receiver.got == []
    assert [d.state for d in Delivery.select()] == [Delivery.CANCELLED]


def test_a_late_undo_is_sent_after_what_it_undoes(receiver, held, anna):
    first = decisions.release(held, anna, submission(held))
    time_passes(minutes=1)
    deliver_all()
    decisions.undo(fresh(held), anna, submission(held))
    time_passes(minutes=1)
    deliver_all()
    said = [json.loads(body)["data"] for _headers, body in receiver.got]
    assert [data["verb"] for data in said] == ["release", "undo"]
    assert said[1]["undoes"] == str(first.id)


def test_a_failure_is_tried_again_under_the_same_key_with_growing_delays(receiver, held, anna):
    receiver.answers = [500, 302, 503]
    decisions.release(held, anna, submission(held))
    waits = []
    for _try in range(4):
        time_passes(days=2)
        delivery = deliver_next()
        waits.append((delivery.due - now()).total_seconds())
    assert {headers["webhook-id"] for headers, _body in receiver.got} == {delivery.idempotency_key}
    assert len({body for _headers, body in receiver.got}) == 1
    assert Delivery.get().state == Delivery.DELIVERED
    assert waits[0] == pytest.approx(5, rel=0.25)
    assert waits[1] == pytest.approx(300, rel=0.25)
    assert waits[2] == pytest.approx(1800, rel=0.25)


def test_after_the_last_try_it_is_given_up_loudly(receiver, held, anna, caplog):
    receiver.answers = [500] * 20
    decisions.release(held, anna, submission(held))
    for _try in range(15):
        time_passes(days=2)
        deliver_next()
    assert Delivery.get().state == Delivery.FAILED
    assert Delivery.get().attempts == 10
    assert "given up" in caplog.text


def test_gone_switches_the_address_off(receiver, leoncin, held, anna):
    receiver.answers = [410]
    decisions.release(held, anna, submission(held))
    time_passes(minutes=1)
    deliver_all()
    assert Delivery.get().state == Delivery.FAILED
    assert connection_of(leoncin.id).state == Connection.OFF
    assert "410" in connection_of(leoncin.id).state_reason


def test_of_one_entry_a_later_decision_waits_for_the_earlier(receiver, held, anna):
    receiver.answers = [500]
    decisions.release(held, anna, submission(held))
    decisions.hold(fresh(held), anna, submission(held))
    time_passes(seconds=11)
    deliver_all()
    assert len(receiver.got) == 1
    time_passes(minutes=1)
    deliver_all()
    verbs = [json.loads(body)["data"]["verb"] for _headers, body in receiver.got]
    assert verbs == ["release", "release", "hold"]


def test_a_leased_delivery_is_nobody_elses_until_the_lease_runs_out(receiver, held, anna):
    decisions.release(held, anna, submission(held))
    time_passes(minutes=1)
    assert outbox.claim(now())
    assert outbox.claim(now()) is None
    assert outbox.claim(now() + outbox.LEASE) is not None


def test_a_worker_whose_lease_ran_out_settles_nothing(receiver, held, anna):
    decisions.release(held, anna, submission(held))
    time_passes(minutes=1)
    slow = outbox.claim(now())
    outbox.claim(now() + outbox.LEASE)
    outbox._change(slow, state=Delivery.FAILED, last_error="late")
    assert Delivery.get().state == Delivery.PENDING


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1:{port}/",
        "https://localhost:{port}/",
        "https://[::ffff:127.0.0.1]:{port}/",
    ],
)
def test_a_private_address_is_refused_before_a_byte_is_sent(url, receiver, leoncin, held, anna):
    config.use(replace(config.settings(), allow_private_addresses=False))
    was_set(leoncin, url.format(port=receiver.server_port))
    decisions.release(held, anna, submission(held))
    time_passes(minutes=1)
    deliver_all()
    assert receiver.got == []
    assert Delivery.get().state == Delivery.FAILED
    assert "private" in Delivery.get().last_error


def test_plain_http_is_for_development_alone(receiver, held, anna):
    """An address that was set before this was so; it is no matter where it leads."""
    config.use(replace(config.settings(), allow_private_addresses=False))
    decisions.release(held, anna, submission(held))
    time_passes(minutes=1)
    assert deliver_next().state == Delivery.FAILED
    assert Delivery.get().last_error == "the address does not begin with https://"
    assert receiver.got == []
    assert not Delivery.get().begun


def test_an_unreachable_receiver_is_tried_again(leoncin, held, anna):
    connections.set_address(leoncin, "http://127.0.0.1:9/")
    decisions.release(held, anna, submission(held))
    time_passes(minutes=1)
    assert deliver_next().state == Delivery.PENDING


def test_the_worker_carries_out_what_is_due_while_it_runs(receiver, held, anna):
    decisions.release(held, anna, submission(held))
    time_passes(minutes=1)
    with Dispatcher():
        until(lambda: receiver.got, 5, "the decision is delivered")
    assert Delivery.get().state == Delivery.DELIVERED


@pytest.mark.parametrize("url", ["http://a..b/", f"http://{'x' * 64}.pl/", "http://[::1/"])
def test_an_address_that_nothing_can_connect_to_is_tried_and_says_why(url, leoncin, held, anna):
    was_set(leoncin, url)
    decisions.release(held, anna, submission(held))
    time_passes(minutes=1)
    delivery = deliver_next()
    assert delivery.state == Delivery.PENDING
    assert fresh(delivery).last_error


# --- a receiver that is ill holds up nobody else --------------------------------------------------


def test_while_one_receiver_hangs_and_one_drips_a_third_is_told_in_time(
    receiver, elsewhere, leoncin, held, anna, administrator, monkeypatch
):
    monkeypatch.setattr(webhook, "DEADLINE", 1.5)
    with hanging() as silent, dripping() as slow:
        ill = [elsewhere, groups.create("trzecia", "Trzecia", elsewhere.municipality)]
        for group, address in zip(ill, (silent, slow), strict=True):
            connections.set_address(group, address)
            for number in range(3):
                entry = take(group, id=f"p{number}")
                decisions.hold(entry, administrator, submission(entry))
        decisions.release(held, anna, submission(held))
        Delivery.update(due=now()).execute()
        theirs = Delivery.select().join(Connection).where(Connection.group.in_(ill))
        with Dispatcher():
            until(lambda: receiver.got, 3, "the third group's decision arrives")
            until(
                lambda: theirs.where(Delivery.last_error != "").count() == 2, 10, "the others end"
            )
    assert {row.last_error for row in theirs.where(Delivery.attempts > 0)} == {"no answer in time"}
    assert theirs.where(Delivery.attempts > 0).count() == 2  # then these connections rest
    assert connection_of(elsewhere.id).rests_until > now()
    assert outbox.claim(now()) is None
    assert outbox.claim(now() + outbox.REST).connection.group in ill


def test_a_connection_that_is_busy_is_given_nothing_more(receiver, held, published, anna):
    for entry in (held, published):
        verb = decisions.release if entry.is_held else decisions.hold
        verb(entry, anna, submission(entry))
    time_passes(minutes=1)
    first = outbox.claim(now())
    assert outbox.claim(now(), busy=[first.connection_id]) is None
    assert outbox.claim(now()) is not None


def test_what_was_decided_while_the_clock_was_ahead_does_not_wait_for_hours(receiver, held, anna):
    decisions.release(held, anna, submission(held))
    assert outbox.claim(now()) is None  # within the undo window
    time_passes(hours=-3)
    assert deliver_next().state == Delivery.DELIVERED


def test_a_retry_waits_as_long_as_it_should(receiver, held, anna):
    receiver.answers = [500]
    decisions.release(held, anna, submission(held))
    time_passes(minutes=1)
    deliver_next()
    time_passes(hours=-3)
    assert outbox.claim(now()) is None


def test_the_key_does_not_follow_from_the_decision(receiver, held, anna):
    """After a restore other decisions get the same ids; a receiver would drop their messages."""
    decisions.release(held, anna, submission(held))
    first = Delivery.get().idempotency_key
    Delivery.delete().execute()
    Decision.delete().where(Decision.actor == "staff").execute()
    Entry.update(state="held").where(Entry.id == held.id).execute()
    decisions.release(fresh(held), anna, submission(held))
    assert Delivery.get().idempotency_key != first


def test_the_first_failure_is_logged_with_its_reason(receiver, held, anna, caplog):
    receiver.answers = [503]
    decisions.release(held, anna, submission(held))
    time_passes(minutes=1)
    deliver_next()
    assert "HTTP 503" in caplog.text


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://127.0.0.1:9/", "nobody answers at the address"),
        ("http://unknown.invalid/", "the address leads to no known computer"),
        ("http://a..b/", "the address cannot be read"),
        (f"http://{'x' * 64}.pl/", "the address cannot be read"),
        ("http://[::1/", "the address cannot be read"),
    ],
)
def test_a_receiver_that_is_not_reached_is_a_reason_in_words(
    url, words, leoncin, held, anna, caplog, monkeypatch
):
    real = socket.getaddrinfo

    def look_up(host, *more, **how):
        if host == "unknown.invalid":
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return real(host, *more, **how)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    was_set(leoncin, url)
    decisions.release(held, anna, submission(held))
    time_passes(minutes=1)
    assert deliver_next().last_error == words
    assert f"will be tried again: {words}" in caplog.text


def test_a_connection_that_breaks_off_is_a_reason_in_words(leoncin, held, anna):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        connections.set_address(leoncin, f"http://127.0.0.1:{listener.getsockname()[1]}/")
        decisions.release(held, anna, submission(held))
        time_passes(minutes=1)
        threading.Thread(target=lambda: listener.accept()[0].close(), daemon=True).start()
        assert deliver_next().last_error == "the connection broke off"


def test_undoing_what_could_not_be_sent_at_all_sends_nothing(leoncin, held, anna):
    connections.set_address(leoncin, "http://127.0.0.1:9/")  # nobody listens
    decisions.release(held, anna, submission(held))
    time_passes(minutes=1)
    assert deliver_next().attempts == 1
    decisions.undo(fresh(held), anna, submission(held))
    assert [row.state for row in Delivery.select()] == [Delivery.CANCELLED]


def test_an_undo_takes_back_what_was_to_be_sent_to_an_address_that_is_gone(
    receiver, leoncin, held, anna
):
    decisions.release(held, anna, submission(held))
    connections.set_address(leoncin, None)
    decisions.undo(fresh(held), anna, submission(held))
    assert [row.state for row in Delivery.select()] == [Delivery.CANCELLED]


@pytest.mark.databases("postgres")  # SQLite has one writer
def test_what_tells_of_a_delivery_does_not_wait_for_who_decides_on_its_entry(held):
    """It holds the lock of the live feed, for which that decision waits in turn."""
    told = threading.Event()

    def tell():
        with db.connection_context(), db.atomic():
            tell_of_delivery(held.id)
            told.set()

    with db.atomic():
        locked(Entry.select().where(Entry.id == held.id)).get()
        thread = threading.Thread(target=tell)
        thread.start()
        was_told = told.wait(5)
    thread.join()
    assert was_told
