"""What may be a password, and how its hash is made."""

import importlib.util
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from console.errors import Refused
from console.people import passwords, signin, users
from models import User
from tests.cast import PASSWORD, beside, fresh, user
from tests.hostile import TEXTS

HERE = "192.0.2.1"
STRONG = "mokra lampa jedzie rowerem"


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("aaaaaaaaaaaa", "powtarza się"),
        ("abcdefghijkl", "powtarza się"),
        ("12.05.1987 12.05.1987", "powtarza się"),
        ("administrator", "znane"),
        ("Administrator 1", "znane"),
        ("annakowalska", "znane"),
        ("Kowalska Anna 2026!", "znane"),
        ("furtkafurtka", "powtarza się"),
        ("Furtka-Leoncin-2026", "znane"),
        ("leoncin.forum", "znane"),
        ("password1234", "wszyscy"),
        ("Haslo123456!", "wszyscy"),
        ("Hasło123456!", "wszyscy"),
        ("qwertyuiop12", "wszyscy"),
        ("\u200b" * 12, "powtarza się"),
        (" " * 12, "powtarza się"),
    ],
)
@pytest.mark.databases("sqlite")
def test_what_can_be_guessed_is_refused_and_it_is_said_why_and_what_to_do(leoncin, password, why):
    with pytest.raises(Refused, match=why) as refused:
        users.check_password("Anna Kowalska", password)
    assert refused.value.field == "password"
    assert "Nie zostało przyjęte. Wymyśl cztery słowa" in refused.value.message


@pytest.mark.parametrize(
    "password", [PASSWORD, STRONG, "wYk7-pLm2-qRt9", "x#9!k$2@q&z%", "ęóąśłżźćńĘÓĄ", STRONG * 20]
)
@pytest.mark.databases("sqlite")
def test_what_nobody_guesses_is_taken(leoncin, password):
    users.check_password("Anna Kowalska", password)


def test_a_group_that_came_later_is_known_too(anna, elsewhere):
    with pytest.raises(Refused):
        users.change_password(anna, "czosnow-czosnów")
    assert signin.sign_in("anna", PASSWORD, HERE) == anna


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_whatever_is_typed_is_taken_or_refused_in_good_time(text):
    begun = time.monotonic()
    with suppress(Refused):
        passwords.check(text, [text])
    assert time.monotonic() - begun < 5


def test_a_long_password_that_the_judge_would_take_seconds_for_is_judged_quickly():
    begun = time.process_time()
    passwords.check("4@8({[<369!1|7+0$5%2z" * 1000, [])
    assert time.process_time() - begun < 4


@pytest.mark.databases("sqlite")
def test_ones_own_new_password_is_judged_too(browse, anna):
    answer = browse(anna).submit("/people/account", current=PASSWORD, password="annaannaanna")
    assert answer.status_code == 400
    assert "łatwo odgadnąć" in beside(answer, "password")
    assert fresh(anna).password_hash == anna.password_hash


def test_hashes_are_made_slowly_outside_the_tests():
    # A fixture makes hashing cheap in tests; the method in production must be a slow one.
    assert passwords.hashed(PASSWORD).startswith("pbkdf2:sha256:1$")
    spec = importlib.util.find_spec("console.people.passwords")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.METHOD == "scrypt:32768:8:3"


def test_at_most_four_are_hashed_at_once_when_they_are_set_too(monkeypatch):
    running, most = [], []

    def slow(_password: str, _method: str) -> str:
        running.append(1)
        most.append(len(running))
        time.sleep(0.01)
        running.pop()
        return "hash"

    monkeypatch.setattr(passwords, "generate_password_hash", slow)
    with ThreadPoolExecutor(12) as hashing:
        assert list(hashing.map(passwords.hashed, "abcdefghijkl")) == ["hash"] * 12
    assert max(most) <= 4


def test_a_hash_made_in_an_older_way_is_made_anew_at_sign_in(anna, monkeypatch):
    before = fresh(anna).password_hash
    monkeypatch.setattr(passwords, "METHOD", "pbkdf2:sha256:2")
    assert signin.sign_in("anna", PASSWORD, HERE) == anna
    renewed = fresh(anna).password_hash
    assert (before[:16], renewed[:16]) == ("pbkdf2:sha256:1$", "pbkdf2:sha256:2$")
    assert signin.sign_in("anna", PASSWORD, HERE) == anna
    assert fresh(anna).password_hash == renewed


def test_a_wrong_password_makes_no_hash_anew(anna, monkeypatch):
    monkeypatch.setattr(passwords, "METHOD", "pbkdf2:sha256:2")
    with pytest.raises(Refused):
        signin.sign_in("anna", "wrong password", HERE)
    assert fresh(anna).password_hash == anna.password_hash


def test_a_user_without_a_password_can_sign_in_with_none(app):
    made = users.add("ola", None)
    for password in ("", "None", made.password_hash):
        with pytest.raises(Refused):
            signin.sign_in("ola", password, HERE)
    assert len({users.add(name, None).password_hash for name in ("ewa", "iza")}) == 2


def test_the_demonstrations_passwords_are_known_to_everybody_and_may_be_any(app):
    assert user("nobody").role == User.MODERATOR
    assert signin.sign_in(users.add("x", "x", demo=True).name, "x", HERE).demo


def test_what_only_passwords_and_passkeys_need_is_loaded_when_it_is_used():
    code = "import sys, console.app; print({'zxcvbn', 'webauthn', 'cryptography'} & {*sys.modules})"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout == "set()\n", said.stderr
