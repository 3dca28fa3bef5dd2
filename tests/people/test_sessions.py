from base64 import urlsafe_b64decode

import pytest

from console.people import users
from tests.cast import PASSWORD, beside, fresh

NEW = "quiet lantern seldom swims"


def is_signed_in(client) -> bool:
    return client.get("/people/account").status_code == 200


@pytest.mark.databases("sqlite", "postgres")
def test_changing_ones_own_password_ends_the_other_sessions(browse, anna):
    here, there = browse(anna), browse(anna)
    answer = here.submit("/people/account", current=PASSWORD, password=NEW)
    assert answer.status_code == 200
    assert is_signed_in(here)
    assert not is_signed_in(there)
    assert there.submit("/people/sign-in", name="anna", password=PASSWORD).status_code == 400
    assert there.submit("/people/sign-in", name="anna", password=NEW).status_code == 303


def test_changing_ones_own_password_needs_the_present_one(browse, anna):
    here, there = browse(anna), browse(anna)
    answer = here.submit("/people/account", current="wrong password", password=NEW)
    assert answer.status_code == 400
    assert beside(answer, "current") == "To nie jest Twoje obecne hasło."
    assert is_signed_in(there)
    assert fresh(anna).password_hash == anna.password_hash


def test_guessing_the_present_password_in_an_open_session_is_throttled_too(browse, anna):
    client = browse(anna)
    for _ in range(5):
        assert client.submit("/people/account", current="wrong", password=NEW).status_code == 400
    assert client.submit("/people/account", current=PASSWORD, password=NEW).status_code == 429
    assert fresh(anna).password_hash == anna.password_hash


def test_a_new_password_that_is_too_short_is_refused_and_ends_nothing(browse, anna):
    here, there = browse(anna), browse(anna)
    answer = here.submit("/people/account", current=PASSWORD, password="eleven char")
    assert answer.status_code == 400
    assert is_signed_in(there)


@pytest.mark.databases("sqlite", "postgres")
def test_deactivating_a_user_ends_their_sessions_everywhere(browse, anna, administrator):
    first, second = browse(anna), browse(anna)
    users.deactivate(anna)
    assert not is_signed_in(first)
    assert not is_signed_in(second)


def test_a_cookie_from_before_the_deactivation_does_not_revive_with_the_user(
    browse, anna, administrator
):
    client = browse(anna)
    users.deactivate(anna)
    users.reactivate(fresh(anna))
    assert not is_signed_in(client)
    assert is_signed_in(browse(anna))


def test_a_deactivated_users_decision_is_not_taken(browse, anna, held):
    client = browse(anna)
    token = client.get("/people/account").text.split('name="csrf_token" value="')[1].split('"')[0]
    users.deactivate(anna)
    form = {"csrf_token": token, "version": held.version, "key": "k" * 16, "decision": "release"}
    answer = client.post(f"/entries/{held.id}/decisions", data=form)
    assert answer.location.startswith("/people/sign-in")
    assert fresh(held).is_held


def test_a_tampered_session_cookie_is_nobodys(browse, anna):
    client = browse(anna)
    cookie = client.get_cookie("session").value
    client.set_cookie("session", cookie[:-3] + ("AAA" if cookie[-3:] != "AAA" else "BBB"))
    assert not is_signed_in(client)


def test_the_session_cookie_is_kept_from_scripts_and_other_sites(browse, anna):
    client = browse()
    answer = client.submit("/people/sign-in", name="anna", password=PASSWORD)
    cookies = answer.headers.getlist("Set-Cookie")
    (cookie,) = (each for each in cookies if each.startswith("session="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_cookies_and_the_tokens_of_forms_are_signed_with_sha_256(browse, anna):
    client = browse(anna)
    token = client.get("/people/account").text.split('name="csrf_token" value="')[1].split('"')[0]
    signed = [client.get_cookie("session").value, client.get_cookie("browser").value, token]
    assert [len(urlsafe_b64decode(each.rpartition(".")[2] + "=")) for each in signed] == [32] * 3


def test_signing_in_does_not_keep_what_the_session_held_before(browse, anna):
    client = browse()
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"
    client.submit("/people/sign-in", name="anna", password=PASSWORD)
    with client.session_transaction() as session:
        assert "planted" not in session
