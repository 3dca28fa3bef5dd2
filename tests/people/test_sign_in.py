import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pytest

from console.errors import Refused, TooMany
from console.people import passwords, signin, users
from console.storage import db
from models import SignInFailure
from tests.cast import PASSWORD, beside, fresh

SIGN_IN = "/people/sign-in"
HERE, THERE = "192.0.2.1", "192.0.2.2"


@pytest.fixture(autouse=True)
def _cheap_strangers(monkeypatch):
    """An unknown name costs as much as a known one, which is a lot, on purpose."""
    cheap = passwords.hashed("nobody has this password")
    monkeypatch.setattr(signin, "_dummy_hash", lambda: cheap)


def fail(name: str, address: str = HERE, times: int = 1) -> None:
    for _ in range(times):
        with pytest.raises(Refused) as refusal:
            signin.sign_in(name, "wrong password", address)
        assert not isinstance(refusal.value, TooMany)


def let_the_window_pass() -> None:
    for failure in SignInFailure.select():
        failure.at -= signin.WINDOW + timedelta(seconds=1)
        failure.save()


def is_signed_in(client) -> bool:
    return client.get("/people/account").status_code == 200


def test_a_stranger_is_asked_in_and_then_led_where_they_wanted(browse, anna, held):
    client = browse()
    asked = client.get(f"/entries/{held.id}")
    assert asked.status_code == 303
    form = client.get(asked.location)
    assert f'value="/entries/{held.id}"' in form.text
    answer = client.submit(SIGN_IN, name="anna", password=PASSWORD, next=f"/entries/{held.id}")
    assert (answer.status_code, answer.location) == (303, f"/entries/{held.id}")
    assert client.get(answer.location).status_code == 200


def test_signing_in_leads_to_the_queue(browse, anna):
    client = browse()
    answer = client.submit(SIGN_IN, name=" anna ", password=PASSWORD)
    assert (answer.status_code, answer.location) == (303, "/")
    assert client.get("/", follow_redirects=True).request.path == "/queue/held"


def test_signing_out_ends_the_session(browse, anna):
    client = browse(anna)
    assert is_signed_in(client)
    answer = client.submit("/people/sign-out")
    assert (answer.status_code, answer.location) == (303, SIGN_IN)
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("anna", "wrong password"),
        ("nobody", PASSWORD),
        ("Anna", PASSWORD),
        ("anna", PASSWORD.upper()),  # a password counts as it was typed
        ("anna", f" {PASSWORD}"),
        ("anna", f"{PASSWORD} "),
        ("anna", PASSWORD[:-1]),
        ("a" * 10_000, PASSWORD),
    ],
)
def test_wrong_credentials_are_refused_alike(browse, anna, name, password):
    client = browse()
    answer = client.submit(SIGN_IN, name=name, password=password)
    assert answer.status_code == 400
    assert "Błędna nazwa użytkownika lub hasło." in answer.text
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    "empty", [{}, {"name": "", "password": ""}, {"name": "anna", "password": ""}], ids=str
)
def test_an_empty_field_is_refused_beside_it(browse, anna, empty):
    answer = browse().submit(SIGN_IN, **empty)
    assert answer.status_code == 400
    assert beside(answer, "password") == "To pole jest wymagane."
    assert not SignInFailure.select().exists()


def test_the_name_is_kept_and_the_password_is_not(browse, anna):
    page = browse().submit(SIGN_IN, name="anna", password="wrong password").text
    assert 'value="anna"' in page
    assert "wrong password" not in page
    assert re.search(r'<input[^>]* name="password"[^>]* type="password"', page)


def test_a_deactivated_user_cannot_sign_in(browse, anna):
    users.deactivate(anna)
    answer = browse().submit(SIGN_IN, name="anna", password=PASSWORD)
    assert answer.status_code == 400
    assert "To konto jest wyłączone." in answer.text
    # To whoever does not know the password it is like any other.
    guess = browse().submit(SIGN_IN, name="anna", password="wrong password")
    assert "Błędna nazwa użytkownika lub hasło." in guess.text
    assert "wyłączone" not in guess.text


@pytest.mark.databases("sqlite", "postgres")
def test_five_failures_stop_an_account_for_the_address_even_with_the_right_password(browse, anna):
    client = browse()
    for _ in range(signin.PER_ACCOUNT_AND_ADDRESS):
        assert client.submit(SIGN_IN, name="anna", password="wrong").status_code == 400
    answer = client.submit(SIGN_IN, name="anna", password=PASSWORD)
    assert answer.status_code == 429
    assert "Za dużo prób." in answer.text
    assert not is_signed_in(client)


def test_the_throttle_does_not_lock_the_account_elsewhere(anna):
    fail("anna", HERE, signin.PER_ACCOUNT_AND_ADDRESS)
    assert signin.sign_in("anna", PASSWORD, THERE) == anna


def test_the_throttle_does_not_depend_on_how_the_name_is_written(anna):
    fail("anna", HERE, signin.PER_ACCOUNT_AND_ADDRESS - 1)
    fail(" ANNA ", HERE)
    with pytest.raises(TooMany):
        signin.sign_in("anna", PASSWORD, HERE)


def test_an_address_that_tries_many_names_is_stopped(anna):
    for number in range(signin.PER_ADDRESS):
        fail(f"guess {number}", HERE)
    with pytest.raises(TooMany):
        signin.sign_in("anna", PASSWORD, HERE)
    assert signin.sign_in("anna", PASSWORD, THERE) == anna


def test_an_account_that_many_addresses_try_is_stopped(anna, administrator):
    for number in range(signin.PER_ACCOUNT):
        fail("anna", f"198.51.100.{number}")
    with pytest.raises(TooMany):
        signin.sign_in("anna", PASSWORD, THERE)
    assert signin.sign_in("administrator", PASSWORD, THERE) == administrator


def test_the_throttle_lifts_after_the_window(anna):
    fail("anna", HERE, signin.PER_ACCOUNT_AND_ADDRESS)
    let_the_window_pass()
    assert signin.sign_in("anna", PASSWORD, HERE) == anna


def test_attempts_while_throttled_do_not_lengthen_the_wait(anna):
    fail("anna", HERE, signin.PER_ACCOUNT_AND_ADDRESS)
    with pytest.raises(TooMany):
        signin.sign_in("anna", "wrong again", HERE)
    assert SignInFailure.select().count() == signin.PER_ACCOUNT_AND_ADDRESS


def test_signing_in_forgets_the_failures_before_it_and_the_old_ones_of_everybody(anna):
    fail("somebody", THERE)
    let_the_window_pass()
    fail("anna", HERE, signin.PER_ACCOUNT_AND_ADDRESS - 1)
    signin.sign_in("anna", PASSWORD, HERE)
    assert not SignInFailure.select().exists()
    fail("anna", HERE, signin.PER_ACCOUNT_AND_ADDRESS - 1)
    assert signin.sign_in("anna", PASSWORD, HERE) == anna


def test_a_password_is_never_stored(anna):
    assert PASSWORD not in fresh(anna).password_hash


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "\\\\evil.example/",
        "/\t/evil.example/",
        "/\n/evil.example/",
        "javascript:alert(1)",
        "evil.example",
        "",
    ],
)
def test_signing_in_never_leads_to_another_host(browse, anna, target):
    client = browse()
    answer = client.submit(SIGN_IN, name="anna", password=PASSWORD, next=target)
    assert (answer.status_code, answer.location) == (303, "/")
    # Nor does the form carry such a target on.
    assert 'name="next"' not in browse().get(SIGN_IN, query_string={"next": target}).text


@pytest.mark.databases("sqlite", "postgres")
def test_of_many_wrong_passwords_at_once_only_as_many_as_the_limit_are_tried(app, anna):
    refused = []

    def attempt() -> None:
        try:
            signin.sign_in("anna", "wrong password", HERE)
        except Refused as refusal:
            refused.append(type(refusal))
        finally:
            db.close()

    attempts = [threading.Thread(target=attempt) for _ in range(20)]
    for each in attempts:
        each.start()
    for each in attempts:
        each.join()
    assert refused.count(Refused) == signin.PER_ACCOUNT_AND_ADDRESS
    assert refused.count(TooMany) == 20 - signin.PER_ACCOUNT_AND_ADDRESS


def test_at_most_four_passwords_are_hashed_at_once(app, anna, monkeypatch):
    running, most = [], []

    def check(_hash, _password) -> bool:
        running.append(1)
        most.append(len(running))
        time.sleep(0.01)
        running.pop()
        return False

    monkeypatch.setattr(passwords, "check_password_hash", check)
    hashing = ThreadPoolExecutor(12)
    for number in range(12):
        hashing.submit(_attempt, f"somebody {number}")
    hashing.shutdown()
    assert len(most) == 12
    assert max(most) <= 4


def _attempt(name: str) -> None:
    with suppress(Refused):
        signin.sign_in(name, "wrong password", HERE)
    db.close()


def test_of_ipv6_the_limit_means_the_whole_connection(anna):
    for number in range(signin.PER_ACCOUNT_AND_ADDRESS):
        fail("anna", f"2001:db8:1:2::{number}")
    with pytest.raises(TooMany):
        signin.sign_in("anna", PASSWORD, "2001:db8:1:2:ffff::1")
    assert signin.sign_in("anna", PASSWORD, "2001:db8:1:3::1") == anna


def test_strangers_cannot_lock_out_whose_browser_is_known(browse, anna):
    hers, another = browse(anna), browse()
    hers.submit("/people/sign-out")
    for number in range(signin.PER_ACCOUNT // signin.PER_ACCOUNT_AND_ADDRESS):
        fail("anna", f"198.51.100.{number}", signin.PER_ACCOUNT_AND_ADDRESS)
    for number in range(signin.PER_ADDRESS):
        fail(f"guess {number}", "127.0.0.1")  # and in her own network
    assert another.submit(SIGN_IN, name="anna", password=PASSWORD).status_code == 429
    assert hers.submit(SIGN_IN, name="anna", password=PASSWORD).status_code == 303


def test_a_known_browser_has_the_same_limit_for_itself(browse, anna):
    hers, another = browse(anna), browse()
    hers.submit("/people/sign-out")
    for _ in range(signin.PER_ACCOUNT_AND_ADDRESS):
        assert hers.submit(SIGN_IN, name="anna", password="wrong").status_code == 400
    assert hers.submit(SIGN_IN, name="anna", password=PASSWORD).status_code == 429
    # It is the browser that waits, not the network that it is in.
    assert another.submit(SIGN_IN, name="anna", password=PASSWORD).status_code == 303


def test_a_browser_is_known_for_those_who_signed_in_there_only(browse, anna, stranger):
    client = browse(stranger)
    client.submit("/people/sign-out")
    for number in range(signin.PER_ACCOUNT // signin.PER_ACCOUNT_AND_ADDRESS):
        fail("anna", f"198.51.100.{number}", signin.PER_ACCOUNT_AND_ADDRESS)
    assert client.submit(SIGN_IN, name="anna", password=PASSWORD).status_code == 429


def test_a_browser_that_several_people_use_is_known_for_each(browse, anna, stranger):
    client = browse(anna)
    client.submit(SIGN_IN, name="stranger", password=PASSWORD)
    client.submit("/people/sign-out")
    for number in range(signin.PER_ACCOUNT // signin.PER_ACCOUNT_AND_ADDRESS):
        fail("anna", f"198.51.100.{number}", signin.PER_ACCOUNT_AND_ADDRESS)
    assert client.submit(SIGN_IN, name="anna", password=PASSWORD).status_code == 303


@pytest.mark.parametrize("forged", ["", "x", "WyJhIixbMV1d.aSXw.abc", "\u2028", "a" * 4000])
def test_a_browser_cannot_make_itself_known(browse, anna, forged):
    client = browse()
    client.set_cookie("browser", forged)
    for number in range(signin.PER_ACCOUNT // signin.PER_ACCOUNT_AND_ADDRESS):
        fail("anna", f"198.51.100.{number}", signin.PER_ACCOUNT_AND_ADDRESS)
    assert client.submit(SIGN_IN, name="anna", password=PASSWORD).status_code == 429


def test_strangers_cannot_keep_anybody_from_a_new_password_of_their_own(browse, anna):
    client = browse(anna)
    for number in range(signin.PER_ACCOUNT // signin.PER_ACCOUNT_AND_ADDRESS):
        fail("anna", f"198.51.100.{number}", signin.PER_ACCOUNT_AND_ADDRESS)
    new = {"current": PASSWORD, "password": "quiet lantern seldom swims"}
    assert client.submit("/people/account", **new).status_code == 200


def test_the_cookie_of_a_known_browser_is_kept_from_scripts_for_a_year(browse, anna):
    answer = browse().submit(SIGN_IN, name="anna", password=PASSWORD)
    (cookie,) = (each for each in answer.headers.getlist("Set-Cookie") if "browser=" in each)
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Max-Age=31536000" in cookie
    assert "anna" not in cookie


def test_whatever_a_proxy_hands_on_as_the_address_is_counted(anna):
    fail("anna", "x" * 10_000)
    fail("anna", "")
    assert SignInFailure.select().count() == 2


def test_a_new_password_from_an_administrator_ends_the_wait_as_the_message_says(anna):
    fail("anna", HERE, signin.PER_ACCOUNT_AND_ADDRESS)
    with pytest.raises(TooMany, match="administratora o nowe hasło"):
        signin.sign_in("anna", PASSWORD, HERE)
    users.change_password(anna, "quiet lantern seldom swims")
    assert signin.sign_in("anna", "quiet lantern seldom swims", HERE) == anna


def test_whom_no_new_password_would_help_is_told_only_to_wait(anna):
    for number in range(signin.PER_ADDRESS):
        fail(f"guess {number}", HERE)
    with pytest.raises(TooMany, match="Poczekaj 15 minut.$"):
        signin.sign_in("anna", PASSWORD, HERE)
