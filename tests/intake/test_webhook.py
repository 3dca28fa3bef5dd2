"""POST /webhooks/in/<group>, signed by the official client of Standard Webhooks."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook

from console.platforms import connections
from models import Entry, Group, Report
from tests.cast import event, secret_of

PATH = "/webhooks/in/leoncin"


def signed(group: Group, body: str, at: datetime | None = None, secret: str | None = None) -> dict:
    at = at or datetime.now(UTC)
    signature = Webhook(secret or secret_of(group)).sign("msg_1", at, body)
    return {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signature,
        "content-type": "application/json",
    }


def send(client, group: Group, message, **signing):
    body = message if isinstance(message, str) else json.dumps(message)
    return client.post(PATH, data=body.encode(), headers=signed(group, body, **signing))


@pytest.fixture
def client(app, leoncin):
    return app.test_client()


def problem(answer, status: int) -> dict:
    """The answer is a problem+json that says itself what it is."""
    assert answer.status_code == status, answer.text
    assert answer.content_type == "application/problem+json"
    assert answer.json["status"] == status
    assert answer.json["title"]
    assert answer.json["detail"]
    return answer.json


@pytest.mark.parametrize(
    "type", ["entry.created", "entry.updated", "entry.held", "entry.removed", "report.created"]
)
def test_a_signed_message_of_every_type_is_taken(client, leoncin, type):
    held = {"held": {"by": "platform"}} if type == "entry.held" else {}
    answer = send(client, leoncin, event(type, **held))
    assert (answer.status_code, answer.json) == (202, {"outcome": "new"})
    assert Entry.select().count() + Report.select().count() == 1


def test_a_repetition_is_taken_too_and_changes_nothing(client, leoncin):
    message = event()
    assert send(client, leoncin, message).json["outcome"] == "new"
    before = Entry.get().__data__
    answer = send(client, leoncin, message)
    assert (answer.status_code, answer.json["outcome"]) == (202, "unchanged")
    assert Entry.get().__data__ == before


def test_an_edit_says_that_it_changed_something(client, leoncin):
    send(client, leoncin, event())
    answer = send(client, leoncin, event("entry.updated", text="Inny tekst"))
    assert (answer.status_code, answer.json["outcome"]) == (202, "changed")


def test_no_session_and_no_csrf_token_is_needed(client, leoncin):
    answer = send(client, leoncin, event())
    assert answer.status_code == 202
    assert "Set-Cookie" not in answer.headers


def test_an_unknown_group_is_said(client, leoncin):
    body = json.dumps(event())
    answer = client.post("/webhooks/in/nowhere", data=body, headers=signed(leoncin, body))
    problem(answer, 404)
    assert client.post("/webhooks/in/%00", data=body).status_code in (400, 404)


# --- the signature --------------------------------------------------------------------------------


def test_another_groups_secret_does_not_open_this_one(client, leoncin, elsewhere):
    problem(send(client, elsewhere, event()), 401)
    assert not Entry.select().exists()


def test_a_body_changed_on_the_way_is_refused(client, leoncin):
    body = json.dumps(event())
    headers = signed(leoncin, body)
    problem(client.post(PATH, data=body.replace("biblioteka", "apteka"), headers=headers), 401)
    problem(client.post(PATH, data=body + " ", headers=headers), 401)


@pytest.mark.parametrize("header", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_a_message_without_one_of_the_headers_is_refused(client, leoncin, header):
    body = json.dumps(event())
    headers = signed(leoncin, body)
    del headers[header]
    problem(client.post(PATH, data=body, headers=headers), 401)


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("webhook-id", "msg_2"),
        ("webhook-id", ""),
        ("webhook-timestamp", ""),
        ("webhook-timestamp", "yesterday"),
        ("webhook-timestamp", "nan"),
        ("webhook-timestamp", "inf"),
        ("webhook-timestamp", "9" * 400),
        ("webhook-timestamp", "-1"),
        ("webhook-signature", ""),
        ("webhook-signature", "v1"),
        ("webhook-signature", "v1,"),
        ("webhook-signature", "v1,a,b"),
        ("webhook-signature", "v1,!!!!"),
        ("webhook-signature", "v1,żółć"),
        ("webhook-signature", "v2,AAAA"),
        ("webhook-signature", ", , ,"),
        ("webhook-signature", "v1,AAAA " * 500),
    ],
    ids=lambda value: ascii(value)[:24],
)
def test_a_malformed_header_is_refused(client, leoncin, header, value):
    body = json.dumps(event())
    headers = signed(leoncin, body) | {header: value}
    problem(client.post(PATH, data=body, headers=headers), 401)
    assert not Entry.select().exists()


@pytest.mark.parametrize("minutes", [-60 * 24, -6, 6])
def test_a_stale_signature_is_refused_and_so_is_one_of_the_future(client, leoncin, minutes):
    at = datetime.now(UTC) + timedelta(minutes=minutes)
    problem(send(client, leoncin, event(), at=at), 401)


@pytest.mark.parametrize("minutes", [-4, 4])
def test_a_clock_that_is_a_little_off_is_forgiven(client, leoncin, minutes):
    at = datetime.now(UTC) + timedelta(minutes=minutes)
    assert send(client, leoncin, event(), at=at).status_code == 202


def test_one_right_signature_among_several_is_enough(client, leoncin):
    body = json.dumps(event())
    headers = signed(leoncin, body)
    headers["webhook-signature"] = "v1,AAAA " + headers["webhook-signature"]
    assert client.post(PATH, data=body, headers=headers).status_code == 202


def test_both_secrets_are_valid_during_a_change_and_one_after_it(client, leoncin):
    old = secret_of(leoncin)
    new = connections.change_secret(leoncin)
    for secret in (old, new):
        assert send(client, leoncin, event(), secret=secret).status_code == 202
    connections.withdraw_former_secret(leoncin)
    problem(send(client, leoncin, event(), secret=old), 401)
    assert send(client, leoncin, event(), secret=new).status_code == 202


def test_after_two_changes_the_first_secret_is_refused(client, leoncin):
    old = secret_of(leoncin)
    connections.change_secret(leoncin)
    connections.change_secret(leoncin)
    problem(send(client, leoncin, event(), secret=old), 401)


# --- the size -------------------------------------------------------------------------------------


def test_a_message_over_one_mebibyte_is_too_large(client, leoncin):
    body = json.dumps(event(text="x" * 1024 * 1024))
    problem(send(client, leoncin, body), 413)
    assert not Entry.select().exists()


def test_a_message_of_one_mebibyte_is_read(client, leoncin):
    body = json.dumps(event()).ljust(1024 * 1024)
    assert send(client, leoncin, body).status_code == 202
    problem(send(client, leoncin, body + " "), 413)


# --- what is not understood -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    ["", "{", "null", "[]", '"entry.created"', "1", "NaN", "{}", "[" * 100_000, '{"type": 1e999}']
    + ["9" * 5000, "\ufeff{}", "\0", "{'type': 'entry.created'}"],
    ids=lambda body: ascii(body)[:20],
)
def test_what_is_no_event_at_all_is_refused(client, leoncin, body):
    assert problem(send(client, leoncin, body), 400)["field"]


@pytest.mark.parametrize("body", [b"\xff\xfe\xfd", b'{"type": "\xe9"}'])
def test_what_is_not_utf_8_is_refused(client, leoncin, body):
    headers = signed(leoncin, "")
    assert client.post(PATH, data=body, headers=headers).status_code in (400, 401)


def changed(path: str, value) -> dict:
    """An event with one field changed, or without it when the value is `...`."""
    message = event("report.created" if path.startswith("report:") else "entry.created")
    *way, last = path.removeprefix("report:").split(".")
    target = message
    for part in way:
        target = target[part]
    if value is ...:
        del target[last]
    else:
        target[last] = value
    return message


FUTURE = "2999-01-01T00:00:00Z"
MISTAKES = [
    ("type", ...),
    ("type", "entry.deleted"),
    ("type", None),
    ("type", {}),
    ("timestamp", ...),
    ("timestamp", 1764000000),
    ("timestamp", "yesterday"),
    ("timestamp", ""),
    ("timestamp", "2026-03-01"),
    ("timestamp", "2026-03-01T12:00:00"),  # without a zone
    ("timestamp", "2026-02-30T12:00:00Z"),
    ("timestamp", "0001-01-01T00:00:00+14:00"),
    ("timestamp", "9999-12-31T23:59:59-12:00"),
    ("timestamp", FUTURE),
    ("data", ...),
    ("data", []),
    ("data", None),
    ("data", "text"),
    ("data.id", ...),
    ("data.id", ""),
    ("data.id", 7),
    ("data.id", "x" * 256),
    ("data.kind", ...),
    ("data.kind", "story"),
    ("data.kind", "comment"),  # a comment without its parent_id
    ("data.parent_id", 7),
    ("data.author", ...),
    ("data.author", "Ewa"),
    ("data.author.id", ...),
    ("data.author.id", ""),
    ("data.author.name", ...),
    ("data.author.name", ["Ewa"]),
    ("data.author.name", "x" * 256),
    ("data.author.url", 7),
    ("data.text", ...),
    ("data.text", None),
    ("data.text", ["a"]),
    ("data.text", "x" * 65537),
    ("data.url", "https://f.example/" + "x" * 2000),
    ("data.url", {}),
    ("data.links", None),
    ("data.links", "https://a.example/"),
    ("data.links", ["https://a.example/"] * 10_000),
    ("data.media", {}),
    ("data.media", [{}] * 101),
    ("data.created_at", ...),
    ("data.created_at", "2026-03-01T12:00:00"),
    ("data.created_at", FUTURE),
    ("data.created_at", None),
    ("data.held", "platform"),
    ("data.held", False),
    ("data.figures", []),
    ("data.figures.views", -1),
    ("data.figures.views", "many"),
    ("data.figures.views", 1.5),
    ("data.figures.views", 10**12),
    ("data.figures.views", True),
    ("data.figures.views", None),
    ("report:data.id", ...),
    ("report:data.entry_id", ...),
    ("report:data.entry_id", None),
    ("report:data.reason", ...),
    ("report:data.reason", ""),
    ("report:data.reason", "x" * 1001),
    ("report:data.note", 7),
    ("report:data.note", "x" * 10_001),
    ("report:data.reporter", "Jan"),
    ("report:data.reporter.name", ...),
    ("report:data.created_at", FUTURE),
]


# Refused before a database is asked, so one is enough.
@pytest.mark.databases("sqlite")
@pytest.mark.parametrize(
    ("path", "value"), MISTAKES, ids=[f"{path}={ascii(value)[:24]}" for path, value in MISTAKES]
)
def test_every_mistake_is_refused_and_its_field_named(client, leoncin, path, value):
    field = path.removeprefix("report:")
    if (path, value) == ("data.kind", "comment"):
        field = "data.parent_id"
    answer = problem(send(client, leoncin, changed(path, value)), 400)
    assert answer["field"] == field
    assert not Entry.select().exists()
    assert not Report.select().exists()


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("data.links", ["https://a.example/", 7], "data.links.1"),
        ("data.media", [{"type": "photo"}], "data.media.0.url"),
        ("data.media", [{"type": 1, "url": "https://a.example/"}], "data.media.0.type"),
        ("data.held", {"by": "staff"}, "data.held.by"),
        ("data.held", {}, "data.held.by"),
        ("data.held", {"by": "platform", "reason": 7}, "data.held.reason"),
    ],
)
def test_a_mistake_deep_inside_is_named_with_its_way(client, leoncin, path, value, field):
    assert problem(send(client, leoncin, changed(path, value)), 400)["field"] == field


def test_a_hold_without_saying_who_held_is_refused(client, leoncin):
    answer = send(client, leoncin, event("entry.held", held=None))
    assert problem(answer, 400)["field"] == "data.held"


def test_the_answer_does_not_repeat_what_was_sent(client, leoncin):
    secret = "Jan Kowalski, PESEL 44051401359"
    answer = send(client, leoncin, changed("data.kind", secret))
    assert secret not in answer.text


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("data.url", None),
        ("data.author.url", None),
        ("data.parent_id", None),
        ("data.figures", None),
        ("data.held", None),
        ("data.text", "x" * 65536),
        ("data.links", ["https://a.example/"] * 100),
        ("timestamp", "2026-03-01T12:00:00Z"),
        ("timestamp", "2026-03-01T12:00:00.123456+02:00"),
        ("extra", {"whatever": True}),
        ("data.extra", [1, 2, 3]),
    ],
    ids=lambda value: ascii(value)[:24],
)
def test_what_the_schema_allows_is_taken(client, leoncin, path, value):
    assert send(client, leoncin, changed(path, value)).status_code == 202


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_what_json_does_not_know_is_refused(client, leoncin, constant):
    media = [{"type": "photo", "url": "https://a.example/1.jpg", "width": 1}]
    body = json.dumps(event(media=media)).replace('"width": 1', f'"width": {constant}')
    assert problem(send(client, leoncin, body), 400)["detail"].startswith("this is not JSON")


@pytest.mark.databases("sqlite", "postgres")
def test_of_media_only_what_is_known_is_kept(client, leoncin):
    known = {"type": "photo", "url": "https://a.example/1.jpg", "alt": "Rynek"}
    assert send(client, leoncin, event(media=[known | {"width": 1e400}])).status_code == 400
    assert send(client, leoncin, event(media=[known | {"width": [{}]}])).status_code == 202
    assert Entry.get().media == [known]
