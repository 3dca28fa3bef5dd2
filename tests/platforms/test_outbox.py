"""What was decided is delivered: leased, in order, under one key, with growing delays."""

import json
import threading
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from standardwebhooks import Webhook

from console import config
from console.entries import decisions
from console.groups import groups
from console.platforms import outbox
from console.platforms.courier import Courier
from console.storage import now
from models import Delivery
from tests.cast import fresh, rule, submission
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
    groups.set_address(leoncin, f"http://127.0.0.1:{server.server_port}/hook")
    yield server
    server.shutdown()
    server.server_close()


def time_passes(**span) -> None:
    for delivery in Delivery.select():
        delivery.due -= timedelta(**span)
        delivery.save()


def deliver_all() -> None:
    while outbox.deliver_next():
        pass


def test_without_an_address_a_decision_is_recorded(held, anna):
    decisions.release(held, anna, submission(held))
    assert Delivery.get().state == Delivery.RECORDED
    assert outbox.deliver_next() is None


def test_nothing_is_sent_before_the_undo_window_ends(receiver, held, anna):
    decisions.release(held, anna, submission(held))
    deliver_all()
    assert receiver.got == []
    time_passes(seconds=11)
    deliver_all()
    assert len(receiver.got) == 1
    assert Delivery.get().state == Delivery.DELIVERED


def test_the_message_is_signed_and_says_what_was_decided(receiver, leoncin, held, anna):
    decision = decisions.remove(held, anna, submission(held), [rule(leoncin)])
    time_passes(minutes=1)
    deliver_all()
    headers, body = receiver.got[0]
    message = Webhook(leoncin.secret).verify(body, headers)
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
        delivery = outbox.deliver_next()
        waits.append((delivery.due - now()).total_seconds())
    assert {headers["webhook-id"] for headers, _body in receiver.got} == {delivery.key}
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
        outbox.deliver_next()
    assert Delivery.get().state == Delivery.FAILED
    assert Delivery.get().attempts == 10
    assert "given up" in caplog.text


def test_gone_switches_the_address_off(receiver, leoncin, held, anna):
    receiver.answers = [410]
    decisions.release(held, anna, submission(held))
    time_passes(minutes=1)
    deliver_all()
    assert Delivery.get().state == Delivery.FAILED
    assert "410" in fresh(leoncin).address_disabled


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
    outbox._settle(slow, Delivery.FAILED, "late")
    assert Delivery.get().state == Delivery.PENDING


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:{port}/", "http://localhost:{port}/", "http://[::ffff:127.0.0.1]:{port}/"],
)
def test_a_private_address_is_refused_before_a_byte_is_sent(url, receiver, leoncin, held, anna):
    config.use(replace(config.settings(), allow_private_addresses=False))
    groups.set_address(leoncin, url.format(port=receiver.server_port))
    decisions.release(held, anna, submission(held))
    time_passes(minutes=1)
    deliver_all()
    assert receiver.got == []
    assert Delivery.get().state == Delivery.FAILED
    assert "private" in Delivery.get().last_error


def test_an_unreachable_receiver_is_tried_again(leoncin, held, anna):
    groups.set_address(leoncin, "http://127.0.0.1:9/")
    decisions.release(held, anna, submission(held))
    time_passes(minutes=1)
    assert outbox.deliver_next().state == Delivery.PENDING


def test_the_worker_carries_out_what_is_due_while_it_runs(receiver, held, anna):
    decisions.release(held, anna, submission(held))
    time_passes(minutes=1)
    courier = Courier()
    courier.start()
    until(lambda: receiver.got, 5, "the decision is delivered")
    courier.stop()
    assert Delivery.get().state == Delivery.DELIVERED


@pytest.mark.parametrize("url", ["http://a..b/", f"http://{'x' * 64}.pl/", "http://[::1/"])
def test_an_address_that_nothing_can_connect_to_is_tried_and_says_why(url, leoncin, held, anna):
    groups.set_address(leoncin, url)
    decisions.release(held, anna, submission(held))
    time_passes(minutes=1)
    delivery = outbox.deliver_next()
    assert delivery.state == Delivery.PENDING
    assert fresh(delivery).last_error
