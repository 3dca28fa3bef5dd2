"""Passkeys with chromium's virtual authenticator, and one-time links, as a person meets them."""

import pytest
from playwright.sync_api import Page, expect

from console.people import links
from models import AuditRecord, Passkey
from tests.browser.conftest import DESKTOP, PHONE, arrive, sign_in, sign_in_by_hand
from tests.cast import link_in

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Device:
    """The browser's virtual authenticator."""

    def __init__(self, page: Page):
        self._cdp = page.context.new_cdp_session(page)
        self._cdp.send("WebAuthn.enable")
        made = self._cdp.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
        self._named = {"authenticatorId": made["authenticatorId"]}

    def has(self) -> list[dict]:
        return self._cdp.send("WebAuthn.getCredentials", self._named)["credentials"]

    def does_not_know_its_user(self) -> None:
        self._cdp.send("WebAuthn.setUserVerified", self._named | {"isUserVerified": False})

    def is_put_back_to(self, credential: dict) -> None:
        """As a copy of it that somebody kept."""
        self._cdp.send("WebAuthn.clearCredentials", self._named)
        self._cdp.send("WebAuthn.addCredential", self._named | {"credential": credential})


@pytest.fixture
def local(console) -> str:
    """The console under a host name: browsers bind no passkey to an IP address."""
    return console.address.replace("127.0.0.1", "localhost")


def add_passkey(page: Page, local: str, name: str = "Telefon Anny") -> None:
    page.goto(f"{local}/people/account")
    page.get_by_role("link", name="Moje klucze").click()
    page.get_by_label("Nazwa klucza").fill(name)
    page.get_by_role("button", name="Dodaj klucz").click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()


def sign_out(page: Page, local: str) -> None:
    page.goto(f"{local}/queue/held")
    page.get_by_role("button", name="Wyloguj").click()
    page.wait_for_url("**/people/sign-in")


def sign_in_by_passkey(page: Page, local: str) -> None:
    page.goto(f"{local}/people/sign-in")
    page.get_by_role("button", name="Zaloguj się kluczem").click()


@pytest.fixture
def at_localhost(visit, scene, local):
    """anna, signed in by her password where passkeys work: at_localhost(PHONE)."""

    def at_localhost(viewport=DESKTOP) -> Page:
        page = visit(viewport)
        page.goto(f"{local}/people/sign-in")
        page.get_by_label("Nazwa użytkownika").fill(scene.anna.name)
        page.get_by_label("Hasło").fill("correct horse battery")
        page.get_by_role("button", name="Zaloguj się", exact=True).click()
        arrive(page)
        return page

    return at_localhost


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_passkey_is_added_and_signs_in_without_a_name(at_localhost, scene, local, viewport):
    page = at_localhost(viewport)
    Device(page)
    add_passkey(page, local)
    for _ in range(2):
        sign_out(page, local)
        sign_in_by_passkey(page, local)
        arrive(page)
    assert Passkey.get().user == scene.anna
    assert Passkey.get().sign_count > 0


def test_a_revoked_one_is_refused_in_words(at_localhost, local, complaints):
    complaints.expect("status of 400")
    page = at_localhost()
    Device(page)
    add_passkey(page, local)
    page.locator("summary", has_text="Unieważnij").click()
    page.get_by_role("button", name="Unieważnij: Telefon Anny").click()
    expect(page.get_by_role("heading", name="Telefon Anny")).to_have_count(0)
    sign_out(page, local)
    sign_in_by_passkey(page, local)
    expect(page.get_by_role("alert")).to_contain_text("Nie znamy tego klucza")


def test_a_copy_of_a_device_is_noticed(at_localhost, local, complaints):
    complaints.expect("status of 400")
    page = at_localhost()
    device = Device(page)
    add_passkey(page, local)
    copied = device.has()[0]
    sign_out(page, local)
    sign_in_by_passkey(page, local)
    arrive(page)
    sign_out(page, local)
    device.is_put_back_to(copied)
    sign_in_by_passkey(page, local)
    expect(page.get_by_role("alert")).to_contain_text("Klucz nie pasuje")


def test_a_response_that_is_sent_twice_signs_in_once(at_localhost, local, complaints):
    complaints.expect("status of 400")
    page = at_localhost()
    Device(page)
    add_passkey(page, local)
    sign_out(page, local)
    with page.expect_request("**/people/passkeys/sign-in") as sent:
        sign_in_by_passkey(page, local)
    arrive(page)
    sign_out(page, local)
    form = dict(part.split("=", 1) for part in (sent.value.post_data or "").split("&"))
    page.goto(f"{local}/people/sign-in")
    page.evaluate(
        """response => {
            const form = document.querySelector("[data-passkey]");
            form.elements.response.value = decodeURIComponent(response.replaceAll("+", " "));
            form.submit();
        }""",
        form["response"],
    )
    expect(page.get_by_role("alert")).to_contain_text("wysłane dwa razy")


def test_where_the_device_gives_none_the_page_says_so(at_localhost, local, complaints):
    page = at_localhost()
    device = Device(page)
    add_passkey(page, local)
    page.get_by_label("Nazwa klucza").fill("Drugi")
    page.get_by_role("button", name="Dodaj klucz").click()
    refusal = page.get_by_role("alert")
    expect(refusal).to_contain_text("Urządzenie nie podało klucza")
    sign_out(page, local)
    device.does_not_know_its_user()
    sign_in_by_passkey(page, local)
    expect(page.get_by_role("alert")).to_contain_text("Urządzenie nie podało klucza")
    assert Passkey.select().count() == 1


def test_at_another_address_no_passkey_is_offered_and_the_right_one_is_named(visit, scene, local):
    page = visit()
    page.goto("/people/sign-in")
    page.wait_for_load_state("load")
    expect(page.get_by_role("button", name="Zaloguj się kluczem")).to_be_hidden()
    sign_in(page, scene.anna)
    page.goto("/people/passkeys")
    page.wait_for_load_state("load")
    expect(page.get_by_role("button", name="Dodaj klucz")).to_be_hidden()
    expect(page.get_by_role("link", name=local)).to_have_attribute(
        "href", f"{local}/people/passkeys"
    )


def test_without_javascript_one_signs_in_by_password_and_is_told_what_a_passkey_needs(visit, scene):
    page = visit(javascript=False)
    sign_in_by_hand(page, scene.anna)
    page.goto("/people/passkeys")
    expect(page.get_by_text("w nowej przeglądarce z JavaScriptem")).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without"])
def test_a_new_user_comes_in_by_a_link(visit, scene, javascript):
    address = links.make(None, scene.anna)
    page = visit(PHONE, javascript=javascript)
    page.goto(link_in(address))
    expect(page.get_by_label("Nazwa użytkownika")).to_have_value(scene.anna.name)
    page.get_by_label("Nowe hasło").fill("mokra lampa jedzie rowerem")
    page.get_by_role("button", name="Ustaw hasło i zaloguj się").click()
    arrive(page)
    assert [row.act for row in AuditRecord.select().order_by(AuditRecord.id)][-2:] == [
        "user.link-made",
        "user.link-used",
    ]


def test_a_link_that_is_shown_once_is_copied_by_a_button(visit, scene, local):
    scene.jan.role = "administrator"
    scene.jan.save()
    page = visit()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    sign_in(page, scene.jan)
    page.goto("/people/users")
    panel = page.locator("section", has=page.get_by_role("heading", name=scene.anna.name))
    panel.get_by_role("button", name="Nowy link").click()
    shown = page.get_by_label("Link jednorazowy").input_value()
    assert shown.startswith(f"{local}/people/links/")
    page.get_by_role("button", name="Kopiuj").click()
    expect(page.get_by_role("button", name="Skopiowano")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == shown
