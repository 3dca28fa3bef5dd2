"""Deny by default: the walk over every address that the console has."""

from collections import defaultdict

import pytest
from flask import url_for

PUBLIC = {
    "health.healthz",
    "static",  # style sheets and scripts
    "shares.show_manifest",
    "shares.edit_share",  # it leads to the sign-in, with what was shared
    "shares.save_share",
    "demo.edit_sign_in",  # a token is the way in
    "demo.save_sign_in",
    "people.edit_sign_in",
    "people.save_sign_in",
    "people.save_language",
    "links.edit_password",  # the token in the address is the way in
    "links.save_password",
    "passkeys.options_to_sign_in",
    "passkeys.sign_in",
    "webhooks.incoming",  # the signature is the way in
}
# One needs a signature, the other only fills in a form.
WITHOUT_TOKEN = {"webhooks.incoming", "shares.save_share"}
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE")


@pytest.fixture
def addresses(app, held):
    """Every address with an endpoint for each of its methods: {path: {method: endpoint}}.

    A rule with a new kind of argument needs a value here.
    """
    values = {"id": held.id, "slug": "leoncin", "name": "held", "filename": "base.css"}
    values |= {"note_id": 1, "kind": "words", "token": "none", "what": "text"}
    values |= {"said": "done"}
    found = defaultdict(dict)
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            path = url_for(rule.endpoint, **{each: values[each] for each in rule.arguments})
            for method in rule.methods:
                found[path].setdefault(method, rule.endpoint)
    return found


def test_the_public_views_are_exactly_these(app):
    marked = {name for name, view in app.view_functions.items() if getattr(view, "public", False)}
    assert marked == PUBLIC


def test_a_stranger_gets_no_further_than_the_sign_in(browse, addresses):
    client = browse()
    token = client.get("/people/sign-in").text.split('name="csrf_token" value="')[1].split('"')[0]
    walked = 0
    for path, endpoints in addresses.items():
        for method in METHODS:
            if endpoints.get(method) in PUBLIC:
                continue
            # The token is a stranger's own: it lets a form through, not a person.
            answer = client.open(path, method=method, headers={"X-CSRFToken": token})
            if method in endpoints:
                assert answer.status_code == 303, (method, path)
                assert answer.location.startswith("/people/sign-in"), (method, path)
            else:
                assert answer.status_code == 405, (method, path)
            walked += 1
    assert walked > 50


def test_a_stranger_learns_from_htmx_too_where_to_sign_in(browse, addresses):
    client = browse()
    for path, endpoints in addresses.items():
        if "GET" in endpoints and endpoints["GET"] not in PUBLIC:
            answer = client.get(path, headers={"HX-Request": "true"})
            assert answer.status_code == 401, path
            assert "/people/sign-in" in answer.text, path
            assert "<html" not in answer.text, path


def test_every_form_without_a_token_is_refused(browse, administrator, addresses):
    client = browse(administrator)
    refused = set()
    for path, endpoints in addresses.items():
        if "POST" in endpoints and endpoints["POST"] not in WITHOUT_TOKEN:
            answer = client.post(path, data={"decision": "release", "change": "deactivate"})
            assert answer.status_code == 419, path
            assert "Formularz" in answer.text, path
            refused.add(endpoints["POST"])
    assert {
        "decisions.save_decision",
        "people.save_sign_in",
        "people.sign_out",
        "people.save_user",
    } <= refused
    assert client.get("/people/account").status_code == 200  # the sign-out was refused as well


def test_a_form_with_another_sessions_token_is_refused(browse, administrator, anna, held):
    theirs = browse(administrator).get("/people/account").text
    token = theirs.split('name="csrf_token" value="')[1].split('"')[0]
    form = {"csrf_token": token, "version": held.version, "key": "k" * 16, "decision": "release"}
    assert browse(anna).post(f"/entries/{held.id}/decisions", data=form).status_code == 419


def test_the_webhook_needs_no_token_but_a_signature(browse, leoncin):
    assert browse().post("/webhooks/in/leoncin", json={}).status_code == 401


def test_every_answer_is_hardened(browse, anna, addresses):
    for client in (browse(), browse(anna)):
        for path in [*addresses, "/nowhere"]:
            answer = client.get(path)
            assert answer.headers["X-Content-Type-Options"] == "nosniff", path
            assert "Access-Control-Allow-Origin" not in answer.headers, path
            kind = answer.headers["Content-Type"]
            assert kind == "application/json" or kind.endswith("; charset=utf-8"), path
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy, path
            assert "script-src 'self'" in policy
            assert "unsafe" not in policy
            assert "base-uri 'none'" in policy
            assert "frame-ancestors 'none'" in policy
            if path.startswith("/static/"):
                continue  # nothing leads on from there
            assert answer.headers["Referrer-Policy"] == "same-origin", path
            assert answer.headers["X-DNS-Prefetch-Control"] == "off", path


@pytest.mark.databases("sqlite", "postgres")
def test_no_page_needs_more_than_its_policy_allows(browse, administrator, addresses):
    client = browse(administrator)
    for path, endpoints in addresses.items():
        if "GET" in endpoints and endpoints["GET"] != "static":
            page = client.get(path, follow_redirects=True).text
            assert "<script>" not in page, path
            assert " style=" not in page, path
            assert " onclick=" not in page, path


def test_pages_are_not_kept_by_anybody(browse, anna):
    assert browse(anna).get("/queue/held").headers["Cache-Control"] == "no-store"


def test_a_view_may_say_for_itself_how_long_its_answer_is_kept(app):
    with app.test_request_context("/people/sign-in"):
        own = {"Cache-Control": "public, max-age=60", "Referrer-Policy": "no-referrer"}
        answer = app.process_response(app.response_class("", headers=own))
    assert {name: answer.headers[name] for name in own} == own
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_a_versioned_static_file_is_kept_for_ever(browse, app):
    page = browse().get("/people/sign-in").text
    address = page.split('rel="stylesheet" href="')[1].split('"')[0]
    answer = browse().get(address)
    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
    # Without the version, a changed file must be noticed.
    bare = browse().get(address.split("?")[0])
    assert "immutable" not in bare.headers.get("Cache-Control", "")


@pytest.mark.parametrize(
    "path", ["/nowhere", "/queue/other", "/static/../models.py", "/static/base.css+base.css"]
)
def test_an_unknown_address_is_not_found(browse, anna, path):
    for client in (browse(), browse(anna)):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize("htmx", [False, True])
def test_an_error_is_told_in_words_and_its_code_comes_last(browse, anna, htmx):
    for client in (browse(), browse(anna)):
        answer = client.get("/nowhere", headers={"HX-Request": "true"} if htmx else {})
        told = answer.text.split('role="alert">')[1].split("</div>")[0]
        assert told.index("<p>Nie ma tu niczego") < told.index("<small>Błąd 404</small>")
        if not htmx:
            assert "<title>Nie udało się – Furtka</title>" in answer.text
            assert "<h1>Nie udało się</h1>" in answer.text


@pytest.mark.parametrize("path", ["/%00", "/people/sign-in?next=%00", "/queue/held?group=%00"])
def test_an_address_with_nul_is_refused(browse, anna, path):
    """No database stores it, and nobody types it."""
    for client in (browse(), browse(anna)):
        assert client.get(path).status_code == 400


@pytest.mark.parametrize("kind", ["stranger", "moderator"])
def test_a_form_that_is_too_large_is_refused(browse, anna, kind):
    client = browse(anna if kind == "moderator" else None)
    path = "/people/language" if kind == "moderator" else "/people/sign-in"
    answer = client.submit(path, group="leoncin", author="A", name="anna", text="x" * 2_000_000)
    assert answer.status_code == 413


@pytest.mark.databases("sqlite", "postgres")
@pytest.mark.parametrize("field", ["decision", "key", "version", "back"])
@pytest.mark.parametrize(
    "value",
    ["", "\0", "remove:\0", "9" * 5000, "-1", "²", "<script>", "remove:", "remove:,,", "//evil"],
    ids=lambda value: ascii(value)[:12],
)
@pytest.mark.parametrize("htmx", [False, True])
def test_a_decision_form_with_nonsense_in_a_field_breaks_nothing(
    browse, anna, held, field, value, htmx
):
    form = {"decision": "release", "key": "k" * 16, "version": held.version, "back": "/queue/held"}
    client = browse(anna)
    answer = client.submit(f"/entries/{held.id}/decisions", htmx=htmx, **(form | {field: value}))
    assert answer.status_code < 500
    assert "<script>" not in answer.text.replace("<script src=", "")
    assert client.get("/queue/held").status_code == 200


@pytest.mark.databases("sqlite", "postgres")
@pytest.mark.parametrize(
    "query",
    [
        "after=x",
        "after=0-0-" + "9" * 30,
        "after=" + "9" * 30 + "-1-1",
        "after=0-" + "9" * 30 + "-1",
        "after=0--" + "9" * 17 + "-1",
        "after=" + "9" * 5000 + "-1-1",
        "after=%00",
        "group=%00",
        "decided=" + "9" * 30,
        "decided=" + "9" * 5000,
        "decided=-1",
        "decided=%00",
    ],
    ids=lambda query: query[:20],
)
def test_nonsense_in_a_lists_address_breaks_nothing(browse, anna, administrator, held, query):
    for who in (anna, administrator):
        client = browse(who)
        for name in ("held", "incoming", "reported"):
            assert client.get(f"/queue/{name}?{query}").status_code in (200, 400, 404)


def test_what_a_view_takes_beyond_the_usual_it_takes_from_no_stranger(
    browse, app, anna, monkeypatch
):
    view = app.view_functions["intake.save_capture"]
    monkeypatch.setattr(view, "max_bytes", 3_000_000, raising=False)
    for client, statuses in ((browse(), {413}), (browse(anna), {200, 303, 400})):
        form = {"text": "a" * 400_000, "link": "a" * 400_000, "author": "a" * 400_000}
        assert client.submit("/intake/capture", **form).status_code in statuses
