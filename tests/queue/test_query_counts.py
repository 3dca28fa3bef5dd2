"""A page asks the database the same few questions however much there is to show."""

from datetime import timedelta

import pytest
from playhouse.test_utils import count_queries

from console.entries import decisions
from console.storage import now
from models import Entry
from tests.cast import author, fresh, rule, submission, take

pytestmark = pytest.mark.databases("sqlite", "postgres")

FEW, MANY = 5, 60
MAX_QUERIES = 10


def fill(group, profile, numbers, anna) -> None:
    """Entries with all that a card can show: parents, hits, reports, tags, an author's history."""
    start = now() - timedelta(hours=1)
    for number in numbers:
        at = start + timedelta(seconds=number)
        resident = {"id": f"a{number}", "name": f"Autor {number}"}
        post = take(group, at=at, id=f"p{number}", text="Sąsiad to idiota.", author=resident)
        take(group, at=at, id=f"u{number}", author=author(profile))
        answer = {"kind": "comment", "parent_id": f"p{number}", "text": "Sam jesteś idiota"}
        take(group, at=at, id=f"c{number}", author=resident, **answer)
        reply = {"kind": "comment", "parent_id": f"c{number}", "text": "Nie, ty idiota"}
        take(group, at=at, id=f"cc{number}", author=resident, **reply)
        for each in ("u", "c"):
            take(group, "report.created", id=f"{each}{number}", entry_id=f"{each}{number}")
        past = take(group, at=at, id=f"x{number}", author=resident, text="Dzień dobry")
        decisions.remove(past, anna, submission(past), [rule(group, "spam")])
        decisions.tag(post, anna, submission(post), [rule(group, "hate")])


def queries(client, path: str) -> int:
    with count_queries() as counted:
        answer = client.get(path)
    assert answer.status_code == 200
    return counted.count


def test_a_list_takes_at_most_ten_queries_whatever_it_holds(
    browse, leoncin, osp, anna, administrator
):
    pages = [
        (client, f"/queue/{name}")
        for client in (browse(anna), browse(administrator))
        for name in ("incoming", "held", "reported")
    ]
    fill(leoncin, osp, range(FEW), anna)
    few = [queries(client, path) for client, path in pages]
    fill(leoncin, osp, range(FEW, MANY), anna)
    many = [queries(client, path) for client, path in pages]
    assert many == few
    assert max(many) <= MAX_QUERIES
    # The pages were full, so the counts mean something.
    for client, path in pages:
        assert client.get(path).text.count("<article") == 50


def test_the_page_of_all_decisions_asks_the_same_of_few_and_of_many(
    browse, administrator, leoncin, osp, anna
):
    client = browse(administrator)
    fill(leoncin, osp, range(2), anna)
    few = queries(client, "/insight/decisions")
    fill(leoncin, osp, range(2, 30), anna)
    assert queries(client, "/insight/decisions") == few


def test_an_entrys_page_asks_the_same_of_a_short_story_and_of_a_long_one(browse, leoncin, anna):
    client = browse(anna)
    start = now() - timedelta(hours=1)
    entry = take(leoncin, at=start, id="p", text="Sąsiad to idiota.")

    def more(numbers) -> None:
        for number in numbers:
            at = start + timedelta(seconds=number + 1)
            take(leoncin, "entry.updated", at, id="p", text=f"Sąsiad to idiota. {number}")
            take(leoncin, "report.created", id=f"r{number}", entry_id="p")
            take(leoncin, id=f"c{number}", kind="comment", parent_id="p")
            now_is = fresh(entry)
            verb = decisions.release if now_is.is_held else decisions.hold
            verb(now_is, anna, submission(entry))

    more(range(2))
    few = queries(client, f"/entries/{entry.id}")
    more(range(2, 20))
    assert queries(client, f"/entries/{entry.id}") == few
    assert Entry.select().count() == 21


def test_a_deep_thread_is_read_level_by_level_and_no_deeper_than_twenty(browse, leoncin, anna):
    client = browse(anna)
    take(leoncin, id="0")
    for depth in range(1, 40):
        take(leoncin, id=str(depth), kind="comment", parent_id=str(depth - 1))
    deepest = Entry.get(Entry.external_id == "39")
    assert queries(client, f"/entries/{deepest.id}") < 75
