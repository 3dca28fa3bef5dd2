"""*To do*: what people must carry out on Facebook, and what they say of it."""

import re
from datetime import timedelta

import pytest
from playhouse.test_utils import count_queries

from console.entries import decisions
from console.errors import Changed, NotFound, Refused
from console.groups.templates import write
from console.live.feed import missed_since
from console.outbox.connections import connection_of
from console.outbox.deliveries import put
from console.platforms import connections, tasks
from console.queue.lists import counts_of, desk_of
from console.storage import now
from models import Delivery, Entry, User
from tests.cast import fresh, on_facebook, rule, submission, take, user

HELD_THERE = {"by": "platform", "reason": "spam"}
PATH = "/platforms/tasks"


@pytest.fixture
def there(leoncin):
    return on_facebook(leoncin)


@pytest.fixture
def jan(leoncin):
    return user("jan", User.MODERATOR, leoncin)


def decide(verb: str, entry, by, *codes: str):
    what = [[rule(entry.group, code) for code in codes]] if codes else []
    return decisions.VERBS[verb].decide(fresh(entry), by, submission(entry), *what)


def stand(entry, stands: str):
    Entry.update(stands=stands).where(Entry.id == entry.id).execute()
    return fresh(entry)


def task() -> Delivery:
    return Delivery.get(Delivery.to_do())


def kinds() -> list[tuple[str, str]]:
    return [(row.kind, row.state) for row in Delivery.select().order_by(Delivery.id)]


# --- what there is to do ---


def test_what_breaks_facebooks_terms_is_reported_there_before_it_is_deleted(there, anna):
    decide("remove", take(there), anna, "hate", "platform-terms")
    listed, _next = tasks.page(anna, None)
    assert [each.kind for each in listed] == ["report", "remove"]


def test_what_members_reported_there_and_staff_kept_is_kept_there(there, anna):
    entry = stand(take(there), Entry.REPORTED)
    take(there, "report.created", entry_id=entry.external_id)
    decide("keep", entry, anna)
    assert kinds() == [("keep", Delivery.TO_DO)]
    decide("undo", entry, anna)
    assert kinds() == [("keep", Delivery.CANCELLED)]


def test_a_report_that_nobody_saw_there_has_nothing_to_keep(there, anna):
    entry = take(there)
    take(there, "report.created", entry_id=entry.external_id)
    decide("keep", entry, anna)
    assert kinds() == []


def test_once_kept_there_it_is_reported_there_no_more(there, anna):
    entry = stand(take(there), Entry.REPORTED)
    take(there, "report.created", entry_id=entry.external_id)
    decide("keep", entry, anna)
    tasks.done(task(), anna)
    assert fresh(entry).stands == Entry.VISIBLE


def test_the_most_urgent_come_first_and_of_those_the_oldest(there, osp, anna):
    late, early = (decide("remove", take(there, id=id), anna, "hate") for id in "ab")
    Delivery.update(due=now() - timedelta(hours=1)).where(Delivery.decision == early).execute()
    unit = {"id": "osp", "name": "OSP", "url": ""}
    urgent = decide("release", take(there, id="c", author=unit, held=HELD_THERE), anna)
    listed, _next = tasks.page(anna, None)
    assert [each.decision_id for each in listed] == [urgent.id, early.id, late.id]


def test_the_list_goes_on_by_key(there, anna, administrator, monkeypatch):
    for number in range(7):
        decide("remove", take(there, id=str(number)), anna, "hate")
    Delivery.update(urgency=1).where(Delivery.id == 4).execute()
    monkeypatch.setattr(tasks, "PAGE", 3)
    for name in ("_page_of_all", "_page_in_seats"):
        monkeypatch.setattr(tasks, name, getattr(tasks, name).__wrapped__)
    for who in (anna, administrator):
        found, after = [], None
        for _page in range(3):
            listed, after = tasks.page(who, after and tasks.After.parse(str(after)))
            found += [each.id for each in listed]
        assert after is None
        assert found == [4, 1, 2, 3, 5, 6, 7]


def test_strangers_see_and_settle_nothing(there, anna, stranger):
    decide("remove", take(there), anna, "hate")
    assert tasks.page(stranger, None) == ([], None)
    assert desk_of(stranger).counts["tasks"] == 0
    assert desk_of(anna).counts["tasks"] == counts_of([there.id])["tasks"] == 1
    with pytest.raises(NotFound):
        tasks.find(stranger, task().id)


def test_what_the_worker_sends_is_no_task(leoncin, anna):
    other = put(connection_of(leoncin.id), "decision", now(), entry=take(leoncin))
    with pytest.raises(NotFound):
        tasks.find(anna, other.id)


def test_what_was_opened_is_settled_though_the_group_has_moved_since(there, anna):
    decide("remove", take(there), anna, "hate")
    tasks.open_task(task(), anna)
    connections.choose_platform(there, "webhook")
    [listed], _next = tasks.page(anna, None)
    tasks.done(tasks.find(anna, listed.id), anna)
    assert kinds() == [("remove", Delivery.DONE)]


def test_a_task_may_be_about_a_profile(there, anna, browse):
    profile = take(there).profile
    connection = connection_of(there.id)
    made = Delivery.create(
        connection=connection,
        kind="preapprove",
        profile=profile,
        idempotency_key="preapprove-1",
        due=now(),
        state=Delivery.TO_DO,
    )
    page = browse(anna).get(PATH).text
    assert "Zatwierdź z góry posty tego profilu" in page
    assert profile.name in page
    assert tasks.shown(made.id).url == profile.url


# --- what people say of it ---


def test_an_opened_task_is_not_cancelled_since_it_may_have_been_done(there, anna, jan):
    entry = take(there)
    decide("remove", entry, anna, "hate")
    tasks.open_task(task(), jan)
    decide("undo", entry, anna)
    shown = tasks.shown(task().id)
    assert (shown.is_taken_back, shown.opened_by) == (True, "jan")
    tasks.not_done(task(), jan)
    assert kinds() == [("remove", Delivery.CANCELLED)]
    assert fresh(entry).platform_state == Entry.PUBLISHED


def test_the_answer_that_it_was_not_done_orders_what_stands_now(there, anna):
    entry = take(there, held=HELD_THERE)
    decide("remove", entry, anna, "hate")
    tasks.open_task(task(), anna)
    decide("release", entry, anna)
    tasks.not_done(task(), anna)
    assert kinds() == [("remove", Delivery.CANCELLED), ("release", Delivery.TO_DO)]


def test_decided_once_more_the_same_way_an_opened_task_stands_again(there, anna):
    entry = take(there)
    decide("remove", entry, anna, "hate")
    tasks.open_task(task(), anna)
    decide("undo", entry, anna)
    again = decide("remove", entry, anna, "spam")
    assert not tasks.shown(task().id).is_taken_back
    assert task().decision == again
    with pytest.raises(Changed):
        tasks.not_done(task(), anna)


def test_what_was_taken_back_and_yet_done_is_told_as_it_is(there, anna):
    entry = take(there)
    decide("remove", entry, anna, "hate")
    cancelled = task()
    decide("undo", entry, anna)
    tasks.done(cancelled, anna)
    assert kinds() == [("remove", Delivery.DONE)]
    assert fresh(entry).platform_state == Entry.REMOVED


def test_an_answer_that_comes_late_does_not_bring_back_what_is_gone(there, anna):
    entry = take(there, held=HELD_THERE)
    decide("release", entry, anna)
    approval = task()
    decide("remove", entry, anna, "hate")
    tasks.done(task(), anna)
    tasks.done(approval, anna)
    assert fresh(entry).platform_state == Entry.REMOVED


def test_what_hangs_on_a_deleted_post_needs_no_hand_any_more(there, anna):
    post = take(there, id="post")
    comment = take(there, id="comment", kind="comment", parent_id="post")
    decide("remove", comment, anna, "hate")
    decide("remove", post, anna, "hate")
    tasks.done(Delivery.get(Delivery.entry == post), anna)
    assert Delivery.get(Delivery.entry == comment).state == Delivery.CANCELLED


def test_said_twice_it_is_said_once_and_the_second_person_hears_so(there, anna, jan):
    decide("remove", take(there), anna, "hate")
    this = task()
    tasks.done(this, anna)
    tasks.done(this, anna)
    with pytest.raises(Changed):
        tasks.done(this, jan)
    with pytest.raises(Changed):
        tasks.not_possible(this, anna, "Nie ma")
    assert Delivery.get().settled_by == anna


@pytest.mark.parametrize("why", ["", "  ", "x" * 501])
def test_not_possible_needs_a_reason_of_some_length(there, anna, why):
    decide("remove", take(there), anna, "hate")
    with pytest.raises(Refused):
        tasks.not_possible(task(), anna, why)
    assert task().state == Delivery.TO_DO


def test_others_hear_of_what_is_opened_and_settled(there, anna):
    entry = take(there)
    decide("remove", entry, anna, "hate")
    for act in (tasks.open_task, tasks.done):
        before = missed_since(None, 0)["id"]
        act(task(), anna)
        assert missed_since(None, before)["deliveries"] == [entry.id]


# --- pages ---


@pytest.mark.parametrize(
    ("stands", "held", "verb", "words"),
    [
        ("pending", HELD_THERE, "release", "Zatwierdź w „Oczekujących”"),
        ("spam", HELD_THERE, "release", "Zatwierdź w „Potencjalnym spamie”"),
        ("", HELD_THERE, "release", "Zatwierdź: Facebook to zatrzymał"),
        ("pending", HELD_THERE, "remove", "Odrzuć w „Oczekujących”"),
        ("spam", HELD_THERE, "remove", "Odrzuć w „Potencjalnym spamie”"),
        ("published", None, "remove", "Usuń post"),
        ("reported", None, "remove", "Usuń post"),
    ],
)
def test_a_task_says_what_to_do_and_where(browse, there, anna, stands, held, verb, words):
    entry = stand(take(there, held=held), stands)
    decide(verb, entry, anna, *(["hate"] if verb == "remove" else []))
    assert words in browse(anna).get(PATH).text


def test_the_note_names_the_rule_and_its_text_of_that_day(browse, there, anna):
    hate = rule(there)
    write("rule", "Nie obrażamy innych.", anna, group=there, rule=hate)
    decide("remove", take(there), anna, "hate")
    write("rule", "Zupełnie inny tekst.", anna, group=there, rule=hate)
    page = browse(anna).get(PATH).text
    assert f"Narusza zasadę „{hate.name}”.\nNie obrażamy innych.\nJeśli to pomyłka" in page
    assert "Zupełnie inny" not in page


def test_opening_notes_who_and_leads_to_facebook_alone(browse, there, anna):
    decide("remove", take(there), anna, "hate")
    answer = browse(anna).submit(f"{PATH}/{task().id}/open")
    assert answer.status_code == 303
    assert answer.location == "https://www.facebook.com/groups/leoncin/posts/1/"
    assert task().opened_by == anna
    assert re.search(r"anna otworzył\(a\) \d+ s temu", browse(anna).get(PATH).text)


@pytest.mark.parametrize(
    "url",
    [
        "https://facebook.evil/groups/1/posts/1/",
        "https://www.facebook.com@evil.example/groups/1/posts/1/",
        "javascript:alert(1)",
        "//evil.example/",
        "",
    ],
)
def test_no_other_address_is_led_to(browse, there, anna, url):
    decide("remove", take(there, url=url), anna, "hate")
    answer = browse(anna).submit(f"{PATH}/{task().id}/open")
    assert answer.status_code == 400
    assert "location" not in answer.headers
    assert task().opened is None
    assert "Brak linku na Facebooka" in answer.text


def test_outside_ones_groups_there_is_no_task(browse, there, anna, stranger):
    decide("remove", take(there), anna, "hate")
    client, id = browse(stranger), task().id
    assert client.get(f"{PATH}/{id}").status_code == 404
    for act in ("open", "done", "not_possible", "not_done"):
        assert client.submit(f"{PATH}/{id}/{act}", why="x").status_code == 404
    assert task().opened is None


def test_the_second_person_sees_the_task_as_it_now_is(browse, there, anna, jan):
    decide("remove", take(there), anna, "hate")
    id = task().id
    assert browse(anna).submit(f"{PATH}/{id}/done", back=PATH).status_code == 303
    for htmx in (True, False):
        answer = browse(jan).submit(f"{PATH}/{id}/done", htmx=htmx, back=PATH)
        assert answer.status_code == 409
        assert "Ktoś był szybszy" in answer.text
        assert "Zrobione na Facebooku – anna" in answer.text


def test_the_card_never_says_done_before_somebody_said_so(browse, there, anna):
    entry = take(there)
    decide("remove", entry, anna, "hate")
    client, page = browse(anna), f"/entries/{entry.id}"
    before = client.get(page).text
    assert "zapisane – do wykonania na Facebooku" in before
    assert "zrobione na Facebooku" not in before
    client.submit(f"{PATH}/{task().id}/done", back=page)
    after = client.get(page).text
    assert "zrobione na Facebooku – anna" in after
    assert "do wykonania na Facebooku" not in after


def test_the_card_asks_whether_it_was_done_before_it_was_taken_back(browse, there, anna):
    entry = take(there)
    decide("remove", entry, anna, "hate")
    tasks.open_task(task(), anna)
    decide("undo", entry, anna)
    client, page = browse(anna), f"/entries/{entry.id}"
    asking = client.get(page).text.partition("</article>")[0]
    assert "czy zrobiono to na Facebooku?" in asking
    assert "do wykonania na Facebooku" not in asking
    client.submit(f"{PATH}/{task().id}/not_done", back=page)
    assert "czy zrobiono to na Facebooku?" not in client.get(page).text
    assert kinds() == [("remove", Delivery.CANCELLED)]


@pytest.mark.parametrize(
    ("held", "verb", "words"),
    [
        (None, "remove", "na Facebooku nadal widoczny"),
        (HELD_THERE, "release", "na Facebooku nadal zatrzymany"),
        (HELD_THERE, "remove", "na Facebooku nadal zatrzymany"),
    ],
)
def test_what_cannot_be_done_stands_on_the_card(browse, there, anna, held, verb, words):
    entry = take(there, held=held)
    decide(verb, entry, anna, *(["hate"] if verb == "remove" else []))
    client = browse(anna)
    answer = client.submit(f"{PATH}/{task().id}/not_possible", why="Brak przycisku", back=PATH)
    assert answer.status_code == 303
    card = client.get(f"/entries/{entry.id}").text
    assert "Brak przycisku" in card
    assert words in card


def test_the_card_says_before_and_after_an_undo_that_it_cannot_be_brought_back(browse, there, anna):
    entry = take(there)
    decide("remove", entry, anna, "hate")
    client, page = browse(anna), f"/entries/{entry.id}"
    assert "nie da się przywrócić" not in client.get(page).text
    tasks.done(task(), anna)
    before = client.get(page).text
    assert "nie da się przywrócić – poproś autora o ponowne wysłanie" in before
    assert "Prosimy o wysłanie go jeszcze raz" in before
    decide("undo", entry, anna)
    assert "nie da się przywrócić – poproś autora o ponowne wysłanie" in client.get(page).text
    assert kinds() == [("remove", Delivery.DONE)]


def test_a_list_says_so_before_a_restoration(browse, there, anna):
    words = "Przywróć tylko tutaj: na Facebooku już tego nie ma"
    decide("remove", take(there), anna, "hate")
    client = browse(anna)
    assert words not in client.get("/queue/all").text
    tasks.done(task(), anna)
    assert words in client.get("/queue/all").text


def test_what_waits_for_over_an_hour_stands_on_every_page_of_who_has_the_group(
    browse, there, anna, stranger
):
    decide("remove", take(there), anna, "hate")
    clients = browse(anna), browse(stranger)
    words = "Do wykonania na Facebooku od"
    assert all(words not in client.get("/queue/held").text for client in clients)
    Delivery.update(due=now() - timedelta(minutes=61)).execute()
    assert words in clients[0].get("/queue/held").text
    assert words in clients[0].get("/people/account").text
    assert words not in clients[1].get("/queue/held").text


def test_the_list_asks_the_same_of_few_and_of_many(browse, there, anna):
    def queries() -> int:
        with count_queries() as counted:
            assert client.get(PATH).status_code == 200
        return counted.count

    client = browse(anna)
    for id in "ab":
        decide("remove", take(there, id=id), anna, "hate")
    few = queries()
    for number in range(58):
        decide("remove", take(there, id=str(number)), anna, "hate", "spam")
    assert queries() == few <= 9
    assert client.get(PATH).text.count("<article") == 50
