"""Passkeys: adding one, signing in with it, revoking it; and administrators who need one."""

import copy
import json
from dataclasses import replace
from datetime import timedelta

import pytest

from console import config
from console.people import links, passkeys, sessions, users
from console.storage import now
from models import AuditRecord, Passkey, Session, User
from tests.cast import PASSWORD, fresh, link_in, user
from tests.hostile import BODIES, TEXTS, wire
from tests.people.authenticator import PRESENT, Device

PAGE = "/people/passkeys"
HTMX = {"HX-Request": "true"}
both = pytest.mark.databases("sqlite", "postgres")


@pytest.fixture
def required(app):
    """Administrators need a passkey."""
    config.use(replace(app.config["SETTINGS"], admin_passkeys=True))


def add(client, device: Device, name: str = "telefon Anny"):
    options = client.get(f"{PAGE}/options-to-add").json
    return client.submit(PAGE, name=name, response=json.dumps(device.make(options)))


def sign_in(client, device: Device, **more: str):
    options = client.get(f"{PAGE}/options-to-sign-in").json
    return client.submit(f"{PAGE}/sign-in", response=json.dumps(device.sign(options)), **more)


@pytest.fixture
def device(browse, anna) -> Device:
    """Holds a passkey of anna's."""
    made = Device()
    assert add(browse(anna), made).status_code == 303
    return made


def is_signed_in(client) -> bool:
    return client.get("/people/account").status_code == 200


@both
@pytest.mark.parametrize("counts", [True, False], ids=["counts", "does not count"])
def test_a_passkey_signs_in_without_a_name(browse, anna, counts):
    device, client = Device(counts=counts), browse()
    assert add(browse(anna), device).status_code == 303
    for _ in range(2):
        answer = sign_in(client, device, next="/queue/reported")
        assert (answer.status_code, answer.location) == (303, "/queue/reported")
        assert "<small>anna</small>" in client.get("/people/account").text
    row = Passkey.get()
    assert (row.user, row.name, row.sign_count) == (anna, "telefon Anny", 3 * counts)
    assert row.used


def test_the_device_is_asked_to_keep_it_and_to_know_its_user(browse, anna, device):
    asked = browse(anna).get(f"{PAGE}/options-to-add").json
    selection = asked["authenticatorSelection"]
    assert (selection["residentKey"], selection["userVerification"]) == ("required", "required")
    assert (asked["rp"]["id"], asked["user"]["name"]) == ("localhost", "anna")
    assert [each["id"] for each in asked["excludeCredentials"]] == [Passkey.get().credential_id]
    asked = browse().get(f"{PAGE}/options-to-sign-in").json
    assert (asked["userVerification"], asked.get("allowCredentials")) == ("required", [])


def test_a_users_passkeys_have_one_handle_which_is_random(browse, anna, administrator, device):
    second, others = Device(), Device()
    add(browse(anna), second, "klucz USB")
    add(browse(administrator), others)
    assert second.handle == device.handle != others.handle
    assert len(device.handle) == 64
    for each in (device, second):
        assert sign_in(browse(), each).status_code == 303


def test_the_page_lists_ones_own_and_revoking_is_at_once_and_in_the_trail(browse, anna, device):
    client = browse(anna)
    page = client.get(PAGE).text
    assert "<h2>telefon Anny</h2>" in page
    assert 'href="/people/sessions"' in page.split("<main")[1]
    answer = client.submit(f"{PAGE}/{Passkey.get().id}/revoke")
    assert (answer.status_code, answer.location) == (303, PAGE)
    assert "telefon Anny" not in client.get(PAGE).text
    refused = sign_in(browse(), device)
    assert refused.status_code == 400
    assert "Nie znamy tego klucza" in refused.text
    rows = AuditRecord.select().where(AuditRecord.act.startswith("user.passkey"))
    acts = [(row.by, row.act, row.subject, row.detail) for row in rows.order_by(AuditRecord.id)]
    assert acts == [
        (anna, "user.passkey-added", "anna", "telefon Anny"),
        (anna, "user.passkey-revoked", "anna", "telefon Anny"),
    ]


def test_somebody_elses_is_not_found(browse, stranger, device):
    assert browse(stranger).submit(f"{PAGE}/{Passkey.get().id}/revoke").status_code == 404
    assert browse(stranger).get(f"{PAGE}/{Passkey.get().id}/revoke").status_code == 405
    assert "telefon Anny" not in browse(stranger).get(PAGE).text
    assert Passkey.select().count() == 1


@pytest.mark.parametrize("name", ["", "   ", "\u200b", "x" * 81])
def test_a_passkey_needs_a_name(browse, anna, name):
    assert add(browse(anna), Device(), name).status_code == 400
    assert not Passkey.select().exists()


@pytest.mark.parametrize(
    "origin",
    ["http://localhost:8001", "https://localhost:8000", "http://127.0.0.1:8000", "https://evil.pl"],
)
def test_from_another_address_it_is_refused(browse, anna, device, origin):
    assert add(browse(anna), Device(origin)).status_code == 400
    device.origin = origin
    answer = sign_in(browse(), device)
    assert answer.status_code == 400
    assert "Klucz nie pasuje" in answer.text
    assert Passkey.select().count() == 1


def test_a_device_that_does_not_know_its_user_is_refused(browse, anna, device):
    stolen = Device()
    stolen.flags = device.flags = PRESENT
    assert add(browse(anna), stolen).status_code == 400
    assert sign_in(browse(), device).status_code == 400


def test_another_devices_signature_is_refused(browse, device):
    forger = Device()
    forger.id, forger.handle = device.id, device.handle
    forger.count = 100
    assert sign_in(browse(), forger).status_code == 400


def test_another_users_handle_is_refused(browse, device, administrator):
    device.handle = b"x" * 64
    assert sign_in(browse(), device).status_code == 400


@both
def test_a_response_that_is_sent_twice_signs_in_once(browse, device):
    client = browse()
    response = json.dumps(device.sign(client.get(f"{PAGE}/options-to-sign-in").json))
    assert client.submit(f"{PAGE}/sign-in", response=response).status_code == 303
    client.submit("/people/sign-out")
    answer = client.submit(f"{PAGE}/sign-in", response=response)
    assert answer.status_code == 400
    assert "wysłane dwa razy" in answer.text
    assert not is_signed_in(client)


@both
@pytest.mark.parametrize("counts", [True, False], ids=["counts", "does not count"])
def test_a_copied_cookie_does_not_bring_its_challenge_back(browse, anna, counts):
    device, client = Device(counts=counts), browse()
    add(browse(anna), device)
    response = json.dumps(device.sign(client.get(f"{PAGE}/options-to-sign-in").json))
    copied = client.get_cookie("session").value
    assert client.submit(f"{PAGE}/sign-in", response=response).status_code == 303
    thief = browse()
    thief.set_cookie("session", copied)
    assert thief.submit(f"{PAGE}/sign-in", response=response).status_code == 400
    assert not is_signed_in(thief)


def test_a_challenge_is_good_for_five_minutes(browse, device, monkeypatch):
    client = browse()
    response = json.dumps(device.sign(client.get(f"{PAGE}/options-to-sign-in").json))
    later = passkeys.now() + timedelta(minutes=5)
    monkeypatch.setattr(passkeys, "now", lambda: later)
    assert client.submit(f"{PAGE}/sign-in", response=response).status_code == 400


def test_a_challenge_of_another_browser_is_refused(browse, device):
    theirs = browse().get(f"{PAGE}/options-to-sign-in").json
    client = browse()
    client.get(f"{PAGE}/options-to-sign-in")
    response = json.dumps(device.sign(theirs))
    assert client.submit(f"{PAGE}/sign-in", response=response).status_code == 400


@both
def test_a_copy_of_the_device_is_noticed_by_its_count(browse, device, caplog):
    clone = copy.copy(device)
    assert sign_in(browse(), device).status_code == 303
    assert sign_in(browse(), device).status_code == 303
    answer = sign_in(browse(), clone)
    assert answer.status_code == 400
    assert "a passkey was refused" in caplog.text
    assert "sign count" in caplog.text
    assert sign_in(browse(), device).status_code == 303


def test_the_same_one_is_not_added_twice(browse, anna, administrator, device):
    assert add(browse(anna), device).status_code == 400
    assert add(browse(administrator), device).status_code == 400
    assert Passkey.get().user == anna


def test_a_deactivated_user_does_not_sign_in(browse, anna, device):
    users.deactivate(anna)
    answer = sign_in(browse(), device)
    assert answer.status_code == 400
    assert "wyłączone" in answer.text


def test_the_demonstrations_accounts_stay_on_this_machine(browse, anna, device):
    User.update(demo=True).execute()
    client = browse()
    options = client.get(f"{PAGE}/options-to-sign-in").json
    token = client.get("/people/sign-in").text.split('name="csrf_token" value="')[1].split('"')[0]
    form = {"csrf_token": token, "response": json.dumps(device.sign(options))}
    answer = client.post(f"{PAGE}/sign-in", data=form, environ_base={"REMOTE_ADDR": "192.0.2.1"})
    assert answer.status_code == 400
    assert not is_signed_in(client)


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}/sign-in"])
def test_whatever_a_device_answers_is_refused_in_words(browse, anna, device, path):
    client = browse(anna)
    good = device.sign(client.get(f"{PAGE}/options-to-sign-in").json)
    nonsense = [
        *map(wire, TEXTS.values()),
        *(body.decode(errors="replace") for body in BODIES.values()),
    ]
    for value in (None, 1, [], "", "x", "ż", "\0", "\ud800", "AAAA" * 1000, good["id"]):
        nonsense += [
            json.dumps(good | {"id": value}),
            json.dumps(good | {"id": value, "rawId": value}),
        ]
        for field in good["response"]:
            nonsense.append(json.dumps(good | {"response": good["response"] | {field: value}}))
    nonsense.append("[" * 50_000)
    for each in nonsense:
        client.get(f"{PAGE}/options-to-{'add' if path == PAGE else 'sign-in'}")
        answer = client.submit(path, name="x", response=each)
        assert answer.status_code == 400, each[:100]
        assert 'class="refusal"' in answer.text or 'class="error"' in answer.text


@pytest.mark.parametrize("origin", ["", "http://127.0.0.1:8000", "http://console.example.pl"])
def test_where_browsers_accept_none_nothing_is_offered(browse, anna, app, origin):
    client = browse(anna)
    config.use(replace(app.config["SETTINGS"], origin=origin))
    assert "FURTKA_ORIGIN" in client.get(PAGE).text
    for path in ("options-to-add", "options-to-sign-in"):
        assert client.get(f"{PAGE}/{path}").status_code == 404
    assert "kluczem" not in browse().get("/people/sign-in").text
    assert PAGE not in client.get("/people/account").text


# --- administrators who need one ---


def test_an_administrator_who_needs_one_reaches_only_the_page_where_it_is_added(
    browse, required, administrator, held
):
    client, device = browse(administrator), Device()
    for path in ("/", "/people/users", "/people/account", f"/entries/{held.id}"):
        assert client.get(path).location == PAGE
    assert client.submit("/people/users", name="x", role="administrator").location == PAGE
    assert client.get("/queue/cards?id=1", headers=HTMX).headers["HX-Redirect"] == PAGE
    assert client.get("/queue/live", headers={"Accept": "text/event-stream"}).status_code == 204
    page = client.get(PAGE).text
    assert "administratorzy logują się kluczem" in page
    assert "/queue/held" not in page  # no frame, and no counts in it
    assert "/queue/held" not in client.get("/nowhere").text
    assert add(client, device).status_code == 303
    assert client.get("/people/users").status_code == 200
    again = browse()
    assert sign_in(again, device).status_code == 303
    assert again.get("/people/users").status_code == 200


def test_with_a_stolen_password_no_passkey_is_added_beside_those_that_are_there(
    browse, required, administrator
):
    device = Device()
    add(browse(administrator), device)
    thief = browse(administrator)  # by password
    page = thief.get(PAGE).text
    assert "Poproś innego administratora o link jednorazowy" in page
    assert "Dodaj klucz" not in page
    assert thief.get(f"{PAGE}/options-to-add").status_code == 400
    with thief.session_transaction() as session:
        session["challenge"] = ["00" * 32, passkeys.now().isoformat(), ""]
    answer = thief.submit(PAGE, name="x", response=json.dumps({}))
    assert (answer.status_code, Passkey.select().count()) == (400, 1)
    assert thief.submit(f"{PAGE}/{Passkey.get().id}/revoke").location == PAGE
    assert Passkey.select().count() == 1
    assert sign_in(thief, device).status_code == 303  # from that very page
    assert thief.get("/people/users").status_code == 200


def test_another_administrators_link_is_the_way_back_for_whoever_lost_theirs(
    browse, required, administrator
):
    boss = user("boss", User.ADMINISTRATOR)
    add(browse(administrator), Device(), "zgubiony")
    client = browse()
    path = link_in(links.make(boss, administrator))
    client.submit(path, password="quiet lantern seldom swims")
    assert client.get("/people/users").location == PAGE
    assert add(client, Device(), "nowy").status_code == 303
    page = client.get(PAGE).text
    assert page.index("zgubiony") < page.index("nowy")
    lost = Passkey.get(Passkey.name == "zgubiony")
    assert client.submit(f"{PAGE}/{lost.id}/revoke").status_code == 303


def test_a_link_tells_which_passkeys_there_are_and_revokes_them_if_asked(browse, anna, device):
    path = link_in(links.make(None, anna))
    assert "Klucze tego konta: telefon Anny." in browse().get(path).text
    browse().submit(path, password="quiet lantern seldom swims")
    assert Passkey.select().count() == 1
    path = link_in(links.make(None, anna))
    browse().submit(path, password="quiet lantern seldom swims", revoke_passkeys="y")
    assert sign_in(browse(), device).status_code == 400
    assert AuditRecord.select().where(AuditRecord.act == "user.passkey-revoked").count() == 1
    path = link_in(links.make(None, anna))
    assert "Klucze tego konta" not in browse().get(path).text


def test_moderators_need_none(browse, required, anna):
    assert browse(anna).get("/queue/held").status_code == 200


def test_who_becomes_an_administrator_needs_one_at_once(browse, required, anna):
    client = browse(anna)
    users.change_role(None, anna, User.ADMINISTRATOR)
    assert client.get("/queue/held").location == PAGE


def test_who_needs_one_can_sign_out(browse, required, administrator):
    client = browse(administrator)
    assert client.submit("/people/sign-out").status_code == 303
    assert not is_signed_in(client)


def test_the_password_still_works_where_none_is_needed(browse, anna, device):
    answer = browse().submit("/people/sign-in", name="anna", password=PASSWORD)
    assert answer.status_code == 303
    assert fresh(anna).passkeys.count() == 1


# --- instead of the password, where a form is held up ---------------------------------------------


@pytest.fixture
def long_ago(browse, anna, device):
    """Anna's browser, in which she signed in too long ago to change who comes in."""
    client = browse(anna)
    Session.update(confirmed=now() - sessions.CONFIRMED_FOR).execute()
    return client


def confirm(client, device: Device, **held_up: str):
    options = client.get(f"{PAGE}/options-to-sign-in").json
    response = json.dumps(device.sign(options))
    return client.submit(f"{PAGE}/confirm?next={PAGE}/begin", response=response, **held_up)


def test_a_passkey_confirms_who_one_is_and_the_form_goes_on(long_ago, device):
    path = f"{PAGE}/{Passkey.get().id}/revoke"
    assert long_ago.submit(path).status_code == 307
    answer = confirm(long_ago, device)
    assert (answer.status_code, answer.location) == (307, f"{PAGE}/begin")
    assert long_ago.submit(path).status_code == 303
    assert not Passkey.select().exists()


def test_somebody_elses_passkey_confirms_nothing_and_the_form_is_kept(
    browse, administrator, long_ago, device
):
    others = Device()
    add(browse(administrator), others)
    answer = confirm(long_ago, others, name="nowa nazwa")
    assert answer.status_code == 400
    assert "To nie jest Twój klucz" in answer.text
    assert 'name="name" value="nowa nazwa"' in answer.text
    assert long_ago.submit(f"{PAGE}/{Passkey.get().id}/revoke").status_code == 307


def test_to_add_one_one_confirms_first_since_it_signs_in_for_good(long_ago, device):
    assert "Potwierdź, że to Ty" in long_ago.get(PAGE).text
    refused = long_ago.submit(PAGE, name="obcy", response="{}")
    assert refused.status_code == 400
    assert "Najpierw potwierdź, że to Ty" in refused.text
    assert long_ago.submit(f"{PAGE}/begin").status_code == 307
    confirm(long_ago, device)
    assert add(long_ago, Device(), "klucz USB").status_code == 303
    assert Passkey.select().count() == 2
