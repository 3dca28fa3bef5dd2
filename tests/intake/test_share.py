"""The installed app: its manifest, and what is shared to it."""

from io import BytesIO

from PIL import Image

MANIFEST = "/manifest.webmanifest"

# --- the manifest ---------------------------------------------------------------------------------


def test_the_manifest_is_for_everybody_and_needs_no_session(browse):
    answer = browse().get(MANIFEST)
    assert answer.mimetype == "application/manifest+json"
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert "Cookie" not in answer.headers.get("Vary", "")
    said = answer.json
    assert (said["name"], said["short_name"]) == ("Furtka – konsola moderacji", "Furtka")
    assert (said["start_url"], said["scope"], said["display"]) == ("/", "/", "standalone")


def test_its_icons_are_of_the_size_that_it_says(browse):
    client = browse()
    icons = client.get(MANIFEST).json["icons"]
    assert [(icon["sizes"], icon["purpose"]) for icon in icons] == [
        ("192x192", "any"),
        ("512x512", "any"),
        ("512x512", "maskable"),
    ]
    for icon in icons:
        answer = client.get(icon["src"])
        assert answer.mimetype == icon["type"]
        width, height = Image.open(BytesIO(answer.data)).size
        assert f"{width}x{height}" == icon["sizes"]
        assert len(answer.data) < 8_000


def test_every_page_names_the_manifest_an_icon_and_the_colours_of_its_frame(browse, anna):
    for page in (browse().get("/people/sign-in").text, browse(anna).get("/queue/held").text):
        assert f'rel="manifest" href="{MANIFEST}"' in page
        assert 'rel="apple-touch-icon" href="/static/icons/icon-apple.png' in page
        assert page.count('name="theme-color"') == 2


def test_the_manifest_is_in_polish_whatever_language_was_spoken_before(browse, anna):
    client = browse(anna)
    client.submit("/people/language", language="en")
    client.get("/queue/held")
    assert client.get(MANIFEST).json["name"] == "Furtka – konsola moderacji"
