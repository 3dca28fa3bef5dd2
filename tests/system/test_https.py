"""Behind HTTPS: names of cookies, headers, what a sign-out clears; and a proxy that nobody named."""

import logging
from dataclasses import replace

import pytest

from console import create_app, web
from console.storage import db
from tests.cast import PASSWORD, Client


@pytest.fixture
def over_https(app):
    """A client of the same console with FURTKA_HTTPS."""
    before = db.obj
    secure = create_app(replace(app.config["SETTINGS"], https=True))
    secure.config["TESTING"] = True
    secure.config["PREFERRED_URL_SCHEME"] = "https"
    secure.test_client_class = Client
    client = secure.test_client()
    client.environ_base["wsgi.url_scheme"] = "https"
    yield client
    db.obj.close_all()
    db.initialize(before)


def test_over_https_no_other_host_or_path_can_set_the_cookies(over_https, anna):
    answer = over_https.submit("/people/sign-in", name="anna", password=PASSWORD)
    assert answer.status_code == 303
    shared = over_https.get("/capture", query_string={"t": "a" * 2000})
    cookies = [*answer.headers.getlist("Set-Cookie"), *shared.headers.getlist("Set-Cookie")]
    names = {"__Host-session", "__Host-browser", "__Host-share"}
    assert {cookie.partition("=")[0] for cookie in cookies} == names
    for cookie in cookies:
        said = {each.strip() for each in cookie.split(";")}
        assert {"Secure", "HttpOnly", "Path=/"} <= said
        assert "Domain" not in cookie
    assert over_https.get("/people/account").status_code == 200


def test_over_https_a_browser_is_told_never_to_come_by_http(over_https, browse):
    for path in ("/people/sign-in", "/nowhere", "/static/base.css"):
        sent = over_https.get(path).headers["Strict-Transport-Security"]
        assert sent == "max-age=31536000; includeSubDomains"
        assert "Strict-Transport-Security" not in browse().get(path).headers


def test_a_sign_out_clears_what_the_browser_keeps_but_for_the_cookies(browse, anna):
    client = browse(anna)
    answer = client.submit("/people/sign-out")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get_cookie("browser")
    assert "Clear-Site-Data" not in client.get("/people/sign-in").headers


def test_a_proxy_that_nobody_named_is_told_of_once(browse, app, caplog):
    web._warn_of_a_proxy.cache_clear()
    client = browse()
    with caplog.at_level(logging.WARNING):
        client.get("/people/sign-in")
        assert caplog.messages == []
        for _time in range(3):
            client.get("/people/sign-in", headers={"X-Forwarded-For": "192.0.2.1\x1b[31m"})
    (said,) = caplog.messages
    assert "FURTKA_PROXIES" in said
    assert "192.0.2.1" not in said
