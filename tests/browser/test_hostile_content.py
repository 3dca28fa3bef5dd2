"""Foreign pictures wait for a tap; hostile names and texts stay within their card."""

import base64

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE, card, sign_in
from tests.cast import event, take

PIXEL = base64.b64decode("R0lGODlhAQABAAAAACwAAAAAAQABAAACAkQBADs=")
HOST = "https://photos.example/"


@pytest.fixture
def album(scene):
    """A held post of thirteen photos; the second one has words."""
    photos = [{"type": "photo", "url": f"{HOST}{n}.gif"} for n in range(1, 14)]
    photos[1]["alt"] = "Dym nad lasem"
    return take(scene.group, id="album", text="Idiota podpalił las.", media=photos)


def asked_of(page, *, missing: str = "none") -> list[str]:
    """The requests to the photos' host, which has all but one of them."""
    asked = []

    def answer(route):
        asked.append(route.request.url.removeprefix(HOST))
        assert "referer" not in route.request.headers
        if missing in route.request.url:
            route.fulfill(status=404)
        else:
            route.fulfill(body=PIXEL, content_type="image/gif")

    page.route(f"{HOST}**", answer)
    return asked


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_photo_is_fetched_when_its_tile_is_tapped_and_not_before(visit, scene, album, viewport):
    page = visit(viewport)
    asked = asked_of(page)
    sign_in(page, scene.anna)
    for path in ("/queue/held", f"/entries/{album.id}"):
        page.goto(path)
        shown = card(page, album)
        tiles = shown.locator(".photo")
        expect(tiles.first).to_have_accessible_name("Pokaż zdjęcie 1")
        for tile in tiles.all():
            tile.scroll_into_view_if_needed()
            box = tile.bounding_box()
            assert min(box["width"], box["height"]) >= 44
        assert asked == []
        tile = shown.get_by_role("link", name="Pokaż zdjęcie 2 Dym nad lasem")
        tile.click()
        photo = shown.get_by_role("img", name="Dym nad lasem")
        expect(photo).to_be_visible()
        assert photo.evaluate("image => image.decode().then(() => image.naturalWidth)") == 1
        assert asked == ["2.gif"]
        opened = shown.get_by_role("link", name="Ukryj zdjęcie 2 Dym nad lasem", expanded=True)
        opened.click()
        expect(photo).to_have_count(0)
        expect(tile).to_be_visible()
        asked.clear()


def test_the_list_shows_ten_and_leads_to_all_of_them(visit, scene, album):
    page = visit(PHONE)
    asked = asked_of(page)
    sign_in(page, scene.anna)
    expect(card(page, album).locator(".photo")).to_have_count(10)
    card(page, album).get_by_role("link", name="i jeszcze 3").click()
    expect(card(page, album).locator(".photo")).to_have_count(13)
    card(page, album).get_by_role("button", name="Pokaż wszystkie zdjęcia (13)").click()
    expect(card(page, album).locator("img")).to_have_count(13)
    expect(card(page, album).locator(".all-photos")).to_have_count(0)
    assert len(asked) == 13
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_photo_that_does_not_load_says_so_and_leads_to_its_address(
    visit, scene, album, complaints
):
    complaints.expect("status of 404")
    page = visit()
    asked_of(page, missing="3.gif")
    sign_in(page, scene.anna)
    card(page, album).locator(".photo").nth(2).click()
    note = card(page, album).locator(".media .error")
    expect(note).to_contain_text("Zdjęcia nie da się wczytać")
    expect(note.get_by_role("link")).to_have_attribute("href", f"{HOST}3.gif")
    expect(page.locator("#announcements")).to_contain_text("Zdjęcia nie da się wczytać")
    card(page, album).locator(".photo").nth(2).click()
    expect(note).to_have_count(0)


def test_without_javascript_a_tile_leads_to_the_photo(visit, scene, album):
    page = visit(javascript=False)
    asked = asked_of(page)
    sign_in(page, scene.anna)
    page.goto(f"/entries/{album.id}")
    assert asked == []
    tile = card(page, album).locator(".photo").first
    assert tile.get_attribute("href") == f"{HOST}1.gif"
    assert set(tile.get_attribute("rel").split()) >= {"noreferrer", "noopener"}
    expect(card(page, album).locator(".all-photos")).to_be_hidden()


NAMES = {
    "marks": "Z" + "\u0315\u0334\u20dd\u0fb5\u0e48" * 20,
    "zero width": "\u200b",
    "Hangul fillers": "\u3164" * 200,
    "one syllable": "\u1100" * 255,
    "one emoji": "\u200d".join("👩" * 120),
    "turned around": "\u202eaksrezcylop",
    "one word": "W" * 255,
}


@pytest.fixture(params=NAMES.values(), ids=NAMES)
def hostile(scene, request):
    """A held comment with an edit and a report, all of them made of one hostile string."""
    name = request.param
    who = event()["data"]["author"] | {"id": "hostile", "name": name}
    media = [{"type": "photo", "url": f"{HOST}1.gif", "alt": name}, {"type": "", "url": HOST}]
    shape = {"author": who, "media": media, "links": [HOST + name]}
    take(scene.group, id="hostile", text=f"Idiota. {name * 20}", **shape)
    shape |= {"id": "reply", "kind": "comment", "parent_id": "hostile"}
    take(scene.group, text=f"Idiota\n{name}\n{name}", **shape)
    held = {"by": "platform", "reason": name * 3}
    entry = take(scene.group, "entry.updated", text=f"Idiota {name}", held=held, **shape)
    report = {"reason": name, "note": name * 10, "reporter": {"id": "r", "name": name}}
    take(scene.group, "report.created", id="hostile", entry_id="reply", **report)
    return entry


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_no_name_or_text_is_wider_than_its_place_or_without_a_trace(
    visit, scene, hostile, viewport
):
    page = visit(viewport)
    sign_in(page, scene.anna)
    author = f"/queue/authors/{hostile.profile_id}"
    for path in ("/queue/held", "/queue/reported", f"/entries/{hostile.id}", author):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        too_small = page.evaluate(
            """() => {
                document.styleSheets[0].insertRule(".card { content-visibility: visible !important; }");
                return [...document.querySelectorAll("main a")]
                    .filter(a => a.checkVisibility() && a.getBoundingClientRect().width < 8)
                    .map(a => a.outerHTML);
            }"""
        )
        assert too_small == [], path
    page.goto("/queue/held")
    height = card(page, hostile).locator("h2").bounding_box()["height"]
    assert height <= 24 * (8 if viewport == DESKTOP else 16)


def test_many_short_lines_are_cut_and_the_whole_is_a_click_away(visit, scene):
    lines = "\n".join("ab" for _line in range(590))
    entry = take(scene.group, id="lines", text=f"{lines}\nidiota\n{lines}")
    page = visit(PHONE)
    sign_in(page, scene.anna)
    expect(card(page, entry).locator("mark")).to_be_visible()
    assert card(page, entry).bounding_box()["height"] < 800
    card(page, entry).get_by_role("link", name="Pokaż całość").click()
    expect(card(page, entry).locator(".text")).to_have_text(entry.text, use_inner_text=True)
