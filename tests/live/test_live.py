"""The live feed: what is told, to whom, in what order, and when it ends."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from console.entries import decisions, events
from console.errors import Refused
from console.live import feed as live
from console.live.feed import Batch, Feed, Reader, missed_since
from console.people import users
from console.platforms import connections
from console.storage import db, now
from models import Delivery, Event
from tests.cast import author, fresh, rule, submission, take, user


def told(groups, after: int = 0) -> list[tuple]:
    return [(each["id"], *each["lists"]) for each in missed_since(groups, after)["entries"]]


def test_a_held_entry_is_told_with_its_list_its_version_and_the_counts(leoncin, held):
    data = missed_since((leoncin.id,), 0)
    entry = {"id": held.id, "version": held.version, "lists": ["held"]}
    assert data["entries"] == [entry | {"renewed": False, "urgent": False}]
    assert data["counts"] == {"incoming": 0, "held": 1, "reported": 0, "tasks": 0}
    assert data["id"] == events.newest() > 0


def test_an_incoming_entry_and_a_reported_one_are_told_as_such(leoncin, osp, published):
    entry = take(leoncin, id="osp", author=author(osp))
    take(leoncin, "report.created", entry_id="published")
    assert told((leoncin.id,)) == [(entry.id, "incoming"), (published.id, "reported")]


def test_what_concerns_no_list_is_not_told(leoncin, published):
    assert told((leoncin.id,)) == []


def test_a_second_report_changes_the_card_but_is_no_news_of_the_list(leoncin, published):
    take(leoncin, "report.created", id="r1", entry_id="published")
    after = events.newest()
    take(leoncin, "report.created", id="r2", entry_id="published")
    (entry,) = missed_since((leoncin.id,), after)["entries"]
    assert entry["renewed"]
    assert entry["lists"] == []


def test_a_unit_s_post_that_the_platform_stopped_is_urgent(leoncin, osp):
    take(leoncin, id="osp", author=author(osp), held={"by": "platform", "reason": "spam"})
    (entry,) = missed_since((leoncin.id,), 0)["entries"]
    assert entry["urgent"]
    assert entry["lists"] == ["held", "incoming"]


def test_a_decision_and_an_edit_are_told_with_the_new_version(leoncin, anna, held):
    after = events.newest()
    decisions.release(held, anna, submission(held))
    (entry,) = missed_since((leoncin.id,), after)["entries"]
    assert (entry["lists"], entry["version"]) == ([], fresh(held).version)
    after = events.newest()
    take(leoncin, "entry.updated", id="held", text="Sąsiad to człowiek.")
    assert told((leoncin.id,), after) == [(held.id,)]


def test_an_entry_is_told_once_as_it_stands_now(leoncin, anna, held):
    decisions.release(held, anna, submission(held))
    decisions.hold(held, anna, submission(held))
    (entry,) = missed_since((leoncin.id,), 0)["entries"]
    assert (entry["id"], entry["version"]) == (held.id, fresh(held).version)
    assert entry["lists"] == ["held"]


def test_nothing_of_other_groups_is_told(elsewhere, held):
    data = missed_since((elsewhere.id,), 0)
    assert data["entries"] == []
    assert data["counts"]["held"] == 0
    assert missed_since((), 0)["entries"] == []


def test_an_administrator_is_told_of_all_groups(leoncin, held):
    assert told(None) == [(held.id, "held")]


def test_a_refused_decision_tells_nothing(anna, held):
    after = events.newest()
    with pytest.raises(Refused):
        decisions.remove(held, anna, submission(held), [])
    assert events.newest() == after


def test_who_was_away_too_long_is_told_to_load_the_page_anew(leoncin, anna, held, monkeypatch):
    decisions.release(held, anna, submission(held))
    decisions.hold(held, anna, submission(held))
    Event.update(at=now() - timedelta(days=2)).execute()
    assert events.prune(now()) > 0
    assert Event.select().count() == 1  # the numbers go on from it
    assert missed_since(None, 0)["stale"]
    assert "stale" not in missed_since(None, events.newest())
    monkeypatch.setattr(live, "BATCH", 0)
    assert missed_since(None, events.newest() - 1)["stale"]


def test_many_at_once_are_numbered_in_the_order_in_which_they_can_be_read(leoncin, anna):
    """A reader who goes on from the newest number that they saw misses nothing."""
    entries = [take(leoncin, id=f"h{n}", text="Sąsiad to idiota.") for n in range(24)]
    start, seen = events.newest(), []
    done = threading.Event()

    def release(entry) -> None:
        with db.connection_context():
            decisions.release(entry, anna, submission(entry))

    def read() -> None:
        after, last = start, False
        while not last:
            last = done.is_set()
            with db.connection_context():
                rows = events.after(after, 500)
            seen.extend(row.entry_id for row in rows)
            after = rows[-1].id if rows else after

    reader = threading.Thread(target=read)
    reader.start()
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(release, entries))
    done.set()
    reader.join()
    assert sorted(seen) == sorted(entry.id for entry in entries)


# --- the stream itself ---


class Listener:
    """Reads a stream in a thread of its own, as the server does."""

    def __init__(self, look, after: int):
        self.feed = Feed()
        self.messages: list[dict] = []
        self.news, self.over = threading.Condition(), threading.Event()
        self._thread = threading.Thread(target=self._read, args=(look, after))
        self._thread.start()
        self.wait(lambda: self.messages)

    def _read(self, look, after) -> None:
        for message in self.feed.read(look, after):
            with self.news:
                data = [line for line in message.splitlines() if line.startswith("data: ")]
                self.messages += [json.loads(line[6:]) for line in data]
                self.news.notify_all()
        self.over.set()

    def wait(self, what) -> None:
        with self.news:
            assert self.news.wait_for(what, timeout=5)

    def entries(self) -> list[int]:
        return [entry["id"] for message in self.messages for entry in message["entries"]]

    def end(self) -> None:
        self.feed.stopping = lambda: True
        assert self.over.wait(5)
        self._thread.join()


@pytest.fixture
def listen():
    opened = []

    def open_stream(look, after: int = 0) -> Listener:
        opened.append(Listener(look, after))
        return opened[-1]

    yield open_stream
    for each in opened:
        each.end()


def test_a_stream_tells_what_was_missed_and_then_what_happens(listen, leoncin, anna, held):
    reader = Reader(anna.id, "b", (leoncin.id,))
    stream = listen(lambda: reader)
    assert stream.entries() == [held.id]
    decisions.release(held, anna, submission(held))
    stream.wait(lambda: len(stream.messages) == 2)
    assert stream.messages[-1]["counts"]["held"] == 0
    assert stream.messages[-1]["id"] == events.newest()


def test_only_who_decided_is_told_that_it_could_not_be_sent(leoncin, anna, administrator, held):
    connections.set_address(leoncin, "https://platform.example/")
    decisions.release(held, anna, submission(held))
    Delivery.update(state=Delivery.FAILED).execute()
    batch = Batch(events.after(0, 500))

    def failed(user_id: int, groups) -> int:
        data = batch.message(Reader(user_id, "b", groups)).split("data: ")[1]
        return json.loads(data)["counts"]["failed"]

    here = (leoncin.id,)
    told = failed(anna.id, here), failed(administrator.id, None), failed(administrator.id, here)
    assert told == (1, 1, 0)
    assert batch.message(Reader(7, "b", here)) is batch.message(Reader(8, "b", here))
    assert batch.message(Reader(anna.id, "b", ())) == ":\n\n"


def test_a_stream_says_nothing_of_groups_that_its_reader_may_not_see(
    listen, leoncin, elsewhere, stranger, held, anna
):
    stream = listen(lambda: Reader(stranger.id, "b", (elsewhere.id,)), events.newest())
    decisions.release(held, anna, submission(held))
    other = take(elsewhere, id="h", text="Sąsiad to idiota.")
    stream.wait(stream.entries)
    assert stream.entries() == [other.id]


def test_the_stream_of_a_session_that_signed_out_ends_and_another_goes_on(listen, anna, leoncin):
    reader, other = (Reader(anna.id, browser, (leoncin.id,)) for browser in ("here", "there"))
    here, there = listen(lambda: reader), listen(lambda: other)
    events.tell_user(anna, session="here")
    assert here.over.wait(5)
    assert not there.over.is_set()


def test_the_stream_of_who_may_read_no_more_ends(listen, anna, leoncin, administrator):
    who = [Reader(anna.id, "b", (leoncin.id,))]
    stream = listen(lambda: who[0])
    who[0] = None
    users.deactivate(anna)
    assert stream.over.wait(5)


def test_a_seat_that_is_lost_is_lost_for_the_open_stream_too(listen, anna, leoncin, held):
    def look() -> Reader:
        seats = tuple(seat.group_id for seat in anna.seats)
        return Reader(anna.id, "b", seats)

    stream = listen(look, events.newest())
    users.seat(anna, [])
    boss = user("boss", "administrator")
    decisions.remove(held, boss, submission(held), [rule(leoncin)])
    events.tell_user(anna)
    threading.Event().wait(1)
    assert stream.entries() == []


# --- the routes ---


def test_without_a_stream_the_page_asks_and_is_told_what_it_missed(browse, anna, held):
    answer = browse(anna).get("/queue/live?after=0")
    assert answer.is_json
    assert [entry["id"] for entry in answer.json["entries"]] == [held.id]


def test_the_last_event_that_the_browser_names_counts_more_than_the_page_s(browse, anna, held):
    newest = str(events.newest())
    answer = browse(anna).get("/queue/live?after=0", headers={"Last-Event-ID": newest})
    assert answer.json["entries"] == []


@pytest.mark.parametrize("after", ["", "x", "-1", "9" * 40, "1;drop"])
def test_nonsense_for_a_number_is_taken_for_none(browse, anna, held, after):
    assert browse(anna).get("/queue/live", query_string={"after": after}).status_code == 200


def test_a_stranger_to_the_group_is_told_nothing(browse, stranger, held):
    answer = browse(stranger).get("/queue/live?after=0")
    assert answer.json["entries"] == []
    assert answer.json["counts"] == {
        "incoming": 0,
        "held": 0,
        "reported": 0,
        "tasks": 0,
        "failed": 0,
    }


def test_a_stream_without_a_session_is_not_tried_again(browse, app):
    answer = browse().get("/queue/live", headers={"Accept": "text/event-stream"})
    assert answer.status_code == 204


def test_when_too_many_listen_the_others_ask_instead(browse, anna, held, monkeypatch):
    monkeypatch.setattr(live, "MAX_STREAMS", 0)
    answer = browse(anna).get("/queue/live", headers={"Accept": "text/event-stream"})
    assert answer.is_json


def test_to_the_seventh_stream_of_a_session_the_oldest_gives_way(browse, anna, monkeypatch):
    """A browser that leafs on quickly leaves streams behind, of which the server hears late."""
    monkeypatch.setattr(live, "feed", Feed())
    stream = {"headers": {"Accept": "text/event-stream"}}
    client, other = browse(anna), browse(anna)
    with other.get("/queue/live", **stream) as theirs:
        assert next(theirs.response).startswith(b"id:")
        opened = [client.get("/queue/live", **stream) for _number in range(live.MAX_OF_SESSION + 1)]
        for each in opened:
            assert next(each.response).startswith(b"id:")
        assert list(opened[0].response) == [b"event: crowded\ndata:\n\n"]
        assert len(live.feed._streams) == live.MAX_OF_SESSION + 1
    for each in opened:
        each.close()


def test_of_many_streams_that_begin_at_once_only_six_stay(anna, leoncin):
    reader, feed = Reader(anna.id, "b", (leoncin.id,)), Feed()
    streams = [feed.read(lambda: reader, 0) for _number in range(10)]
    assert all(next(stream).startswith("id:") for stream in streams)
    assert [list(stream) for stream in streams[:4]] == [[live.GIVES_WAY]] * 4
    assert len(feed._streams) == live.MAX_OF_SESSION
    for stream in streams:
        stream.close()


def test_the_cards_come_as_they_are_now_each_for_its_place(browse, anna, administrator, held):
    decisions.release(held, administrator, submission(held))
    page = browse(anna).get(f"/queue/cards?id={held.id}&id=999999&id=x").text
    assert f'hx-target="#entry-{held.id}"' in page
    assert page.count("<article") == 1
    assert "Przepuszczono – administrator" in page
    assert 'value="undo"' in page


def test_the_cards_of_another_group_do_not_come(browse, stranger, held):
    assert "<article" not in browse(stranger).get(f"/queue/cards?id={held.id}").text


@pytest.mark.parametrize("path", ["/queue/live", "/queue/cards"])
def test_the_feed_is_only_read(browse, anna, path):
    assert browse(anna).submit(path).status_code == 405
