"""Settings: where browsers find the console, who needs a passkey, and what may be no key."""

import secrets

import pytest

from console import config


@pytest.fixture
def load(monkeypatch):
    def load(**settings: str) -> config.Settings:
        monkeypatch.setenv("SECRET_KEY", secrets.token_urlsafe(32))
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        return config.load()

    for name in ("HOST", "PORT", "FURTKA_PROXIES", "FURTKA_ORIGIN", "FURTKA_ADMIN_PASSKEYS"):
        monkeypatch.delenv(name, raising=False)
    return load


@pytest.mark.parametrize(
    ("settings", "origin", "host"),
    [
        ({}, "http://localhost:8000", "localhost"),
        ({"PORT": "80"}, "http://localhost", "localhost"),
        ({"HOST": "0.0.0.0"}, "", ""),
        ({"FURTKA_PROXIES": "1"}, "", ""),
        ({"FURTKA_ORIGIN": "https://Furtka.Example.pl/"}, "https://furtka.example.pl", None),
        ({"FURTKA_ORIGIN": "https://furtka.example.pl:443"}, "https://furtka.example.pl", None),
        ({"FURTKA_ORIGIN": "https://furtka.example.pl:8443"}, None, "furtka.example.pl"),
        ({"FURTKA_ORIGIN": "http://furtka.example.pl"}, None, ""),
        ({"FURTKA_ORIGIN": "https://192.0.2.1"}, None, ""),
        ({"FURTKA_ORIGIN": "https://[2001:db8::1]:8443"}, None, ""),
        ({"FURTKA_ORIGIN": "http://127.0.0.1:8000"}, None, ""),
    ],
    ids=str,
)
def test_passkeys_belong_to_a_host_name_that_browsers_trust(load, settings, origin, host):
    loaded = load(**settings)
    assert loaded.origin == (settings["FURTKA_ORIGIN"] if origin is None else origin)
    assert loaded.passkey_host == ("furtka.example.pl" if host is None else host)


@pytest.mark.parametrize(
    "value",
    ["furtka.example.pl", "https://a/b", "ftp://a", "https://", "https://u@a", "https://a:b"],
)
def test_an_origin_that_is_none_ends_the_start_with_a_message(load, value):
    with pytest.raises(config.BadSetting, match="FURTKA_ORIGIN"):
        load(FURTKA_ORIGIN=value)


def test_passkeys_are_not_required_where_there_can_be_none(load):
    with pytest.raises(config.BadSetting, match="FURTKA_ORIGIN must be"):
        load(FURTKA_ADMIN_PASSKEYS="yes", FURTKA_PROXIES="1")
    assert load(FURTKA_ADMIN_PASSKEYS="yes", FURTKA_ORIGIN="https://a.example").admin_passkeys


@pytest.mark.parametrize("key", ["short", "x" * 64, "0123456" * 8])
def test_a_key_of_sessions_that_can_be_guessed_is_refused_and_not_repeated(load, key):
    with pytest.raises(config.BadSetting, match="at random") as refused:
        load(SECRET_KEY=key)
    assert key not in str(refused.value)
