"""Sessions are rows: they are listed, ended one by one, and end by themselves when unused."""

import html
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from playhouse.test_utils import count_queries

from console import config
from console.people import sessions
from console.people.browsers import browser_of, system_of
from console.storage import db, now
from models import AuditRecord, Session, User
from tests.cast import DAY, PASSWORD, user

MINE = "/people/sessions"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = (
    "Mozilla/5.0 (Linux; Android 15; SM-A556B) AppleWebKit/537.36 (KHTML, like Gecko) "
    "SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36"
)


def is_signed_in(client) -> bool:
    return client.get("/people/account").status_code == 200


def let_pass(time: timedelta) -> None:
    for session in Session.select():
        for moment in ("created", "seen", "confirmed"):
            setattr(session, moment, getattr(session, moment) - time)
        session.save()


def sign_in(client, **more):
    answer = client.submit("/people/sign-in", name="anna", password=PASSWORD, **more)
    assert answer.status_code == 303
    return client


@pytest.mark.databases("sqlite", "postgres")
def test_a_copied_cookie_is_of_no_use_after_the_sign_out(browse, anna):
    client, thief = browse(anna), browse()
    thief.set_cookie("session", client.get_cookie("session").value)
    assert is_signed_in(thief)
    client.submit("/people/sign-out")
    assert not is_signed_in(thief)
    assert not Session.select().exists()


def test_the_cookie_does_not_hold_what_the_row_holds(browse, anna):
    client = browse(anna)
    with client.session_transaction() as cookie:
        key = cookie["_user_id"]
    assert len(key) > 40
    assert key not in Session.get().key_hash


def test_signing_in_again_in_the_same_browser_ends_the_session_before(browse, anna, administrator):
    client = browse(administrator)
    sign_in(client)
    assert [session.user for session in Session.select()] == [anna]


# --- ending by themselves ---


def test_unused_for_twelve_hours_a_session_ends(browse, anna):
    client = browse(anna)
    let_pass(timedelta(hours=11, minutes=59))
    assert is_signed_in(client)  # it is used, so the time begins anew
    let_pass(timedelta(hours=11, minutes=59))
    assert is_signed_in(client)
    let_pass(timedelta(hours=12))
    assert not is_signed_in(client)


def test_how_long_it_may_be_unused_is_a_setting_of_the_moment_it_begins(app, anna):
    config.use(replace(config.settings(), idle_hours=1))
    session, key = sessions.begin(anna, "", "192.0.2.1")
    config.use(app.config["SETTINGS"])
    assert session.ends - session.seen == timedelta(hours=1)
    assert sessions.find(key)
    let_pass(timedelta(hours=1))
    assert sessions.find(key) is None


def test_an_open_page_alone_does_not_keep_a_session(browse, anna, held):
    client = browse(anna)
    let_pass(timedelta(hours=11, minutes=59))
    assert client.get("/queue/live?after=0").status_code == 200
    assert client.get(f"/queue/cards?id={held.id}").status_code == 200
    let_pass(timedelta(minutes=1))
    assert client.get("/queue/live?after=0").status_code == 303
    assert not is_signed_in(client)


def test_ones_own_device_stays_signed_in_for_fourteen_days_and_no_longer(browse, anna):
    client = sign_in(browse(), own_device="y")
    let_pass(13 * DAY)
    assert is_signed_in(client)
    let_pass(DAY)
    assert not is_signed_in(client)


def test_a_session_that_is_used_every_day_ends_after_fourteen_days_too(browse, anna):
    client = browse(anna)
    for _hours in range(0, 14 * 24, 8):
        assert is_signed_in(client)
        let_pass(timedelta(hours=8))
    assert not is_signed_in(client)


def test_rows_that_nobody_can_return_to_go_at_the_next_sign_in(browse, anna, stranger):
    browse(stranger)
    let_pass(14 * DAY)
    browse(anna)
    assert [session.user for session in Session.select()] == [anna]


def test_of_many_sessions_of_a_user_the_longest_unused_gives_way(anna, stranger):
    sessions.begin(stranger, "", "192.0.2.1")
    begun = [sessions.begin(anna, "", "192.0.2.1") for _number in range(sessions.MOST)]
    Session.update(seen=now() - DAY / 4).where(Session.id == begun[3][0].id).execute()
    sessions.begin(anna, "", "192.0.2.1")
    assert len(sessions.sessions_of(anna)) == sessions.MOST
    assert sessions.find(begun[3][1]) is None
    assert sessions.numbers() == {anna.id: sessions.MOST, stranger.id: 1}


# --- what it costs ---


@pytest.mark.databases("sqlite", "postgres")
def test_who_asks_and_their_session_are_found_by_one_query(browse, anna):
    _session, key = sessions.begin(anna, FIREFOX, "192.0.2.1")
    with count_queries() as counted:
        found = sessions.find(key)
        assert (found.user.name, found.user.role) == ("anna", User.MODERATOR)
    assert counted.count == 1


@pytest.mark.databases("sqlite", "postgres")
def test_that_it_was_seen_is_written_once_a_minute(browse, anna):
    client = browse(anna)

    def queries() -> int:
        with count_queries() as counted:
            assert client.get("/queue/held").status_code == 200
        return counted.count

    few = queries()
    let_pass(timedelta(minutes=1))
    assert queries() == few + 1
    assert now() - Session.get().seen < timedelta(seconds=30)
    assert queries() == few


def test_a_page_is_shown_though_nothing_can_be_written(browse, anna):
    client = browse(anna)
    let_pass(timedelta(minutes=5))
    db.execute_sql("PRAGMA query_only = 1")
    assert client.get("/queue/held").status_code == 200
    db.execute_sql("PRAGMA query_only = 0")
    assert now() - Session.get().seen > timedelta(minutes=4)


# --- "Moje sesje" ---


def rows(page: str) -> list[str]:
    listed = page.split('class="trail"')[1].split("</ul>")[0]
    texts = re.findall(r"<li>(.*?)</li>", listed, re.DOTALL)
    return [" ".join(html.unescape(re.sub("<[^>]+>", " ", text)).split()) for text in texts]


def test_ones_own_sessions_are_listed_in_plain_words(browse, anna, stranger):
    browse(stranger)
    phone = browse()
    phone.environ_base |= {"HTTP_USER_AGENT": PHONE, "REMOTE_ADDR": "192.0.2.7"}
    sign_in(phone)
    let_pass(timedelta(hours=2))
    here = browse()
    here.environ_base["HTTP_USER_AGENT"] = FIREFOX
    sign_in(here)
    first, second = rows(here.get(MINE).text)
    assert first.startswith("Firefox, Windows ta sesja 127.0.0.1 · ostatnio: przed chwilą")
    assert "Zakończ" not in first
    assert second.startswith("Samsung Internet, Android 192.0.2.7 · ostatnio: 2 godz. temu")
    assert second.endswith("Zakończ")


def test_a_browser_that_is_not_known_is_listed_as_such(browse, anna):
    client = browse()
    client.environ_base["HTTP_USER_AGENT"] = "<script>alert(1)</script>"
    page = sign_in(client).get(MINE).text
    assert rows(page)[0].startswith("nieznana przeglądarka ta sesja")
    assert "<script>alert" not in page


@pytest.mark.parametrize(
    ("user_agent", "named"),
    [
        (FIREFOX, ("Firefox", "Windows")),
        (PHONE, ("Samsung Internet", "Android")),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 "
            "(KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
            ("Safari", "iPhone"),
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like "
            "Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0",
            ("Edge", "macOS"),
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/131.0.0.0 Safari/537.36",
            ("Chrome", "Linux"),
        ),
        ("curl/8.5.0", ("", "")),
        ("", ("", "")),
    ],
)
def test_a_browser_is_known_by_what_it_calls_itself(user_agent, named):
    assert (browser_of(user_agent), system_of(user_agent)) == named


@pytest.mark.databases("sqlite", "postgres")
def test_one_of_ones_sessions_is_ended(browse, anna):
    here, there, third = browse(anna), browse(anna), browse(anna)
    other = Session.select().order_by(Session.id)[1]
    answer = here.submit(f"{MINE}/{other.id}")
    assert (answer.status_code, answer.location) == (303, MINE)
    assert [is_signed_in(client) for client in (here, there, third)] == [True, False, True]
    assert here.submit(f"{MINE}/{other.id}").status_code == 404  # gone already


@pytest.mark.databases("sqlite", "postgres")
def test_all_others_of_ones_sessions_are_ended(browse, anna, stranger):
    here, there, third, foreign = browse(anna), browse(anna), browse(anna), browse(stranger)
    assert "Zakończ wszystkie inne (2)" in here.get(MINE).text
    for _time in range(2):
        assert here.submit(MINE).status_code == 303
        assert [is_signed_in(each) for each in (here, there, third)] == [True, False, False]
    assert is_signed_in(foreign)
    assert "Zakończ wszystkie inne" not in here.get(MINE).text


def test_nobody_else_s_session_is_ended_or_seen(browse, anna, stranger, administrator):
    client = browse(stranger)
    theirs = Session.get()
    for who in (anna, administrator):
        assert browse(who).submit(f"{MINE}/{theirs.id}").status_code == 404
    assert is_signed_in(client)
    assert len(rows(browse(anna).get(MINE).text)) == 2


@pytest.mark.parametrize("path", [MINE, f"{MINE}/1"])
def test_a_session_that_was_left_open_ends_no_others(browse, anna, path):
    client = browse(anna)
    let_pass(sessions.CONFIRMED_FOR)
    answer = client.submit(path)
    assert answer.status_code == 307
    assert answer.location.startswith("/people/confirm")
    assert is_signed_in(client)


def test_sessions_are_ended_by_a_form_only(browse, anna):
    assert browse(anna).get(f"{MINE}/{Session.get().id}").status_code == 405


def test_the_account_leads_to_ones_sessions(browse, anna):
    assert f'href="{MINE}"' in browse(anna).get("/people/account").text


# --- an administrator ---


@pytest.mark.databases("sqlite", "postgres")
def test_an_administrator_ends_all_sessions_of_a_user(browse, anna, administrator):
    first, second, boss = browse(anna), browse(anna), browse(administrator)
    assert "Zakończ sesje (2)" in boss.get("/people/users").text
    answer = boss.submit(f"/people/users/{anna.id}", change="sign-out")
    assert answer.status_code == 303
    assert not is_signed_in(first)
    assert not is_signed_in(second)
    assert is_signed_in(boss)
    record = AuditRecord.select().order_by(AuditRecord.id.desc()).get()
    assert (record.by, record.act, record.subject) == (administrator, "user.signed-out", "anna")
    assert is_signed_in(browse(anna))  # nothing keeps them from signing in


def test_who_has_no_session_has_no_button_for_them(browse, anna, administrator):
    user("ola")
    page = browse(administrator).get("/people/users").text
    assert page.count('value="sign-out"') == 1  # the administrator's own


def test_a_moderator_ends_nobody_s_sessions(browse, anna, administrator):
    boss = browse(administrator)
    path = f"/people/users/{administrator.id}"
    assert browse(anna).submit(path, change="sign-out").status_code == 404
    assert is_signed_in(boss)
