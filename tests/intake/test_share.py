"""The installed app: its manifest, and what is shared to it."""

import html
from contextlib import suppress
from datetime import timedelta
from io import BytesIO
from threading import Thread
from urllib.parse import parse_qsl, urlsplit

import pytest
from PIL import Image

from console import jobs
from console.errors import TooMany
from console.intake import pictures, share
from console.storage import db, now
from models import Entry, Media, Share
from tests.cast import PASSWORD
from tests.intake.test_pictures import file

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


def test_what_a_device_shares_is_posted_to_the_console(browse):
    target = browse().get(MANIFEST).json["share_target"]
    assert (target["action"], target["method"]) == ("/capture", "POST")
    assert target["enctype"] == "multipart/form-data"
    assert target["params"] == {
        "title": "title",
        "text": "text",
        "url": "url",
        "files": [{"name": "media", "accept": ["image/*"]}],
    }


# --- what is shared -------------------------------------------------------------------------------

POST = "https://www.facebook.com/groups/leoncin/posts/77/"


@pytest.mark.parametrize(
    ("title", "text", "url", "expected"),
    [
        ("", "", POST, ("", "", POST)),
        ("", POST, "", ("", "", POST)),  # Android
        (POST, "", "", ("", "", POST)),
        ("Facebook", f"Sprzedam rower\n{POST}", "", ("Facebook", "Sprzedam rower", POST)),
        ("", f"{POST} Sprzedam rower", "", ("", "Sprzedam rower", POST)),
        ("", f"Patrz {POST} dzisiaj", "", ("", f"Patrz {POST} dzisiaj", POST)),
        ("", "Sprzedam rower", POST, ("", "Sprzedam rower", POST)),
        ("", f"https://olx.pl/rower {POST}", "", ("", "https://olx.pl/rower", POST)),
        ("", "https://olx.pl/rower", POST, ("", "https://olx.pl/rower", POST)),
        ("", "Rower HTTPS://OLX.PL/rower", "", ("", "Rower", "HTTPS://OLX.PL/rower")),
        (
            "",
            "Sprzedam rower",
            "javascript:alert(1)",
            ("", "Sprzedam rower", "javascript:alert(1)"),
        ),
        (" \0", " \0 ", "\0", ("", "", "")),
    ],
)
def test_the_link_is_found_wherever_it_is_and_no_word_is_lost(title, text, url, expected):
    assert share.read(title, text, url) == expected


def body(said: dict[str, str], media=()) -> bytes:
    """A form in parts, between lines of dashes."""
    parts = [f'name="{name}"\r\n\r\n{text}'.encode() for name, text in said.items()]
    head = b'name="media"; filename="1.png"\r\nContent-Type: image/png\r\n\r\n'
    parts += [head + each for each in media]
    disposition = b"--dashes\r\nContent-Disposition: form-data; "
    return b"".join(disposition + part + b"\r\n" for part in parts) + b"--dashes--\r\n"


def post(client, media=(), *, site: str | None = "none", address="192.0.2.1", **said):
    """As Chrome does, from the share menu of a device."""
    return client.post(
        "/capture",
        data=body({"title": "", "text": "", "url": ""} | said, media),
        content_type="multipart/form-data; boundary=dashes",
        headers={"Sec-Fetch-Site": site} if site else {},
        environ_base={"REMOTE_ADDR": address},
    )


def query(answer) -> dict[str, str]:
    assert answer.status_code == 303
    address = urlsplit(answer.location)
    assert address.path == "/intake/capture"
    return dict(parse_qsl(address.query))


def save(client, token: str = "", **fields):
    values = {"group": "leoncin", "text": "Sprzedam rower.", "author": "Jan", "link": ""} | fields
    return client.submit("/intake/capture", **values | ({"share": token} if token else {}))


def saved(answer) -> Entry:
    assert answer.status_code == 303
    return Entry.get_by_id(answer.location.rpartition("/")[2])


def age(minutes: float) -> None:
    Share.update(created=now() - timedelta(minutes=minutes)).execute()


@pytest.mark.parametrize("names", [("u", "t"), ("url", "text")])
def test_the_bookmarklet_fills_in_the_form(browse, anna, names):
    client = browse(anna)
    url, text = names
    answer = client.get("/capture", query_string={url: POST, text: "Sprzedam rower"})
    assert query(answer) == {"link": POST, "text": "Sprzedam rower"}
    form = client.get(answer.location).text
    assert f'value="{POST}"' in form
    assert "Sprzedam rower</textarea>" in form
    assert not Share.select().exists()


def test_signed_in_a_link_goes_straight_to_the_form_and_nothing_is_kept(browse, anna):
    answer = post(browse(anna), text=POST, title="Facebook")
    assert query(answer) == {"link": POST, "title": "Facebook"}
    assert not Share.select().exists()
    assert not Entry.select().exists()


def test_a_screenshot_waits_until_the_entry_is_saved_and_then_stands_beside_it(browse, anna):
    client = browse(anna)
    answer = post(client, [file()], text=f"Sprzedam rower {POST}")
    token = query(answer)["share"]
    for _reload in range(2):
        form = client.get(answer.location).text
        assert f'name="share" value="{token}"' in form
        assert "Zrzut ekranu jest dołączony" in form
        assert f'value="{POST}"' in form
        assert "Sprzedam rower</textarea>" in form
    assert not Media.select().exists()
    refused = save(client, token, text="")
    assert refused.status_code == 400
    assert f'name="share" value="{token}"' in refused.text  # still there
    looked = save(client, token, link=POST, look="1")
    assert f'name="share" value="{token}"' in looked.text
    entry = saved(save(client, token))
    (kept,) = entry.pictures
    assert (kept.by, kept.width, kept.height) == (anna, 64, 32)
    assert not Share.select().exists()


def test_it_is_added_to_an_entry_that_is_here_already(browse, anna, leoncin):
    client = browse(anna)
    known = saved(save(client, link=POST))
    token = query(post(client, [file()], text=POST))["share"]
    assert saved(save(client, token, link=POST)) == known
    assert known.pictures.count() == 1


def test_two_shares_in_one_browser_do_not_meet(browse, anna, leoncin):
    client = browse(anna)
    tokens = [query(post(client, [file(size=(n, n))]))["share"] for n in (20, 40)]
    for token, size in zip(tokens, (20, 40), strict=True):
        (kept,) = saved(save(client, token, text=f"{size}")).pictures
        assert kept.width == size


def test_of_several_pictures_the_first_is_taken_and_the_form_says_so(browse, anna):
    client = browse(anna)
    answer = post(client, [file(), file(size=(20, 20))])
    assert "Wzięto tylko pierwszy" in client.get(answer.location).text
    assert bytes(Share.get().picture) == file()


def test_signed_out_it_is_kept_over_the_sign_in(browse, anna):
    client = browse()
    answer = post(client, [file()], text=f"Sprzedam rower {POST}")
    assert client.get_cookie("share").http_only
    assert client.get_cookie("share").same_site == "Lax"
    token = query(answer)["share"]
    assert token not in str(list(Share.select().dicts()))
    asked = client.get(answer.location)
    assert asked.location.startswith("/people/sign-in?next=")
    page = client.get(asked.location).text
    assert "Sprzedam" not in page
    target = html.unescape(page.split('name="next" value="')[1].split('"')[0])
    entered = client.submit("/people/sign-in", name=anna.name, password=PASSWORD, next=target)
    assert "Sprzedam rower</textarea>" in client.get(entered.location).text
    assert saved(save(client, token)).pictures.count() == 1


def test_a_long_text_is_kept_too_though_it_came_by_get(browse, anna):
    client, text = browse(), "ż" * 1000
    answer = client.get("/capture", query_string={"u": POST, "t": text})
    assert set(query(answer)) == {"share"}
    client.submit("/people/sign-in", name=anna.name, password=PASSWORD)
    assert f"{text}</textarea>" in client.get(answer.location).text


def test_another_browser_does_not_get_it_by_its_address(browse, anna, administrator):
    token = query(post(browse(anna), [file()], text="Sprzedam rower"))["share"]
    for other in (browse(anna), browse(administrator)):
        post(other, [file()])  # it has a cookie of its own
        page = other.get(f"/intake/capture?share={token}").text
        assert "Nie ma tu tego, co udostępniono" in page
        assert "Sprzedam rower" not in page
        assert save(other, token).status_code == 400
    assert not Media.select().exists()
    assert not Entry.select().exists()


def test_after_ten_minutes_it_is_gone_and_what_was_typed_is_not(browse, anna):
    client = browse(anna)
    answer = post(client, [file()], text="Sprzedam rower")
    age(10)
    page = client.get(answer.location).text
    assert "Nie ma tu tego, co udostępniono" in page
    assert 'name="share"' not in page
    refused = save(client, query(answer)["share"], text="Sprzedam szafę.")
    assert refused.status_code == 400
    assert "przez dziesięć minut" in refused.text
    assert "Sprzedam szafę.</textarea>" in refused.text
    assert 'name="share"' not in refused.text  # so that it goes without, if it is sent again
    assert not Entry.select().exists()


def test_what_is_no_picture_is_refused_and_the_entry_can_be_added_without(browse, anna):
    client = browse(anna)
    token = query(post(client, [b"<svg/>"]))["share"]
    refused = save(client, token)
    assert refused.status_code == 400
    assert "Obrazu nie da się odczytać" in refused.text
    assert 'name="share"' not in refused.text
    assert not Entry.select().exists()
    assert saved(save(client)).pictures.count() == 0


@pytest.mark.parametrize("site", ["cross-site", "same-site", None])
def test_another_sites_form_and_a_program_are_refused_and_not_read(browse, anna, site):
    too_much = bytes(12 * 1024 * 1024)
    for client in (browse(), browse(anna)):
        answer = post(client, [too_much], site=site, text=POST)
        assert answer.status_code == 400
        assert "Ten adres przyjmuje tylko to" in answer.text
    assert not Share.select().exists()


@pytest.mark.parametrize("size", [pictures.MAX_BYTES + 1, 12 * 1024 * 1024])
def test_what_is_too_large_is_refused_in_words(browse, anna, size):
    for client in (browse(), browse(anna)):
        answer = post(client, [bytes(size)], text=POST)
        assert answer.status_code == 413
        assert "10 MB" in answer.text
    assert not Share.select().exists()


def test_one_network_leaves_ten_before_it_signs_in(browse, anna, caplog):
    client, signed_in = browse(), browse(anna)
    for _each in range(share.PER_ADDRESS):
        post(signed_in, [file()], address="2001:db8::1")  # counts against nobody
        assert post(client, [file()], address="2001:db8::1").status_code == 303
    refused = post(client, [file()], address="2001:db8::2")  # of the same /64
    assert refused.status_code == 429
    assert "Z Twojej sieci" in refused.text
    assert "share throttled: too many from '2001:db8::/64'" in caplog.text
    assert Share.select().count() == 2 * share.PER_ADDRESS
    assert post(client, text=POST, address="2001:db8::1").status_code == 429
    assert post(client, [file()], address="192.0.2.1").status_code == 303
    assert post(signed_in, [file()], address="2001:db8::1").status_code == 303
    age(10)
    assert post(client, [file()], address="2001:db8::1").status_code == 303


@pytest.mark.parametrize(("name", "limit"), [("MOST", 3), ("MOST_BYTES", 1000)])
def test_strangers_leave_only_so_much_in_all(browse, anna, monkeypatch, name, limit):
    monkeypatch.setattr(share, name, limit)
    client = browse()
    for number in range(3):
        post(client, [bytes(400)], address=f"192.0.2.{number}")
    refused = post(client, [file()], address="192.0.2.9")
    assert refused.status_code == 429
    assert "Nie ma teraz miejsca" in refused.text
    assert Share.select().count() == 3
    assert post(browse(anna), [file()]).status_code == 303


def test_it_is_deleted_by_the_clock_after_ten_minutes(browse, anna):
    post(browse(anna), [file()])
    age(9)
    jobs.forget.call_local()
    assert Share.select().count() == 1
    age(10)
    jobs.forget.call_local()
    assert Share.select().count() == 0


def test_at_the_same_moment_no_more_is_kept_than_the_limit_allows(leoncin):
    def leave() -> None:
        with db.connection_context(), suppress(TooMany):
            share.keep(share.Shared("", "", ""), None, "b", "192.0.2.1")

    threads = [Thread(target=leave) for _each in range(2 * share.PER_ADDRESS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Share.select().count() == share.PER_ADDRESS
