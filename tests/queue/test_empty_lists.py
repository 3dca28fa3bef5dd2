"""What a list says when nothing is in it is true, whyever nothing is."""

import html
import re

import pytest

from console.entries import decisions
from console.people import users
from models import Contract
from tests.cast import author, submission, take, user

LISTS = "/queue/incoming", "/queue/held", "/queue/reported", "/queue/all"
BEYOND = "0-1-1", "3-9-1", f"0-{'9' * 16}-1", "0-1-1"  # a key after which each list has nothing


def said(client, path: str, **query) -> str:
    """The words in place of the cards, on one line."""
    page = client.get(path, query_string=query).text
    (words,) = re.findall(r'<p class="empty">(.*?)</p>', page, re.DOTALL)
    return html.unescape(" ".join(re.sub("<.*?>", "", words).split()))


@pytest.mark.parametrize("path", [*LISTS, "/intake/capture", "/platforms/failed"])
def test_a_moderator_without_a_seat_reads_that_and_whom_to_ask(browse, leoncin, path):
    user("ola", "administrator")
    users.deactivate(user("gone", "administrator"))
    user("<b>jan</b>", "administrator")
    take(leoncin, text="To idiota.")
    words = said(browse(user("new")), path)
    assert words.startswith("Nie moderujesz żadnej grupy")
    assert words.endswith("administrator: <b>jan</b>, ola.")


@pytest.mark.parametrize("path", [*LISTS, "/intake/capture", "/platforms/failed"])
def test_an_administrator_reads_that_there_is_no_group_yet(browse, administrator, path):
    assert said(browse(administrator), path).startswith("Nie ma jeszcze żadnej grupy.")


@pytest.mark.parametrize("path", LISTS)
def test_nothing_is_said_of_everybody_where_one_group_was_chosen(
    browse, administrator, leoncin, elsewhere, osp, path
):
    """All lists of one group are full, and those of the other are empty."""
    held = take(leoncin, text="To idiota.")
    take(leoncin, id="listed", author=author(osp))
    take(leoncin, "report.created", entry_id=held.external_id)
    client = browse(administrator)
    assert 'class="empty"' not in client.get(path).text
    words = said(client, path, group="czosnow")
    assert words
    assert "każd" not in words.lower()


def test_without_a_contract_nobody_is_on_the_whitelist(browse, anna, leoncin, osp):
    assert said(browse(anna), LISTS[0]).startswith("Przez ostatnie siedem dni")
    Contract.update(ends=Contract.starts).execute()
    assert said(browse(anna), LISTS[0]).startswith("Dziś nikt nie jest na białej liście")
    take(leoncin, author=author(osp))
    Contract.delete().execute()
    assert said(browse(anna), LISTS[0]).startswith("Dziś nikt nie jest na białej liście")


@pytest.mark.parametrize(("path", "after"), list(zip(LISTS, BEYOND, strict=True)))
def test_beyond_the_last_page_it_is_not_said_that_there_is_nothing(
    browse, anna, osp, leoncin, path, after
):
    entry = take(leoncin, text="Pożar!", author=author(osp), held={"by": "platform"})
    take(leoncin, "report.created", entry_id=entry.external_id)
    client = browse(anna)
    assert "<article" in client.get(path).text
    assert said(client, path, after=after).startswith("Dalej nic już nie ma. Na początek listy")


def test_an_entry_that_stays_in_the_list_is_not_denied_below_itself(browse, anna, held):
    client = browse(anna)
    page = client.get("/queue/held", query_string={"decided": held.id})
    assert page.text.count("<article") == 1
    assert said(client, "/queue/held", decided=held.id) == "Nic więcej tu nie ma."


def test_what_fits_no_filter_is_said_to(browse, anna, held):
    assert said(browse(anna), "/queue/held", q="nosorożec").startswith("Nic nie pasuje.")
    decisions.release(held, anna, submission(held))
    assert said(browse(anna), "/queue/held").startswith("Nic nie czeka. Tu trafia")
