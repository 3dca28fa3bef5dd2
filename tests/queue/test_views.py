"""The pages of the queue: works, writes its rows, repeats safely, outsider 404, GET 405."""

import re

import pytest

from console.entries import decisions
from console.groups import units
from models import Decision
from tests.cast import author, event, fresh, rule, submission, take


def form_of(page: str, entry) -> dict[str, str]:
    """The hidden fields of the entry's card."""
    card = page.split(f'id="entry-{entry.id}"')[1].split("</article>")[0]
    return dict(re.findall(r'name="(version|key|back)" value="([^"]*)"', card))


@pytest.fixture
def desk(browse, anna):
    return browse(anna)


def test_a_card_says_who_what_why_and_offers_the_decisions(desk, held):
    page = desk.get("/queue/held").text
    assert "Ewa Kowalska" in page
    assert "Sąsiad to <mark>idiota</mark>." in page
    assert "słowo: idiota" in page
    assert 'value="release"' in page
    assert 'value="remove:hate"' in page
    assert 'value="tag:spam"' in page


def test_a_card_of_an_answer_names_the_comment_it_answers_and_the_post_above(desk, leoncin):
    post = take(leoncin, id="post", text="Zebranie w piątek.", author=named("Urząd"))
    comment = take(leoncin, **on("post", id="comment", text="Znowu?", author=named("Jan")))
    take(leoncin, **on("comment", id="answer", text="Idiota.", author=named("Ola")))
    page = re.sub(r"<bdi>|</bdi>|</a>", "", " ".join(desk.get("/queue/held").text.split()))
    assert f'pod: <a href="/entries/{post.id}">Urząd – Zebranie w piątek.' in page
    assert f'odpowiedź na: <a href="/entries/{comment.id}">Jan – Znowu?' in page


def on(parent: str, **data) -> dict:
    return {"kind": "comment", "parent_id": parent, **data}


def named(name: str) -> dict:
    return event()["data"]["author"] | {"id": name, "name": name}


def test_a_card_says_why_its_author_is_on_the_whitelist_or_not(desk, leoncin, osp):
    take(leoncin, id="fire", author=author(osp), held={"by": "platform", "reason": "spam"})
    assert "✓ na białej liście: jednostka z umową<" in desk.get("/queue/held").text
    units.designate(osp.unit, osp.external_id, osp.name, osp.url, active=False)
    take(leoncin, id="again", author=author(osp), held={"by": "platform", "reason": "spam"})
    assert "profil jednostki jest wyłączony" in desk.get("/queue/held").text


def test_a_photo_that_browsers_would_refuse_is_a_link(desk, leoncin):
    photos = [
        {"type": "photo", "url": f"{scheme}://a.example/1.jpg"} for scheme in ("http", "https")
    ]
    take(leoncin, text="Idiota.", media=photos)
    page = desk.get("/queue/held").text
    assert '<a class="button photo" href="https://a.example/1.jpg"' in page
    assert '<a href="http://a.example/1.jpg"' in page


def test_one_click_releases_and_leads_back_to_the_list_with_undo(desk, held):
    form = form_of(desk.get("/queue/held").text, held)
    answer = desk.submit(f"/entries/{held.id}/decisions", decision="release", **form)
    assert (answer.status_code, answer.location) == (303, f"/queue/held?decided={held.id}")
    assert fresh(held).is_published
    page = desk.get(answer.location).text
    assert "Przepuszczono – anna" in page
    assert 'value="undo"' in page


def test_one_click_removes_for_a_rule_and_undo_brings_it_back(desk, held):
    form = form_of(desk.get("/queue/held").text, held)
    desk.submit(f"/entries/{held.id}/decisions", decision="remove:hate", **form)
    assert fresh(held).is_removed
    form = form_of(desk.get(f"/entries/{held.id}").text, held)
    desk.submit(f"/entries/{held.id}/decisions", decision="undo", **form)
    assert fresh(held).is_held


def test_htmx_gets_the_card_and_the_counts(desk, held):
    form = form_of(desk.get("/queue/held").text, held)
    path = f"/entries/{held.id}/decisions"
    answer = desk.submit(path, htmx=True, decision="release", **form)
    assert answer.status_code == 200
    assert answer.text.count("<article") == 1
    assert 'hx-target="#lists"' in answer.text
    assert "<html" not in answer.text


@pytest.mark.databases("sqlite", "postgres")
def test_the_same_form_twice_is_one_decision(desk, held):
    form = form_of(desk.get("/queue/held").text, held)
    for _time in range(2):
        answer = desk.submit(f"/entries/{held.id}/decisions", decision="release", **form)
        assert answer.status_code == 303
    assert Decision.select().where(Decision.actor == "staff").count() == 1


@pytest.mark.databases("sqlite", "postgres")
@pytest.mark.parametrize("htmx", [True, False])
def test_a_stale_form_gets_409_and_the_card_as_it_is(htmx, desk, held, administrator):
    form = form_of(desk.get("/queue/held").text, held)
    decisions.release(held, administrator, submission(held))
    path = f"/entries/{held.id}/decisions"
    answer = desk.submit(path, htmx=htmx, decision="remove:hate", **form)
    assert answer.status_code == 409
    assert "Ktoś był szybszy" in answer.text
    assert "Przepuszczono – administrator" in answer.text
    assert fresh(held).is_published


@pytest.mark.parametrize(
    "wrong",
    [
        {"decision": "remove:no-such-rule"},
        {"decision": "remove"},
        {"decision": "destroy"},
        {"decision": ""},
        {"version": "x"},
        {"version": ""},
        {"key": "short"},
        {"key": "x" * 65},
    ],
)
def test_a_form_that_is_not_right_is_refused_with_a_reason(wrong, desk, held):
    form = form_of(desk.get("/queue/held").text, held) | {"decision": "release"} | wrong
    answer = desk.submit(f"/entries/{held.id}/decisions", **form)
    assert answer.status_code == 400
    assert 'class="refusal"' in answer.text
    assert fresh(held).is_held


def test_a_retired_rule_removes_nothing(desk, held, leoncin):
    retired = rule(leoncin)
    retired.retired = True
    retired.save()
    form = form_of(desk.get("/queue/held").text, held)
    answer = desk.submit(f"/entries/{held.id}/decisions", decision="remove:hate", **form)
    assert answer.status_code == 400
    assert fresh(held).is_held


def test_to_an_outsider_the_entry_does_not_exist(browse, stranger, held):
    outsider = browse(stranger)
    assert outsider.get(f"/entries/{held.id}").status_code == 404
    assert outsider.get("/queue/held?group=leoncin").status_code == 404
    assert outsider.get(f"/queue/held?decided={held.id}").status_code == 404
    form = {"decision": "release", "version": held.version, "key": "k" * 16}
    assert outsider.submit(f"/entries/{held.id}/decisions", **form).status_code == 404
    assert "Sąsiad" not in outsider.get("/queue/held").text
    assert fresh(held).is_held


def test_decisions_are_not_fetched(desk, held):
    assert desk.get(f"/entries/{held.id}/decisions").status_code == 405


@pytest.mark.databases("sqlite", "postgres")
@pytest.mark.parametrize("id", ["0", "999999", "99999999999999999999"])
def test_an_entry_that_is_not_there_is_404(id, desk):
    assert desk.get(f"/entries/{id}").status_code == 404


def test_back_leads_nowhere_else(desk, held):
    form = form_of(desk.get("/queue/held").text, held) | {"back": "https://example.com/"}
    answer = desk.submit(f"/entries/{held.id}/decisions", decision="release", **form)
    assert answer.location.startswith(f"/entries/{held.id}?")


def test_the_entrys_page_shows_thread_revisions_and_trail(desk, leoncin, held):
    take(leoncin, id="c1", kind="comment", parent_id="held", text="Wcale nie.")
    take(leoncin, "entry.updated", id="held", text="Sąsiad to kompletny idiota.")
    page = desk.get(f"/entries/{held.id}").text
    assert "Wcale nie." in page
    assert "Sąsiad to idiota." in page
    assert "kompletny <mark>idiota</mark>" in page
    assert "Zatrzymano – automat" in page
    assert "Autor zmienił wpis" in page


@pytest.mark.databases("sqlite", "postgres")
def test_comments_that_answer_each_other_in_a_circle_are_shown(desk, leoncin):
    take(leoncin, id="a", kind="comment", parent_id="b")
    entry = take(leoncin, id="b", kind="comment", parent_id="a")
    assert desk.get(f"/entries/{entry.id}").status_code == 200


@pytest.mark.databases("sqlite", "postgres")
def test_lists_lead_to_their_next_page(desk, leoncin):
    for number in range(52):
        take(leoncin, id=f"p{number}", text="To idiota.")
    first = desk.get("/queue/held").text
    following = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")
    assert desk.get(following).text.count("<article") == 2


def test_a_card_tells_what_became_of_the_authors_entries_before(desk, leoncin, anna, held):
    def past() -> str:
        card = desk.get(f"/entries/{held.id}").text.split('class="past"')
        return " ".join(card[1].split("<")[0].split()) if len(card) > 1 else ""

    assert past() == ""
    others = [take(leoncin, id=f"p{number}", text="To idiota.") for number in range(3)]
    decisions.release(others[0], anna, submission(others[0]))
    for other in others[1:]:
        decisions.remove(other, anna, submission(other), [rule(leoncin, "spam")])
    assert "przepuszczono 1, usunięto 2 (Spam i reklama)" in past()
    decisions.undo(fresh(others[0]), anna, submission(others[0]))
    decisions.undo(fresh(others[1]), anna, submission(others[1]))
    assert "przepuszczono 0, usunięto 1 (Spam i reklama)" in past()


def test_after_a_decision_the_list_one_is_in_stays_marked(desk, held):
    form = form_of(desk.get("/queue/held").text, held)
    answer = desk.submit(f"/entries/{held.id}/decisions", htmx=True, decision="release", **form)
    assert 'class="held" href="/queue/held" aria-current="page"' in answer.text


def test_on_an_entrys_own_page_a_decision_loads_the_page_anew(desk, held):
    form = form_of(desk.get(f"/entries/{held.id}").text, held)
    answer = desk.submit(f"/entries/{held.id}/decisions", htmx=True, decision="release", **form)
    assert answer.headers["HX-Refresh"] == "true"


def test_of_a_long_text_the_part_that_was_found_is_shown(desk, leoncin):
    take(
        leoncin, id="long", text="Bardzo długi wpis. " * 200 + "Sąsiad to idiota." + " Koniec." * 99
    )
    page = desk.get("/queue/held").text
    assert "<mark>idiota</mark>" in page
    assert "Pokaż całość" in page


def test_of_an_author_without_a_unit_no_more_is_said_than_that(desk, held):
    """Nobody knows whether an advertiser is a resident."""
    page = desk.get("/queue/held").text
    assert '<span class="badge">bez jednostki</span>' in page
    assert "mieszkaniec" not in page
