"""Pictures of the console's own: re-encoded, shown to whoever may see their entry."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image
from playhouse.test_utils import count_queries

from console.errors import Refused
from console.intake import pictures
from console.queue import fragment_cache
from console.queue.fragment_cache import MAX_BYTES, Fragments
from models import Event, Media
from tests.cast import take

LEFT, RIGHT = (200, 0, 0), (0, 0, 200)
ORIENTATION, MAKER, GPS = 0x0112, 0x010F, 0x8825


def file(format: str = "PNG", size=(64, 32), mode: str = "RGB", **options) -> bytes:
    """A picture whose left half is red and whose right half is blue."""
    image = Image.new("RGB", size, LEFT)
    image.paste(RIGHT, (size[0] // 2, 0, *size))
    data = BytesIO()
    image.convert(mode).save(data, format, **options)
    return data.getvalue()


def shown(picture: pictures.Picture) -> Image.Image:
    image = Image.open(BytesIO(picture.data))
    assert image.format == "WEBP"
    assert image.size == (picture.width, picture.height)
    return image


def is_near(colour, other) -> bool:
    return all(abs(one - two) < 30 for one, two in zip(colour, other, strict=True))


def png(width: int, height: int, rows: bytes = b"") -> bytes:
    """Of that size, whatever it holds."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


MODES = {
    "JPEG": ("RGB", "L", "CMYK"),
    "PNG": ("RGB", "RGBA", "L", "LA", "P", "1"),
    "WEBP": ("RGB", "RGBA"),
    "GIF": ("P", "L", "1"),
    "BMP": ("RGB", "L", "P", "1"),
}


@pytest.mark.parametrize(("format", "mode"), [(of, mode) for of in MODES for mode in MODES[of]])
def test_each_kind_is_taken(format, mode):
    image = shown(pictures.encoded_anew(file(format, mode=mode)))
    assert image.mode == "RGB"
    assert image.size == (64, 32)


def test_metadata_go_and_the_picture_is_turned_as_they_say():
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKER] = 6, "Telefon Anny"  # a quarter to the right
    exif.get_ifd(GPS)[1] = "N"
    data = file("JPEG", exif=exif, comment=b"z domu", quality=95)
    assert b"Telefon Anny" in data
    picture = pictures.encoded_anew(data)
    image = shown(picture)
    assert image.size == (32, 64)
    assert is_near(image.getpixel((16, 8)), LEFT)
    assert is_near(image.getpixel((16, 56)), RIGHT)
    assert not image.getexif()
    assert {"exif", "xmp", "icc_profile", "comment"}.isdisjoint(image.info)
    assert b"Anny" not in picture.data
    assert b"domu" not in picture.data


def test_what_is_transparent_stands_on_white():
    data = BytesIO()
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(data, "PNG")
    assert is_near(shown(pictures.encoded_anew(data.getvalue())).getpixel((4, 4)), (255,) * 3)


def test_what_is_large_is_scaled_down():
    image = shown(pictures.encoded_anew(file("JPEG", (4000, 1000))))
    assert image.size == (2000, 500)


@pytest.mark.parametrize("size", [(10_000, 4_001), (60_000, 60_000), (2**31 - 1, 2**31 - 1)])
def test_a_decompression_bomb_is_refused_before_it_is_decoded(monkeypatch, size):
    def decode(*_args):
        raise AssertionError("it was decoded")

    monkeypatch.setattr(pictures, "_for_the_screen", decode)
    with pytest.raises(Refused, match="40 milionów pikseli") as refusal:
        pictures.encoded_anew(png(*size))
    assert refusal.value.field == "picture"


def test_a_file_of_more_than_ten_megabytes_is_refused():
    with pytest.raises(Refused, match="10 MB"):
        pictures.encoded_anew(file() + bytes(pictures.MAX_BYTES))


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
NO_PICTURES = {
    "nothing": b"",
    "text": "Sąsiad to idiota.".encode(),
    "svg": SVG,
    "page": b"<!doctype html><script>alert(1)</script>",
    "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nshowpage\n",
    "tiff": b"II*\0\x08\0\0\0\0\0\0\0\0\0",
    "only its beginning": file()[:40],
    "truncated png": file(size=(300, 300), mode="RGBA")[:-60],
    "truncated jpeg": file("JPEG", (300, 300))[:-200],
    "truncated webp": file("WEBP", (300, 300))[:-60],
    "no rows": png(100, 100),
    "no size": png(0, 0),
    "text bomb": file()[:33] + struct.pack(">I", 20) + b"zTXt" + b"a\0\0" * 7 + file()[33:],
}


@pytest.mark.parametrize("data", NO_PICTURES.values(), ids=NO_PICTURES)
def test_what_is_no_picture_is_refused_in_words(published, anna, data):
    with pytest.raises(Refused, match="nie da się odczytać"):
        pictures.keep(published, anna, data)
    assert not Media.select().exists()


@pytest.mark.parametrize("format", ["JPEG", "PNG", "GIF", "WEBP"])
def test_of_a_file_that_is_a_picture_and_something_else_only_the_picture_is_kept(format):
    picture = pictures.encoded_anew(file(format) + b"<script>alert(1)</script>PK\x03\x04")
    assert b"script" not in picture.data
    assert b"PK\x03\x04" not in picture.data
    assert shown(picture).size == (64, 32)


def test_it_is_kept_beside_its_entry_and_everybody_who_looks_is_told(published, anna):
    before = Event.select().count()
    kept = pictures.keep(published, anna, file())
    again = pictures.keep(published, anna, file())
    assert again == kept
    row = Media.get()
    assert (row.entry, row.by, row.content_type) == (published, anna, "image/webp")
    assert (row.width, row.height) == (64, 32)
    assert shown(pictures.Picture(bytes(row.data), row.width, row.height))
    (event,) = Event.select().order_by(Event.id).offset(before)
    assert (event.kind, event.entry_id) == (Event.RENEWED, published.id)


# --- served ---------------------------------------------------------------------------------------


@pytest.fixture
def picture(held, anna) -> Media:
    return pictures.keep(held, anna, file())


def test_whoever_has_a_seat_gets_it_and_the_browser_may_only_show_it(browse, anna, picture):
    answer = browse(anna).get(f"/intake/media/{picture.id}")
    assert answer.status_code == 200
    assert answer.data == bytes(picture.data)
    expected = {
        "Content-Type": "image/webp",
        "Content-Disposition": "inline",
        "Cache-Control": "private, max-age=31536000, immutable",
        "X-Content-Type-Options": "nosniff",
    }
    assert {name: answer.headers[name] for name in expected} == expected
    policy = answer.headers["Content-Security-Policy"].split("; ")
    assert {"default-src 'none'", "frame-ancestors 'none'", "sandbox"} <= set(policy)
    assert "Cookie" in answer.vary  # another session asks anew


def test_an_outsider_gets_404(browse, stranger, picture):
    assert browse(stranger).get(f"/intake/media/{picture.id}").status_code == 404
    assert browse(stranger).get("/intake/media/999").status_code == 404


def test_who_has_not_signed_in_is_asked_to(browse, picture):
    answer = browse().get(f"/intake/media/{picture.id}")
    assert answer.location.startswith("/people/sign-in")


def test_it_is_only_read(browse, anna, picture):
    assert browse(anna).submit(f"/intake/media/{picture.id}").status_code == 405


# --- on cards -------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["/queue/held", "/entries/{}"])
def test_a_card_shows_it_as_a_link_which_needs_no_script(browse, anna, picture, page):
    html = browse(anna).get(page.format(picture.entry_id)).text
    tile = html.split('class="button photo own"')[1].split("</a>")[0]
    assert f'href="/intake/media/{picture.id}"' in tile
    assert f'src="/intake/media/{picture.id}"' in tile
    assert 'width="56" height="56"' in tile


def test_a_picture_that_is_added_later_renews_the_card(browse, anna, held, monkeypatch):
    monkeypatch.setattr(fragment_cache, "_fragments", Fragments(MAX_BYTES))
    client = browse(anna)
    assert "/intake/media/" not in client.get("/queue/held").text
    first = pictures.keep(held, anna, file())
    assert f"/intake/media/{first.id}" in client.get("/queue/held").text
    second = pictures.keep(held, anna, file(size=(32, 64)))
    assert f"/intake/media/{second.id}" in client.get("/queue/held").text


@pytest.mark.databases("sqlite", "postgres")
def test_a_list_asks_once_for_all_pictures_and_not_at_all_where_there_are_none(
    browse, anna, leoncin
):
    client = browse(anna)
    entries = [take(leoncin, id=f"{number}", text="idiota") for number in range(20)]

    def queries() -> int:
        with count_queries() as counted:
            assert client.get("/queue/held").text.count("<article") == 20
        return counted.count

    none = queries()
    pictures.keep(entries[0], anna, file())
    assert queries() == none + 1
    for number, entry in enumerate(entries):
        pictures.keep(entry, anna, file(size=(20 + number, 20)))
    assert queries() == none + 1


def test_a_list_shows_ten_and_leads_to_all_of_them(browse, anna, held):
    for number in range(12):
        pictures.keep(held, anna, file(size=(20 + number, 20)))
    client = browse(anna)
    listed = client.get("/queue/held").text
    assert listed.count("photo own") == 10
    assert "i jeszcze 2" in listed
    assert client.get(f"/entries/{held.id}").text.count("photo own") == 12
