"""Pictures of the console's own: a screenshot of what staff saw, kept beside its entry.

Nothing of the file that came is kept but what it shows: it is decoded, and encoded anew.
"""

from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from console.entries import events
from console.errors import Refused, TooLarge
from console.language import _
from console.storage import db, locked
from models import Entry, Event, Media, User

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_BYTES = 10 * 1024 * 1024  # of a file that comes
MAX_PIXELS = 40_000_000  # of what it shows, told by its beginning: nothing larger is decoded
LONGER_SIDE = 2000  # of what is kept
FORMATS = "JPEG", "PNG", "WEBP", "GIF", "BMP"
CONTENT_TYPE, QUALITY = "image/webp", 80

# A large picture takes 160 MB while it is decoded: one at a time in a process.
_decoding = Lock()


class Picture(NamedTuple):
    data: bytes  # of CONTENT_TYPE
    width: int
    height: int


def keep(entry: Entry, by: User | None, data: bytes) -> Media:
    """Keeps what the file shows beside the entry. Raises Refused for what is no picture, or too large.

    Outside of a transaction, since decoding takes up to a second. The same file again adds nothing.
    """
    return add(entry, by, encoded_anew(data))


def add(entry: Entry, by: User | None, picture: Picture) -> Media:
    with db.atomic():
        entry = locked(Entry.select().where(Entry.id == entry.id)).get()
        known = Media.get_or_none(Media.entry == entry, Media.data == picture.data)
        if known:
            return known
        added = Media.create(entry=entry, by=by, content_type=CONTENT_TYPE, **picture._asdict())
        events.tell(entry, Event.RENEWED)
    return added


def encoded_anew(data: bytes) -> Picture:
    """What the file shows, the right way up, without metadata. Raises Refused."""
    from PIL import Image

    if len(data) > MAX_BYTES:
        raise too_large()
    with _decoding:
        try:
            with Image.open(BytesIO(data), formats=FORMATS) as image:
                if image.width * image.height > MAX_PIXELS:
                    raise too_large()
                return _encoded(_for_the_screen(image))
        except Refused:
            raise
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise too_large() from None
        except Exception:  # a broken file raises whatever the part of Pillow that met it does
            raise Refused(
                _(
                    "The picture cannot be read, and was not kept. Take JPEG, PNG, WebP, GIF or "
                    "BMP, or take the screenshot once more."
                ),
                "picture",
            ) from None


def _for_the_screen(image: "Image") -> "Image":
    """Scaled down, turned as its metadata say, on white where it lets the ground through."""
    from PIL import Image, ImageOps

    size = LONGER_SIDE, LONGER_SIDE
    image.draft("RGB", size)  # a JPEG is decoded no larger than needed
    image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    image.thumbnail(size)
    image = ImageOps.exif_transpose(image)
    if image.mode == "RGBA":
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return image.convert("RGB")


def _encoded(image: "Image") -> Picture:
    image.info.clear()
    file = BytesIO()
    image.save(file, "WEBP", quality=QUALITY, method=2)
    return Picture(file.getvalue(), image.width, image.height)


def too_large() -> Refused:
    return TooLarge(
        _(
            "The picture is too large, and was not kept: it may have %(megabytes)d MB and %(millions)d "
            "million pixels. Cut out what matters, or take a screenshot of it."
        )
        % {"megabytes": MAX_BYTES // 2**20, "millions": MAX_PIXELS // 10**6},
        "picture",
    )
