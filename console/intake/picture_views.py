"""Serves the console's own pictures to whoever may see their entry."""

from flask import Blueprint, make_response
from flask_login import current_user

from console.groups.access import find_entry
from console.web import get_or_404, unattended
from models import Media

# Opened by itself, a picture stands in a page that the browser makes, with styles of its own.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"

pictures = Blueprint("pictures", __name__, url_prefix="/intake/media")


@pictures.get("/<id:id>")
@unattended  # a card that is fetched anew brings its pictures along
def show_picture(id: int):
    of = get_or_404(Media.select(Media.entry).where(Media.id == id))
    find_entry(current_user.user, of.entry_id)
    picture = Media.get_by_id(id)
    response = make_response(bytes(picture.data))
    response.headers.update(
        {
            "Content-Type": picture.content_type,
            "Content-Disposition": "inline",
            "Content-Security-Policy": POLICY,
            # It never changes. Signing out clears the browser's cache.
            "Cache-Control": "private, max-age=31536000, immutable",
        }
    )
    return response
