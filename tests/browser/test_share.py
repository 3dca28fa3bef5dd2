"""What a phone shares with the installed app, signed in and signed out; its picture on the card."""

from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from console.groups import groups
from models import Entry, Media, Share
from tests.browser.conftest import DESKTOP, PHONE, card, sign_in
from tests.cast import PASSWORD

SIDEWAYS = "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
TEXT = "Zobacz: https://m.facebook.com/groups/1234?view=permalink&id=77"
LINK = "https://m.facebook.com/groups/1234?view=permalink&id=77"
# The form that Chrome sends for the share menu of Android, as the page's own.
SHARE = """async ({title, text, picture}) => {
    const form = document.createElement("form");
    Object.assign(form, {action: "/capture", method: "post", enctype: "multipart/form-data"});
    for (const [name, value] of Object.entries({title, text, url: ""})) {
        const field = Object.assign(document.createElement("input"), {name, value});
        form.append(field);
    }
    if (picture) {
        const bytes = Uint8Array.from(picture);
        const files = new DataTransfer();
        files.items.add(new File([bytes], "Screenshot.png", {type: "image/png"}));
        form.append(Object.assign(document.createElement("input"), {type: "file", name: "media"}));
        form.lastChild.files = files.files;
    }
    document.body.append(form);
    form.submit();
}"""


@pytest.fixture
def screenshot() -> bytes:
    image = Image.new("RGB", (540, 1200), "white")
    image.paste((200, 0, 0), (0, 300, 540, 600))
    data = BytesIO()
    image.save(data, "PNG")
    return data.getvalue()


def share(page: Page, text: str = "", picture: bytes = b"", title: str = "") -> None:
    with page.expect_navigation(url="**/intake/capture?**" if _is_in(page) else "**/sign-in?**"):
        page.evaluate(SHARE, {"title": title, "text": text, "picture": list(picture)})


def _is_in(page: Page) -> bool:
    return page.get_by_role("button", name="Wyloguj").count() > 0


def fill_in(page: Page, scene, text: str) -> Entry:
    page.get_by_label("Grupa").select_option(scene.group.slug)
    page.get_by_label("Treść").fill(text)
    page.get_by_label("Autor").fill("Jan Nowak")
    page.get_by_role("button", name="Dodaj", exact=True).click()
    page.wait_for_url("**/entries/*")
    return Entry.get(Entry.text == text)


def opens(page: Page, entry: Entry) -> None:
    """Behind a blur, until it is tapped."""
    shown = card(page, entry)
    tile = shown.get_by_role("link", name="Pokaż zrzut ekranu 1")
    assert "blur" in tile.locator("img").evaluate("each => getComputedStyle(each).filter")
    box = tile.bounding_box()
    assert min(box["width"], box["height"]) >= 44
    expect(shown.get_by_role("img", name="zrzut ekranu 1")).to_have_count(0)
    tile.click()
    picture = shown.get_by_role("img", name="zrzut ekranu 1")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 540
    assert picture.evaluate("image => getComputedStyle(image).filter") == "none"
    assert page.evaluate(SIDEWAYS) == 0
    shown.get_by_role("link", name="Ukryj zrzut ekranu 1").click()
    expect(picture).to_have_count(0)


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_signed_in_a_screenshot_arrives_on_the_form_and_then_on_the_card(
    visit, scene, screenshot, viewport
):
    groups.add_alias(scene.group, "1234")
    page = visit(viewport)
    sign_in(page, scene.anna)
    share(page, TEXT, screenshot)
    expect(page.get_by_label("Link")).to_have_value(LINK)
    expect(page.get_by_text("Zrzut ekranu jest dołączony")).to_be_visible()
    page.reload()  # loses nothing
    expect(page.get_by_text("Zrzut ekranu jest dołączony")).to_be_visible()
    entry = fill_in(page, scene, "Sprzedam rower, idiota.")
    opens(page, entry)
    page.goto("/queue/held")
    opens(page, entry)


def test_signed_out_it_waits_while_one_signs_in_by_password(visit, scene, screenshot):
    page = visit(PHONE)
    page.goto("/people/sign-in")
    share(page, TEXT, screenshot)
    expect(page.get_by_text("77")).to_have_count(0)
    page.get_by_label("Nazwa użytkownika").fill(scene.anna.name)
    page.get_by_label("Hasło").fill(PASSWORD)
    page.get_by_role("button", name="Zaloguj się").click()
    expect(page.get_by_label("Link")).to_have_value(LINK)
    expect(page.get_by_text("Zrzut ekranu jest dołączony")).to_be_visible()
    opens(page, fill_in(page, scene, "Sprzedam rower, idiota."))
    assert not Share.select().exists()


def test_without_javascript_the_tile_leads_to_the_picture(visit, scene, screenshot):
    page = visit(PHONE, javascript=False)
    sign_in(page, scene.anna)
    form = {"media": {"name": "1.png", "mimeType": "image/png", "buffer": screenshot}}
    headers = {"Sec-Fetch-Site": "none"}
    page.goto(page.request.post("/capture", multipart=form, headers=headers).url)
    entry = fill_in(page, scene, "Sprzedam rower, idiota.")
    with page.context.expect_page() as opened:
        card(page, entry).get_by_role("link", name="Pokaż zrzut ekranu 1").click()
    picture = opened.value.locator("img")
    expect(picture).to_be_visible()
    assert opened.value.url.endswith(f"/intake/media/{Media.get(Media.entry == entry).id}")


def test_another_browser_does_not_get_it_and_says_what_to_do(visit, scene, screenshot):
    page, other = visit(PHONE), visit(PHONE)
    for each, who in ((page, scene.anna), (other, scene.jan)):
        sign_in(each, who)
    share(page, TEXT, screenshot)
    other.goto(page.url)
    expect(other.get_by_role("alert")).to_contain_text("Nie ma tu tego, co udostępniono")
    expect(other.get_by_label("Link")).to_have_value("")
    assert page.evaluate(SIDEWAYS) == 0


def test_too_large_a_picture_is_told_in_words(visit, scene, complaints):
    complaints.expect("status of 413")
    page = visit(PHONE)
    sign_in(page, scene.anna)
    with page.expect_navigation(url="**/capture"):
        page.evaluate(
            SHARE.replace("Uint8Array.from(picture)", "new Uint8Array(14e6)"), {"picture": 1}
        )
    expect(page.get_by_role("alert")).to_contain_text("może mieć 10 MB")


def test_the_browser_understands_all_of_the_manifest(visit, console, scene):
    """What Chromium asks of an app that is to be installed; only its build with windows judges it."""
    page = visit(PHONE)
    sign_in(page, scene.anna)
    said = page.context.new_cdp_session(page).send("Page.getAppManifest")
    assert said["errors"] == []
    manifest, home = said["manifest"], f"{console.address}/"
    assert (manifest["id"], manifest["scope"], manifest["startUrl"]) == (home, home, home)
    assert manifest["display"] == "kStandalone"
    assert [icon["sizes"] for icon in manifest["icons"]] == ["192x192", "512x512", "512x512"]
    target = manifest["shareTarget"]
    assert (target["action"], target["method"]) == (f"{home}capture", "kPost")
