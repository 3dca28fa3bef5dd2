"""The kept cards: bounded by bytes, not by what strangers write."""

from threading import Thread

import pytest
from markupsafe import Markup

from console.queue import fragment_cache
from console.queue.fragment_cache import MAX_BYTES, Fragments, Key
from tests.cast import take


def key(name, unbounded=()) -> Key:
    return Key((name,), unbounded)


def fragment(size: int):
    return Markup("x" * size), Markup(""), Markup("")


def test_its_bytes_stay_within_the_bound_whatever_it_is_fed():
    kept = Fragments(100_000)
    for number in range(100):
        kept.keep(key(number), fragment(10_000))
        assert 10_000 < kept.bytes <= 100_000
    assert kept.get(key(99)) == fragment(10_000)
    assert kept.get(key(50)) is None


def test_a_key_counts_by_what_it_holds():
    kept = Fragments(100_000)
    reasons = tuple(f"{number} " + "x" * 1000 for number in range(50))
    kept.keep(key(1, reasons), fragment(10))
    assert kept.bytes > 50_000


def test_what_was_asked_for_the_longest_ago_goes_first():
    kept = Fragments(44_000)
    kept.keep(key("a"), fragment(10_000))
    kept.keep(key("b"), fragment(10_000))
    assert kept.get(key("a"))
    kept.keep(key("c"), fragment(10_000))
    assert kept.get(key("b")) is None
    assert kept.get(key("a"))
    assert kept.get(key("c"))


def test_what_is_larger_than_all_of_it_is_not_kept():
    kept = Fragments(1000)
    kept.keep(key("a"), fragment(10_000))
    assert kept.get(key("a")) is None
    assert kept.bytes == 0


def test_many_threads_leave_its_account_right():
    kept = Fragments(50_000)

    def work(number: int) -> None:
        for round in range(300):
            one = round * number % 40
            if kept.get(key(one)) is None:
                kept.keep(key(one), fragment(1000 + one))

    threads = [Thread(target=work, args=(number,)) for number in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert kept.bytes == sum(each.size for each in kept._kept.values()) <= 50_000


@pytest.fixture
def cache(monkeypatch):
    empty = Fragments(MAX_BYTES)
    monkeypatch.setattr(fragment_cache, "_fragments", empty)
    return empty


def test_large_entries_make_a_small_page_and_are_kept_in_few_bytes(browse, anna, leoncin, cache):
    for number in range(50):
        media = [{"type": "photo", "url": "https://a.example/1.jpg", "alt": "a" * 2000}] * 100
        links = ["https://a.example/" + "b" * 100] * 100
        take(leoncin, id=f"{number}", text="idiota\n" * 9000, media=media, links=links)
    page = browse(anna).get("/queue/held").text
    assert page.count("<article") == 50
    assert len(page) < 1_500_000
    assert 50 * 5_000 < cache.bytes < 3_000_000
