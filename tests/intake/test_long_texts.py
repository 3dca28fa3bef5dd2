"""A long text is read with pauses, in which whoever decides has the interpreter."""

import sys
from threading import Thread

import pytest

from console.intake import long_texts
from console.intake.long_texts import LONG, in_short_steps
from console.text.folding import Folded

HOSTILE = "kurwa" + "\u0301\u0316" * 30_000


@pytest.fixture
def pauses(monkeypatch) -> list[float]:
    taken: list[float] = []
    monkeypatch.setattr(long_texts.time, "sleep", taken.append)
    return taken


def test_a_long_text_is_read_with_pauses(pauses):
    with in_short_steps(HOSTILE):
        for _ in range(10):
            Folded(HOSTILE)
    assert len(pauses) > 5


def test_afterwards_nothing_pauses_any_more(pauses):
    with pytest.raises(KeyError), in_short_steps(HOSTILE):
        raise KeyError
    assert sys.getprofile() is None


def test_a_short_text_is_just_read(pauses):
    with in_short_steps("a" * LONG):
        assert sys.getprofile() is None


def test_a_process_reads_one_long_text_at_a_time():
    read = []

    def another():
        with in_short_steps(HOSTILE):
            read.append("another")

    with in_short_steps(HOSTILE):
        thread = Thread(target=another)
        thread.start()
        thread.join(0.05)
        read.append("first")
    thread.join()
    assert read == ["first", "another"]
