"""One-time links: a user sets their own password."""

from datetime import timedelta

import pytest

from console.errors import NotFound, Refused
from console.people import links, signin, users
from console.storage import now
from models import AuditRecord, OneTimeLink
from tests.cast import PASSWORD, beside, fresh, link_in, user

HERE = "192.0.2.1"
NEW = "quiet lantern seldom swims"


@pytest.fixture
def link(anna, administrator) -> str:
    """The path of a link for anna."""
    return link_in(links.make(administrator, anna))


def is_signed_in(client) -> bool:
    return client.get("/people/account").status_code == 200


@pytest.mark.databases("sqlite", "postgres")
def test_a_new_user_sets_a_password_by_the_link_that_is_shown_once(browse, administrator, leoncin):
    boss = browse(administrator)
    page = boss.submit("/people/users", name="ola", role="moderator", group=[leoncin.id]).text
    path = link_in(page)
    assert f">http://localhost:8000{path}</textarea>" in page
    assert path not in boss.get("/people/users").text
    client = browse()
    form = client.get(path)
    assert 'value="ola"' in form.text
    assert form.headers["Referrer-Policy"] == "no-referrer"
    answer = client.submit(path, password=NEW)
    assert (answer.status_code, answer.location) == (303, "/")
    assert is_signed_in(client)
    assert signin.sign_in("ola", NEW, HERE).name == "ola"


def test_a_new_link_ends_the_sessions_and_the_old_password_only_when_it_is_used(
    browse, anna, administrator
):
    hers, boss = browse(anna), browse(administrator)
    path = link_in(boss.submit(f"/people/users/{anna.id}", change="link").text)
    assert is_signed_in(hers)
    browse().submit(path, password=NEW)
    assert not is_signed_in(hers)
    assert is_signed_in(boss)
    with pytest.raises(Refused):
        signin.sign_in("anna", PASSWORD, HERE)


def test_its_token_is_not_kept(link):
    token = link.rpartition("/")[2]
    assert token not in str(OneTimeLink.get().__data__)
    assert len(token) >= 40


@pytest.mark.databases("sqlite", "postgres")
def test_it_works_once(browse, link):
    assert browse().submit(link, password=NEW).status_code == 303
    for answer in (browse().get(link), browse().submit(link, password=NEW + "!")):
        assert answer.status_code == 404
        assert "Ten link został już użyty" in answer.text
        assert "powiedz o tym zaraz administratorowi" in answer.text
    assert signin.sign_in("anna", NEW, HERE)


def test_looking_at_it_does_not_use_it_up(browse, link):
    for _ in range(3):
        assert browse().get(link).status_code == 200
    assert browse().submit(link, password=NEW).status_code == 303


def test_after_a_day_it_works_no_longer(browse, link):
    row = OneTimeLink.get()
    assert timedelta(hours=23) < row.expires - now() <= timedelta(days=1)
    row.expires = now()
    row.save()
    for answer in (browse().get(link), browse().submit(link, password=NEW)):
        assert answer.status_code == 404
        assert "Poproś administratora o nowy" in answer.text
    assert signin.sign_in("anna", PASSWORD, HERE)


@pytest.mark.parametrize("token", ["x", "x" * 5000, "%C5%BC", "' OR 1=1"])
def test_an_unknown_one_says_what_to_do(browse, link, token):
    answer = browse().get(f"/people/links/{token}")
    assert answer.status_code == 404
    assert "Ten link jest nieprawidłowy" in answer.text


def test_one_that_is_for_something_else_sets_no_password(link):
    OneTimeLink.update(purpose="something else").execute()
    with pytest.raises(NotFound):
        links.use(link.rpartition("/")[2], NEW)


@pytest.mark.parametrize("password", ["", "short", "annaannaanna"])
def test_a_refused_password_uses_nothing_up(browse, link, password):
    answer = browse().submit(link, password=password)
    assert answer.status_code == 400
    assert beside(answer, "password")
    assert browse().submit(link, password=NEW).status_code == 303


@pytest.mark.parametrize(
    "act",
    [
        lambda anna, boss: links.make(boss, anna),
        lambda anna, boss: users.change_password(anna, NEW),
        lambda anna, boss: users.deactivate(anna),
    ],
    ids=["a newer link", "a new password", "deactivated"],
)
def test_what_makes_it_unwanted_withdraws_it(link, anna, administrator, act):
    act(anna, administrator)
    if not anna.active:
        users.reactivate(anna)
    with pytest.raises(NotFound):
        links.use(link.rpartition("/")[2], "another fine owl sleeps")


def test_others_links_stay(link, administrator):
    links.make(administrator, user("jan"))
    assert links.find(link.rpartition("/")[2]).user.name == "anna"


def test_for_a_deactivated_user_there_is_none(browse, administrator, anna):
    users.deactivate(anna)
    answer = browse(administrator).submit(f"/people/users/{anna.id}", change="link")
    assert answer.status_code == 400
    assert "To konto jest wyłączone" in answer.text
    assert not OneTimeLink.select().exists()


def test_links_of_long_ago_are_deleted(link, administrator):
    OneTimeLink.update(expires=now() - timedelta(days=31), used=now()).execute()
    links.make(administrator, user("jan"))
    assert [row.user.name for row in OneTimeLink.select()] == ["jan"]


def test_making_and_using_it_is_in_the_audit_trail(link, anna, administrator):
    links.use(link.rpartition("/")[2], NEW)
    rows = AuditRecord.select().where(AuditRecord.act.startswith("user.link"))
    acts = [(row.by, row.act, row.subject, row.detail) for row in rows.order_by(AuditRecord.id)]
    assert acts == [
        (administrator, "user.link-made", "anna", ""),
        (anna, "user.link-used", "anna", ""),
    ]


def test_of_two_who_use_it_at_once_one_is_refused(link, anna, monkeypatch):
    """The second reads the link before the first has used it, and sets nothing."""
    token, hashed = link.rpartition("/")[2], links.passwords.hashed

    def meanwhile(password: str) -> str:
        monkeypatch.setattr(links.passwords, "hashed", hashed)
        links.use(token, NEW)
        return hashed(password)

    monkeypatch.setattr(links.passwords, "hashed", meanwhile)
    with pytest.raises(NotFound):
        links.use(token, "another fine owl sleeps")
    assert signin.sign_in("anna", NEW, HERE) == fresh(anna)


def test_it_takes_the_place_of_whoever_was_signed_in_in_that_browser(browse, link, administrator):
    client = browse(administrator)
    assert "/queue/held" not in client.get(link).text  # no frame of somebody else's
    client.submit(link, password=NEW)
    assert "<small>anna</small>" in client.get("/people/account").text
