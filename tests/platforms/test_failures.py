"""What was given up is seen by whoever must know of it, and can be sent again."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from playhouse.test_utils import count_queries

from console.entries import decisions, events
from console.errors import NotFound, Refused
from console.groups import groups
from console.live.feed import missed_since
from console.outbox.connections import connection_of
from console.outbox.platform import PLATFORMS
from console.people import users
from console.platforms import connections, failures, outbox
from console.platforms.errors import DeliveryError
from console.platforms.webhook import WEBHOOK
from console.queue.sentences import delivery_news
from console.storage import now
from models import Connection, Delivery, Event
from tests.cast import fresh, rule, submission, take, user

PATH = "/platforms/failed"


class Receiver:
    """What the receiver says to the next deliveries; it takes all others."""

    def __init__(self):
        self.errors: list[DeliveryError] = []
        self.keys: list[str] = []

    def carry_out(self, delivery: Delivery) -> str:
        self.keys.append(delivery.idempotency_key)
        if self.errors:
            raise self.errors.pop(0)
        return Delivery.DELIVERED


@pytest.fixture
def receiver(leoncin, monkeypatch):
    there = Receiver()
    platform = replace(WEBHOOK, carry_out=there.carry_out)
    monkeypatch.setitem(PLATFORMS, WEBHOOK.name, platform)
    connections.set_address(leoncin, "https://platform.example/")
    return there


def given_up(**how) -> DeliveryError:
    return DeliveryError("the receiver did not take it: HTTP 400", permanent=True, **how)


def deliver() -> None:
    Delivery.update(due=now()).where(Delivery.pending()).execute()
    while delivery := outbox.claim(now()):
        outbox.attempt(delivery)


def fail(receiver, entry, who, verb=decisions.release) -> Delivery:
    """A decision whose delivery is given up."""
    decision = verb(fresh(entry), who, submission(entry))
    receiver.errors = [given_up()]
    deliver()
    delivery = Delivery.get(Delivery.decision == decision)
    assert delivery.state == Delivery.FAILED
    return delivery


def number(who) -> int:
    seats = None if who.is_administrator else {seat.group_id for seat in who.seats}
    shown = len(failures.failures_of(who))
    assert failures.number_for(who.id, seats) == shown
    return shown


# --- whom it concerns ---


def test_it_concerns_who_decided_and_administrators(receiver, leoncin, held, anna, administrator):
    colleague = user("jan", "moderator", leoncin)
    assert number(anna) == number(administrator) == 0
    fail(receiver, held, anna)
    assert (number(anna), number(colleague), number(administrator)) == (1, 0, 1)


def test_who_has_no_seat_there_any_more_need_not_know(receiver, held, anna, administrator):
    fail(receiver, held, anna)
    users.seat(anna, [])
    assert (number(anna), number(administrator)) == (0, 1)


def test_what_was_undone_is_no_failure_any_more(receiver, held, anna):
    fail(receiver, held, anna)
    decisions.undo(fresh(held), anna, submission(held))
    assert number(anna) == 0


def test_a_later_state_that_arrived_makes_up_for_it(receiver, held, anna):
    fail(receiver, held, anna)
    decisions.hold(fresh(held), anna, submission(held))
    assert number(anna) == 1
    deliver()
    assert number(anna) == 0


def test_a_later_decision_that_changed_nothing_makes_up_for_nothing(receiver, leoncin, held, anna):
    fail(receiver, held, anna)
    decisions.tag(fresh(held), anna, submission(held), [rule(leoncin)])
    deliver()
    assert number(anna) == 1


def test_counting_stops_at_a_thousand(receiver, leoncin, anna, monkeypatch):
    monkeypatch.setattr(failures, "COUNT_TO", 2)
    monkeypatch.setattr(failures, "_numbers", failures._numbers.__wrapped__)
    for id in "abc":
        fail(receiver, take(leoncin, id=id), anna, decisions.hold)
    assert sum(each.number for each in failures.numbers()) == 2


# --- undoing what never went out ---


@pytest.mark.parametrize("never_sent", [True, False])
def test_an_undo_is_sent_only_if_what_it_undoes_may_have_arrived(receiver, held, anna, never_sent):
    receiver.errors = [given_up(never_sent=never_sent)]
    decisions.release(held, anna, submission(held))
    deliver()
    decisions.undo(fresh(held), anna, submission(held))
    deliver()
    states = [row.state for row in Delivery.select().order_by(Delivery.id)]
    arrived = [Delivery.FAILED, Delivery.DELIVERED]
    assert states == ([Delivery.CANCELLED] if never_sent else arrived)


# --- pages are told ---


@pytest.mark.parametrize("error", [None, DeliveryError("no answer in time"), given_up()])
def test_what_became_of_an_attempt_is_told_as_news_of_a_delivery_alone(
    receiver, leoncin, held, anna, error
):
    decisions.release(held, anna, submission(held))
    after = events.newest()
    receiver.errors = [error] if error else []
    deliver()
    news = missed_since((leoncin.id,), after)
    assert (news["deliveries"], news["entries"]) == ([held.id], [])
    assert missed_since((), after)["deliveries"] == []


def test_a_claimed_delivery_is_no_news(receiver, held, anna):
    decisions.release(held, anna, submission(held))
    after = events.newest()
    outbox.claim(now() + timedelta(minutes=1))
    assert events.newest() == after


def test_a_failure_and_the_next_attempt_are_told_in_words(receiver, held, anna):
    decisions.release(held, anna, submission(held))
    receiver.errors = [DeliveryError("no answer in time"), given_up()]
    deliver()
    again = re.fullmatch(
        r"ponawiamy: brak odpowiedzi na czas; następna próba (\d\d\.\d\d\.\d{4} )?\d\d:\d\d",
        delivery_news(Delivery.get()),
    )
    assert again
    deliver()
    words = "NIE WYSŁANO: odbiorca nie przyjął decyzji: HTTP 400"
    assert delivery_news(Delivery.get()) == words


def test_a_bug_of_ours_is_a_reason_in_words_too(receiver, held, anna, caplog):
    decisions.release(held, anna, submission(held))
    receiver.errors = [KeyError("x")]
    deliver()
    assert "błąd konsoli, opisany w jej dzienniku: KeyError" in delivery_news(Delivery.get())
    assert "Traceback" in caplog.text


# --- sending again ---


def test_it_is_sent_again_at_once_under_its_key(receiver, leoncin, held, anna):
    delivery = fail(receiver, held, anna)
    after = events.newest()
    assert failures.resend(leoncin, delivery) == 1
    again = fresh(delivery)
    assert (again.state, again.attempts, again.settled) == (Delivery.PENDING, 0, None)
    assert delivery_news(again) == "czeka na wysłanie na platformę"
    assert again.due <= now()
    assert Event.get(Event.id > after).kind == Event.DELIVERY
    assert number(anna) == 0
    assert outbox.claim(now()) == delivery
    outbox.attempt(fresh(delivery))
    assert fresh(delivery).state == Delivery.DELIVERED
    assert len(receiver.keys) == 2
    assert len(set(receiver.keys)) == 1


def test_all_of_a_group_are_sent_again_and_no_others(
    receiver, leoncin, elsewhere, held, published, anna, administrator
):
    fail(receiver, held, anna)
    fail(receiver, published, administrator, decisions.hold)
    connections.set_address(elsewhere, "https://other.example/")
    other = fail(receiver, take(elsewhere), administrator, decisions.hold)
    assert failures.resend(leoncin) == 2
    assert fresh(other).state == Delivery.FAILED
    assert number(administrator) == 1


def test_what_was_sent_again_or_made_up_for_is_refused(receiver, leoncin, held, anna):
    delivery = fail(receiver, held, anna)
    failures.resend(leoncin, delivery)
    with pytest.raises(Refused, match="Ktoś był szybszy"):
        failures.resend(leoncin, delivery)
    receiver.errors = [given_up()]
    deliver()
    decisions.undo(fresh(held), anna, submission(held))
    with pytest.raises(Refused, match="Z tej grupy nie trzeba niczego wysyłać ponownie"):
        failures.resend(leoncin)


@pytest.mark.databases("sqlite", "postgres")
def test_a_command_sends_all_of_a_group_again(
    app, receiver, held, published, anna, administrator, elsewhere
):
    connections.set_address(elsewhere, "https://other.example/")
    mine = [fail(receiver, held, anna), fail(receiver, published, administrator, decisions.hold)]
    other = fail(receiver, take(elsewhere), administrator, decisions.hold)

    def run():
        result = app.test_cli_runner().invoke(args=["deliver", "--failed", "leoncin"])
        return result.exit_code, result.output

    status, said = run()
    assert (status, "again now: 2." in said) == (0, True)
    assert [fresh(each).state for each in mine] == [Delivery.PENDING] * 2
    assert fresh(other).state == Delivery.FAILED
    status, said = run()
    assert (status, "Nothing of this group has to be sent again" in said) == (1, True)
    Connection.update(state=Connection.OFF, state_reason="HTTP 410").execute()
    status, said = run()
    assert (status, "group address leoncin URL" in said) == (1, True)


def test_a_command_for_no_group_says_so(app):
    for args, words in ((["--failed", "nowhere"], "no group nowhere"), ([], "--failed")):
        result = app.test_cli_runner().invoke(args=["deliver", *args])
        assert result.exit_code
        assert words in result.output


def test_while_sending_is_switched_off_it_is_refused_in_words(receiver, leoncin, held, anna):
    delivery = fail(receiver, held, anna)
    off = {"state": Connection.OFF, "state_reason": "HTTP 410"}
    Connection.update(off).where(Connection.group == leoncin).execute()
    with pytest.raises(Refused, match=r"wyłączone.*HTTP 410.*group address leoncin URL"):
        failures.resend(leoncin, delivery)
    connections.set_address(leoncin, None)
    with pytest.raises(Refused, match=r"nie ma adresu.*group address leoncin URL"):
        failures.resend(leoncin, delivery)
    assert fresh(delivery).state == Delivery.FAILED
    connections.set_address(leoncin, "https://platform.example/")
    assert failures.resend(leoncin, delivery) == 1
    assert connection_of(leoncin.id).state == Connection.ON


def test_only_who_must_know_of_it_finds_it(receiver, leoncin, held, anna, stranger, administrator):
    delivery = fail(receiver, held, anna)
    for who in (anna, administrator):
        assert failures.find(who, delivery.id) == (leoncin, delivery)
    for who in (user("jan", "moderator", leoncin), stranger):
        with pytest.raises(NotFound):
            failures.find(who, delivery.id)


# --- the page and the count ---


def menu(page: str) -> str:
    return re.search(r'<a class="failed".*?</a>', page, re.DOTALL)[0]


def test_the_menu_counts_and_leads_to_the_page(browse, receiver, held, anna, administrator):
    for who in (anna, administrator):
        assert 'class="count none">0<' in menu(browse(who).get("/queue/held").text)
    fail(receiver, held, anna)
    for who in (anna, administrator):
        shown = menu(browse(who).get("/people/account").text)
        assert 'class="count">1<' in shown
        assert f'href="{PATH}"' in shown


def test_the_page_lists_them_by_group_and_reason(
    browse, receiver, leoncin, held, published, anna, administrator
):
    fail(receiver, held, anna)
    fail(receiver, published, administrator, decisions.hold)
    mine, all_ = browse(anna).get(PATH).text, browse(administrator).get(PATH).text
    assert "Przepuszczono – anna" in mine
    assert "Zatrzymano – administrator" not in mine
    assert "wszystkie tej grupy" not in mine
    for words in ("Przepuszczono – anna", "Zatrzymano – administrator", "wszystkie tej grupy"):
        assert words in all_
    assert all_.count("<h3>") == 1
    assert "odbiorca nie przyjął decyzji: HTTP 400" in all_
    assert f'href="/entries/{held.id}"' in all_


def test_one_is_sent_again_from_the_page_and_a_second_click_is_told_so(
    browse, receiver, held, anna
):
    delivery, client = fail(receiver, held, anna), browse(anna)
    answer = client.submit(f"{PATH}/{delivery.id}")
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert "Ponowiono wysyłanie 1 decyzji." in page
    assert "Nic tu nie ma: nie zaniechano" in page
    assert fresh(delivery).state == Delivery.PENDING
    answer = client.submit(f"{PATH}/{delivery.id}")
    assert answer.status_code == 400
    assert "Ktoś był szybszy" in answer.text


def test_administrators_send_all_of_a_group_again(
    browse, receiver, held, published, anna, administrator
):
    fail(receiver, held, anna)
    fail(receiver, published, administrator, decisions.hold)
    path = f"{PATH}/groups/leoncin"
    assert browse(anna).submit(path).status_code == 404
    assert number(administrator) == 2
    client = browse(administrator)
    page = client.get(client.submit(path).location).text
    assert "Ponowiono wysyłanie 2 decyzji." in page
    assert number(administrator) == 0


def test_the_page_says_that_sending_is_switched_off_and_offers_no_button(
    browse, receiver, leoncin, held, administrator
):
    fail(receiver, held, administrator)
    off = {"state": Connection.OFF, "state_reason": "HTTP 410"}
    Connection.update(off).where(Connection.group == leoncin).execute()
    page = browse(administrator).get(PATH).text
    assert "flask --app wsgi group address leoncin URL" in page
    assert "Wyślij ponownie" not in page


def test_a_stranger_finds_none_of_it(browse, receiver, held, anna, stranger):
    delivery, client = fail(receiver, held, anna), browse(stranger)
    assert client.submit(f"{PATH}/{delivery.id}").status_code == 404
    assert client.submit(f"{PATH}/groups/leoncin").status_code == 404
    assert "Nic tu nie ma: nie zaniechano" in client.get(PATH).text


def test_what_sends_again_is_only_posted(browse, receiver, held, administrator):
    delivery, client = fail(receiver, held, administrator), browse(administrator)
    for path in (f"{PATH}/{delivery.id}", f"{PATH}/groups/leoncin"):
        assert client.get(path).status_code == 405


@pytest.mark.databases("sqlite", "postgres")
def test_the_page_asks_the_same_of_few_and_of_many(browse, receiver, leoncin, administrator):
    client = browse(administrator)

    def more(of, ids) -> None:
        for id in ids:
            fail(receiver, take(of, id=id), administrator, decisions.hold)

    def queries() -> int:
        with count_queries() as counted:
            assert client.get(PATH).status_code == 200
        return counted.count

    more(leoncin, "ab")
    few = queries()
    more(leoncin, "cdefgh")
    other = groups.create("inna", "Inna", leoncin.municipality)
    connections.set_address(other, "https://other.example/")
    more(other, "ab")
    assert queries() == few


@pytest.mark.parametrize("verb", ["release", "tag"])
def test_the_card_tells_what_became_of_every_decision_that_is_sent(
    browse, receiver, leoncin, held, anna, verb
):
    if verb == "tag":
        decisions.tag(held, anna, submission(held), [rule(leoncin)])
    else:
        decisions.release(held, anna, submission(held))
    receiver.errors = [given_up()]
    deliver()
    card = browse(anna).get(f"/queue/cards?id={held.id}").text
    outcome = " ".join(card.split('class="outcome"')[1].split("</p>")[0].split())
    assert '<span class="delivery failed">NIE WYSŁANO: odbiorca nie przyjął' in outcome
