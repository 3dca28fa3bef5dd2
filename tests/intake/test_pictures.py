"""Pictures of the console's own: re-encoded, shown to whoever may see their entry."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from console.errors import Refused
from console.intake import pictures
from models import Event, Media

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
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, max-age=31536000, immutable",
        "X-Content-Type-Options": "nosniff",
    }
    assert {name: answer.headers[name] for name in expected} == expected
    assert "Cookie" in answer.vary  # another session asks anew


def test_an_outsider_gets_404(browse, stranger, picture):
    assert browse(stranger).get(f"/intake/media/{picture.id}").status_code == 404
    assert browse(stranger).get("/intake/media/999").status_code == 404


def test_who_has_not_signed_in_is_asked_to(browse, picture):
    answer = browse().get(f"/intake/media/{picture.id}")
    assert answer.location.startswith("/people/sign-in")


def test_it_is_only_read(browse, anna, picture):
    assert browse(anna).submit(f"/intake/media/{picture.id}").status_code == 405
