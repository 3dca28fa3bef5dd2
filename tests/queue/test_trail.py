"""The entry's page tells everything that happened to it, in sentences."""

from datetime import timedelta

import pytest

from console.clock import exact
from console.entries import decisions
from console.intake.payload import read
from console.intake.receive import receive
from console.language import language
from console.platforms import connections
from console.queue import trail as trails
from console.queue.trail import trail
from console.storage import now
from models import Decision, Delivery, Report, Revision
from tests.cast import DAY, author, event, fresh, rule, submission, take

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _english():
    token = language.set("en")
    yield
    language.reset(token)


@pytest.fixture
def start():
    return now() - timedelta(hours=1)


def told(entry) -> list[str]:
    return [line.sentence for line in trail(fresh(entry)).lines]


def details(entry) -> list[str]:
    return [line.detail for line in trail(fresh(entry)).lines]


def test_it_begins_with_the_arrival_and_why_it_was_or_was_not_screened(leoncin, osp):
    resident = take(leoncin)
    assert told(resident) == ["Came in"]
    assert details(resident) == ["not on the whitelist: the profile belongs to no unit"]
    brigade = take(leoncin, id="p2", author=author(osp))
    assert details(brigade) == [
        "past screening: a unit's profile, and the contract is active",
    ]


def test_it_tells_who_stopped_the_entry(leoncin, held):
    assert told(held) == ["Came in", "Put on hold – screening"]
    platforms = take(leoncin, id="p", held={"by": "platform", "reason": "possible spam"})
    assert told(platforms) == ["Came in", "Put on hold: possible spam – the platform"]


def test_it_tells_that_checking_failed(leoncin, monkeypatch):
    monkeypatch.setattr("console.screening.verbs.screening_of", lambda _: 1 / 0)
    entry = take(leoncin)
    assert told(entry)[1:] == ["Put on hold: it could not be checked – screening"]


def test_it_tells_every_decision_with_its_person_and_rules(leoncin, held, anna, administrator):
    decisions.release(held, anna, submission(held))
    decisions.undo(fresh(held), anna, submission(held))
    rules = [rule(leoncin, "hate"), rule(leoncin, "spam")]
    decisions.remove(fresh(held), administrator, submission(held), rules)
    decisions.untag(fresh(held), anna, submission(held), rules[1:])
    lines = [line for line in trail(fresh(held)).lines if "platform" not in line.sentence]
    assert [line.sentence for line in lines] == [
        "Came in",
        "Put on hold – screening",
        "Released – anna",
        "Undone – anna",
        "Removed – administrator",
        "Untagged – anna",
    ]
    assert [line.detail for line in lines[-2:]] == [
        "Hejt – atak na osobę, Spam i reklama",
        "Spam i reklama",
    ]


def test_it_tells_reports_and_their_answer(leoncin, anna):
    entry = take(leoncin)
    take(leoncin, "report.created", note="Proszę usunąć")
    take(leoncin, "report.created", id="r2", reporter=None, reason="spam")
    decisions.keep(fresh(entry), anna, submission(entry))
    assert told(entry)[:4] == [
        "Came in",
        "Reported – Jan Nowak",
        "Reported – somebody",
        "Kept – anna",
    ]
    assert details(entry)[1:3] == ["hejt: Proszę usunąć", "spam"]


def test_it_tells_that_the_author_changed_it(leoncin, start):
    take(leoncin, at=start)
    entry = take(leoncin, "entry.updated", start + MINUTE, text="Inny tekst")
    assert told(entry) == ["Came in", "The author changed it"]


def test_it_tells_what_was_done_outside_and_no_more(leoncin, held, anna):
    decisions.release(held, anna, submission(held))
    assert not any("platform" in sentence for sentence in told(held))  # no address: nothing is sent
    connections.set_address(leoncin, "https://platform.example/")
    decisions.hold(fresh(held), anna, submission(held))
    Delivery.update(state=Delivery.DELIVERED, settled=now()).execute()
    assert any("sent to the platform" in sentence for sentence in told(held))


def test_it_tells_that_a_delivery_was_given_up(leoncin, held, anna):
    connections.set_address(leoncin, "https://platform.example/")
    decision = decisions.release(held, anna, submission(held))
    Delivery.update(
        state=Delivery.FAILED, attempts=8, last_error="503 Service Unavailable", settled=now()
    ).where(Delivery.decision == decision).execute()
    (line,) = [line for line in trail(fresh(held)).lines if "given up" in line.sentence]
    assert line.detail == "8 attempts; 503 Service Unavailable"


def test_what_lies_ahead_is_told_beside_its_decision_and_not_as_having_happened(
    leoncin, held, anna
):
    connections.set_address(leoncin, "https://platform.example/")
    decision = decisions.release(held, anna, submission(held))
    for error, due, words in (
        ("", MINUTE, "waiting to be sent to the platform"),
        ("no answer in time", MINUTE, "trying again: no answer in time; next attempt at"),
        (
            "no answer in time",
            -MINUTE,
            "trying again: no answer in time; the next attempt was due at",
        ),
    ):
        Delivery.update(attempts=2, last_error=error, due=now() + due).execute()
        lines = trail(fresh(held)).lines
        assert all(line.at <= now() for line in lines)
        assert lines[-1].at == fresh(decision).at
        assert words in lines[-1].detail
        assert lines[-1].detail.endswith("2 attempts")


def test_it_tells_that_an_undo_was_in_time(leoncin, held, anna):
    connections.set_address(leoncin, "https://platform.example/")
    decisions.release(held, anna, submission(held))
    decisions.undo(fresh(held), anna, submission(held))
    assert any("undone before it was sent" in sentence for sentence in told(held))


def test_it_is_in_order_of_time(leoncin, held, anna, start):
    decisions.release(held, anna, submission(held))
    take(leoncin, "entry.updated", id="held", text="Zmieniony")
    take(leoncin, "report.created", entry_id="held")
    moments = [line.at for line in trail(fresh(held)).lines]
    assert len(moments) >= 5
    assert moments == sorted(moments)


def test_a_long_trail_has_pages_on_which_each_line_stands_once(leoncin, held, anna, monkeypatch):
    at = held.received + MINUTE
    for number in range(4):  # all of one moment
        take(leoncin, "report.created", at, id=f"r{number}", entry_id="held", reason=f"{number}")
    Report.update(received=at).execute()
    take(leoncin, "entry.updated", held.content_time + MINUTE, id="held", text="Sąsiad to idiota!")
    decisions.release(fresh(held), anna, submission(held))
    for each in (Decision, Revision):
        each.update(**{"replaced" if each is Revision else "at": at}).execute()
    everything = trail(fresh(held))
    assert everything.older is None
    for size in (1, 2, 3):
        monkeypatch.setattr(trails, "PAGE", size)
        lines, before = [], None
        while len(lines) < 50:
            page = trail(fresh(held), before)
            assert len(page.lines) <= size
            lines, before = page.lines + lines, page.older
            if before is None:
                break
            before = trails.Key.parse(str(before))
        assert lines == everything.lines
    assert len(lines) >= 8


@pytest.mark.parametrize("before", ["", "x", "1-9-1", "1-1", "9" * 17 + "-1-1", "1-1-" + "9" * 10])
def test_a_key_that_is_none_shows_the_newest(before):
    assert trails.Key.parse(before) is None


def test_a_long_detail_is_cut(leoncin):
    entry = take(leoncin)
    take(leoncin, "report.created", note="bla " * 2500)
    assert len(details(entry)[1]) < 400


def test_every_step_is_on_the_page_in_the_readers_language(browse, leoncin, held, anna):
    decisions.remove(held, anna, submission(held), [rule(leoncin)])
    client = browse(anna)
    page = client.get(f"/entries/{held.id}").text
    for words in ("Historia", "Wpłynęło", "Zatrzymano", "Usunięto – anna", "Hejt"):
        assert words in page
    client.submit("/people/language", language="en")
    page = client.get(f"/entries/{held.id}").text
    for words in ("What happened", "Came in", "Put on hold", "Removed – anna"):
        assert words in page


def test_the_page_shows_what_was_written_before_and_the_conversation(browse, leoncin, anna, start):
    take(leoncin, at=start, id="p", text="Pierwsza wersja")
    entry = take(leoncin, "entry.updated", start + MINUTE, id="p", text="Druga wersja")
    take(leoncin, id="c", kind="comment", parent_id="p", text="Odpowiedź sąsiadki")
    take(leoncin, id="c2", kind="comment", parent_id="c", text="Odpowiedź na odpowiedź")
    page = browse(anna).get(f"/entries/{entry.id}").text
    for words in ("Pierwsza wersja", "Druga wersja", "Odpowiedź sąsiadki", "Odpowiedź na"):
        assert words in page
    order = [page.rindex(w) for w in ("Druga wersja", "Odpowiedź sąsiadki", "Odpowiedź na odp")]
    assert order == sorted(order)


def test_what_was_known_late_is_told_with_both_moments(browse, anna, leoncin):
    there, known = now() - 3 * DAY, now() - DAY
    stopped = {"by": "platform", "reason": "spam"}
    entry = receive(leoncin, read(event("entry.created", there, held=stopped)), known).entry
    page = browse(anna).get(f"/entries/{entry.id}").text
    assert f"Zatrzymane {exact(there)}, znane tutaj od {exact(known)}" in page
    assert page.count(f"na platformie już {exact(there)}") == 3  # outcome, arrival, hold
    prompt = take(leoncin, id="p2", held=stopped)
    page = browse(anna).get(f"/entries/{prompt.id}").text
    assert "znane tutaj od" not in page
    assert "na platformie już" not in page
