"""On the cards: that a reply's post is removed, and what is offered for a removed post's replies."""

import re
import secrets

import pytest
from playhouse.test_utils import count_queries

from console.entries import decisions
from tests.cast import fresh, rule, submission, take


@pytest.fixture
def post(leoncin):
    post = take(leoncin, id="post", text="Kupię rower.")
    for id, parent in (("comment", "post"), ("answer", "comment")):
        take(leoncin, id=id, kind="comment", parent_id=parent, text=f"Ty idiota, {id}.")
    return post


@pytest.fixture
def desk(browse, anna):
    return browse(anna)


def offer_of(desk, entry) -> str:
    """The value of the button that removes the replies."""
    page = desk.get(f"/entries/{entry.id}").text
    return re.search(r'value="(remove-replies:[^"]*)"', page)[1]


def send(desk, entry, decision, htmx=True, **more):
    if decision == "remove-replies":
        decision = offer_of(desk, entry)
    key = secrets.token_hex(16)
    form = {"version": fresh(entry).version, "key": key, "back": "/queue/held"}
    path = f"/entries/{entry.id}/decisions"
    return desk.submit(path, htmx=htmx, decision=decision, **form | more)


def test_their_cards_say_that_the_post_is_removed(desk, leoncin, post, anna):
    assert 'class="gone"' not in desk.get("/queue/held").text
    decisions.remove(post, anna, submission(post), [rule(leoncin)])
    gone = re.findall(r'class="gone">\s*(.*?)\s*</p>', desk.get("/queue/held").text)
    assert gone == [
        "Post, na który odpowiada, jest usunięty",
        "Post, pod którym stoi, jest usunięty",
    ]


def test_an_answer_says_that_the_comment_is_removed(desk, leoncin, post, anna):
    comment = post.children.get()
    decisions.remove(comment, anna, submission(comment), [rule(leoncin)])
    assert "Komentarz, na który odpowiada, jest usunięty" in desk.get("/queue/held").text


@pytest.mark.parametrize(
    ("removed", "words"),
    [
        (0, "Post lub komentarz wyżej w rozmowie jest usunięty"),
        (2, "Post lub komentarz wyżej w rozmowie jest usunięty"),
        (3, "Komentarz, na który odpowiada, jest usunięty"),
    ],
)
@pytest.mark.databases("sqlite", "postgres")
def test_in_a_deep_thread_it_is_said_of_whatever_is_removed_above(
    desk, leoncin, anna, removed, words
):
    entries = [take(leoncin, id="0")]
    for number in range(1, 5):
        text = "Ty idiota." if number == 4 else "Dzień dobry."
        reply = {"id": str(number), "kind": "comment", "parent_id": str(number - 1)}
        entries.append(take(leoncin, **reply, text=text))
    assert 'class="gone"' not in desk.get("/queue/held").text
    above = entries[removed]
    decisions.remove(above, anna, submission(above), [rule(leoncin)])
    assert words in desk.get("/queue/held").text
    decisions.undo(fresh(above), anna, submission(above))
    assert 'class="gone"' not in desk.get("/queue/held").text


def test_the_removal_offers_them_and_one_undo_takes_all_back(desk, post):
    offer = "Usuń też zatrzymane odpowiedzi (2)"
    assert offer in send(desk, post, "remove:spam").text
    assert offer in desk.get(f"/entries/{post.id}").text
    removed = send(desk, post, "remove-replies").text
    assert offer not in removed
    assert 'value="undo-with-replies"' in removed
    assert "<article" not in desk.get("/queue/held").text
    assert send(desk, post, "undo-with-replies").status_code == 200
    assert fresh(post).is_published
    assert desk.get("/queue/held").text.count("<article") == 2


def test_without_javascript_the_form_leads_back_to_its_list(desk, post):
    send(desk, post, "remove:spam")
    answer = send(desk, post, "remove-replies", htmx=False)
    assert answer.status_code == 303
    assert answer.location == f"/queue/held?decided={post.id}"


def test_whose_reply_was_decided_since_is_said_on_the_posts_card(desk, post, administrator):
    send(desk, post, "remove:spam")
    send(desk, post, "remove-replies")
    comment = post.children.get()
    decisions.release(comment, administrator, submission(comment))
    answer = send(desk, post, "undo-with-replies")
    assert "zostają, jak są: Ewa Kowalska." in answer.text
    assert fresh(post).is_published
    assert fresh(comment).is_published


def test_a_stale_form_removes_none(desk, post, administrator):
    send(desk, post, "remove:spam")
    shown = offer_of(desk, post)
    decisions.release(fresh(post), administrator, submission(post))
    answer = send(desk, post, shown, version=fresh(post).version - 1)
    assert answer.status_code == 409
    assert post.children.get().is_held


def test_what_came_in_after_the_card_was_shown_is_not_removed(desk, leoncin, post):
    send(desk, post, "remove:spam")
    shown = offer_of(desk, post)
    new = take(leoncin, id="new", kind="comment", parent_id="post", text="Inny idiota.")
    assert "Usuń też zatrzymane odpowiedzi (1)" in send(desk, post, shown).text
    assert fresh(new).is_held


@pytest.mark.parametrize("replies", [":", ":x", ":1:", ":0:1", f":{'9' * 30}:1", ":1:1,,"])
def test_nonsense_removes_none(desk, post, replies):
    send(desk, post, "remove:spam")
    assert send(desk, post, f"remove-replies{replies}").status_code == 200
    assert post.children.get().is_held


def test_an_outsider_removes_none(browse, stranger, leoncin, post, anna):
    decisions.remove(post, anna, submission(post), [rule(leoncin)])
    comment = post.children.get()
    shown = f"remove-replies:{comment.id}:{comment.version}"
    assert send(browse(stranger), post, shown).status_code == 404
    assert fresh(comment).is_held


def test_a_decided_card_asks_the_same_of_few_and_of_many_replies(desk, leoncin, post):
    def queries() -> int:
        with count_queries() as counted:
            desk.get(f"/queue/cards?id={post.id}&since=0")
        return counted.count

    send(desk, post, "remove:spam")
    few = queries()
    for number in range(20):
        take(leoncin, id=f"c{number}", kind="comment", parent_id="post", text=f"Idiota {number}.")
    assert queries() == few
