"""What a pasted Facebook link does in the form: it names the group, the post, or neither."""

import html

import pytest

from console.groups import groups
from console.people import users
from models import Entry, Event
from tests.cast import beside, fresh, take

WWW = "https://www.facebook.com/"
POST = WWW + "groups/1234/posts/77/"
OPAQUE = WWW + "share/p/1AbCdEf/"
FORM = {"group": "leoncin", "text": "Dzień dobry.", "author": "Jan Nowak", "link": POST}
# One post, as people paste it.
SPELLINGS = [
    "m.facebook.com/groups/1234?view=permalink&id=77",
    "Zobacz to: " + WWW + "groups/LeoncinForum/permalink/77/?ref=share&mibextid=x",
    WWW + "groups/leoncinforum/?multi_permalinks=77&__cft__[0]=AZX",
    "https://l.facebook.com/l.php?u=https%3A%2F%2Ffb.com%2Fgroups%2F1234%2Fposts%2F77",
]


@pytest.fixture
def capture(browse, anna, leoncin):
    for alias in ("1234", "leoncinforum"):
        groups.add_alias(leoncin, alias)
    client = browse(anna)

    def capture(**changes):
        return client.submit("/intake/capture", **(FORM | changes))

    return capture


@pytest.fixture
def in_both(anna, leoncin, elsewhere):
    groups.add_alias(elsewhere, "5678")
    users.seat(anna, [leoncin, elsewhere])


def page_of(answer) -> str:
    return html.unescape(answer.text)


@pytest.mark.parametrize("link", SPELLINGS)
def test_a_link_is_kept_in_its_canonical_spelling(capture, link):
    assert capture(link=link).status_code == 303
    entry = Entry.get()
    assert entry.url in (POST, WWW + "groups/leoncinforum/posts/77/")
    assert entry.address_key == "77"


@pytest.mark.parametrize("link", SPELLINGS)
def test_the_group_is_the_one_that_the_link_names(capture, in_both, leoncin, link):
    assert capture(group="", link=link).status_code == 303
    assert Entry.get().group == leoncin


@pytest.mark.databases("sqlite", "postgres")
@pytest.mark.parametrize("link", SPELLINGS)
def test_a_post_is_one_entry_however_its_link_is_spelled(capture, leoncin, link):
    there = take(leoncin, id="p1", url=POST)
    answer = capture(link=link, text="", author="")
    assert answer.location == f"/entries/{there.id}"
    assert Entry.select().count() == 1


def test_a_captured_post_is_found_again_as_well(capture):
    first = capture().location
    assert {capture(link=link, text="Inny").location for link in SPELLINGS} == {first}


def test_an_edit_brings_the_new_address_of_an_entry(capture, leoncin):
    there = take(leoncin, id="p1", url="")
    take(leoncin, "entry.updated", id="p1", url=POST)
    assert capture().location == f"/entries/{there.id}"


def test_another_groups_entry_is_not_shown(capture, elsewhere):
    there = take(elsewhere, id="p1", url=POST)
    assert capture().location != f"/entries/{there.id}"


def test_a_comment_is_not_taken_for_its_post_nor_the_post_for_its_comment(capture, leoncin):
    comment = take(leoncin, id="c1", kind="comment", parent_id="p1", url=POST)
    post = capture()
    assert post.location != f"/entries/{comment.id}"
    assert capture(link=POST + "?comment_id=88").location not in (
        post.location,
        f"/entries/{comment.id}",
    )
    assert Entry.select().count() == 3


@pytest.mark.databases("sqlite", "postgres")
@pytest.mark.parametrize("first", ["post", "comment"])
def test_a_comment_hangs_on_its_post_whichever_comes_first(capture, first):
    links = {"post": POST, "comment": POST + "?comment_id=88"}
    order = [first, *(links.keys() - {first})]
    for kind in order:
        capture(link=links[kind], text=f"To jest {kind}.")
    comment = Entry.get(Entry.kind == "comment")
    assert (comment.parent.kind, comment.parent.text) == ("post", "To jest post.")
    assert comment.address_key == "88"


def test_a_reply_is_known_by_its_own_number(capture):
    reply = capture(link=POST + "?comment_id=88&reply_comment_id=99").location
    assert capture(link=POST + "?comment_id=88").location != reply
    assert capture(link=POST + "?comment_id=99").location == reply


def test_a_link_to_another_group_is_refused_and_the_form_keeps_what_was_typed(capture, in_both):
    answer = capture(link=WWW + "groups/5678/posts/77/")
    assert answer.status_code == 400
    assert "Nic nie zapisano" in beside(answer, "link")
    assert FORM["text"] in answer.text
    assert not Entry.select().exists()


def test_without_a_group_a_link_that_names_none_is_refused(capture, in_both):
    for link in (WWW + "osp/posts/77", "", WWW + "groups/999/posts/77"):
        answer = capture(group="", link=link)
        assert answer.status_code == 400
        assert "Wybierz grupę" in beside(answer, "group")
        assert FORM["text"] in answer.text
    assert not Entry.select().exists()


def test_a_group_in_which_one_does_not_work_is_not_opened_by_its_link(capture, elsewhere):
    groups.add_alias(elsewhere, "5678")
    take(elsewhere, id="p1", url=WWW + "groups/5678/posts/77/")
    for group in ("", "leoncin"):
        answer = capture(group=group, link=WWW + "groups/5678/posts/77/")
        assert answer.status_code == 400
        assert elsewhere.name not in answer.text
    assert Entry.select().count() == 1


def test_the_form_opens_with_the_links_group_and_what_is_there_already(
    capture, in_both, browse, anna, leoncin
):
    there = take(leoncin, id="p1", url=POST)
    page = browse(anna).get("/intake/capture", query_string={"link": SPELLINGS[0]}).text
    assert '<option selected value="leoncin">' in page
    assert f'href="/entries/{there.id}"' in page


def test_a_link_alone_can_be_checked_and_what_was_typed_stays(capture, in_both, leoncin):
    answer = capture(group="", author="", look="1")
    assert answer.status_code == 200
    assert "Tego tu jeszcze nie ma." in answer.text
    assert '<option selected value="leoncin">' in answer.text
    assert FORM["text"] in answer.text
    assert "otwórz i wklej adres z paska" in page_of(capture(link=OPAQUE, look="1"))
    assert not Entry.select().exists()
    there = take(leoncin, id="p1", url=POST)
    assert capture(group="", text="", author="", look="1").location == f"/entries/{there.id}"


def test_a_link_that_cannot_be_understood_is_kept_and_marked(capture, browse, anna):
    answer = capture(link=OPAQUE + "?mibextid=wwXIfr")
    entry = Entry.get()
    assert (entry.url, entry.address_key) == (OPAQUE, "")
    page = browse(anna).get(answer.location)
    assert "otwórz i wklej adres z paska" in page_of(page)
    assert capture(link=OPAQUE).location == answer.location


def test_an_entry_with_an_address_and_a_platforms_own_are_not_marked(
    capture, browse, anna, leoncin
):
    known, platforms = capture().location, take(leoncin, id="p2", url=OPAQUE)
    foreign = capture(link="https://forum.example/1").location
    for path in (known, foreign, f"/entries/{platforms.id}"):
        assert "adres z paska" not in page_of(browse(anna).get(path))


@pytest.fixture
def opaque(capture) -> Entry:
    capture(link=OPAQUE)
    return Entry.get()


@pytest.fixture
def give(opaque, browse, anna):
    client = browse(anna)

    def give(link: str, entry: Entry = opaque):
        return client.submit(f"/intake/entries/{entry.id}/address", link=link)

    return give


@pytest.mark.databases("sqlite", "postgres")
def test_the_address_from_the_bar_takes_the_place_of_the_opaque_link(give, opaque, capture):
    answer = give(SPELLINGS[0])
    assert (answer.status_code, answer.location) == (303, f"/entries/{opaque.id}")
    assert (fresh(opaque).url, fresh(opaque).address_key) == (POST, "77")
    assert Event.select().where(Event.kind == Event.RENEWED, Event.entry == opaque).count() == 1
    assert capture().location == f"/entries/{opaque.id}"


def test_what_turns_out_to_be_a_comment_becomes_one(give, opaque, capture, leoncin):
    post = take(leoncin, id="p1", url=POST)
    give(POST + "?comment_id=88")
    assert (fresh(opaque).kind, fresh(opaque).parent) == ("comment", post)
    assert capture(link=POST + "?comment_id=88").location == f"/entries/{opaque.id}"


@pytest.mark.parametrize(
    "link", ["", OPAQUE, WWW + "groups/1234/", "https://evil.pl/1", "x" * 2001]
)
def test_what_does_not_name_a_post_either_is_refused_in_words(give, opaque, link):
    answer = give(link)
    assert answer.status_code == 400
    assert beside(answer, "address")
    assert fresh(opaque).url == OPAQUE


def test_an_address_of_another_group_is_refused(give, opaque, elsewhere):
    groups.add_alias(elsewhere, "5678")
    assert "innej grupy" in beside(give(WWW + "groups/5678/posts/77"), "address")
    assert fresh(opaque).url == OPAQUE


def test_an_address_that_another_entry_has_leads_there(give, opaque, leoncin):
    there = take(leoncin, id="p1", url=POST)
    answer = give(POST)
    assert answer.status_code == 409
    assert f'href="/entries/{there.id}"' in answer.text
    assert fresh(opaque).url == OPAQUE


def test_an_address_is_given_once_and_only_to_what_was_added_by_hand(give, opaque, leoncin):
    platforms = take(leoncin, id="p2", url=OPAQUE)
    assert give(POST).status_code == 303
    assert give(WWW + "groups/1234/posts/78", opaque).status_code == 400
    assert give(WWW + "groups/1234/posts/78", platforms).status_code == 400
    assert (fresh(opaque).url, fresh(platforms).url) == (POST, OPAQUE)


def test_the_page_for_an_address_is_there_only_while_it_is_lacking(give, opaque, browse, anna):
    client, path = browse(anna), f"/intake/entries/{opaque.id}/address"
    assert "otwórz i wklej adres z paska" in page_of(client.get(path))
    give(POST)
    assert client.get(path).location == f"/entries/{opaque.id}"


def test_who_does_not_work_in_the_group_gives_no_address(opaque, browse, stranger):
    client = browse(stranger)
    path = f"/intake/entries/{opaque.id}/address"
    assert client.get(path).status_code == client.submit(path, link=POST).status_code == 404


@pytest.mark.parametrize(
    ("changes", "is_offered"),
    [
        ({}, True),
        ({"text": "DZIEŃ  dobry.", "author": "jan nowak"}, True),
        ({"author": "Ewa Nowak"}, False),
        ({"text": "Dobry wieczór."}, False),
        ({"author": ""}, False),
    ],
)
def test_the_same_words_of_the_same_author_under_another_id_are_offered(
    capture, changes, is_offered
):
    """A number and a pfbid may be one post: a person sees it, nothing is joined by itself."""
    capture()
    other = {"link": WWW + "groups/1234/posts/pfbid0abc/", "look": "1"} | changes
    assert ("Facebook daje jednemu postowi dwa adresy" in page_of(capture(**other))) == is_offered
    assert Entry.select().count() == 1
