"""The console as an installed app: its manifest, and what a device's share menu or a bookmarklet sends.

What comes here only fills in the form, which then is sent with its token as ever.
"""

import secrets
from collections.abc import Sequence
from typing import NamedTuple

from flask import Blueprint, Response, current_app, json, redirect, request, url_for
from flask_login import current_user
from werkzeug.exceptions import RequestEntityTooLarge

from console.assets import asset_url
from console.errors import Refused
from console.intake import pictures, share
from console.intake.pictures import Picture
from console.intake.share import Shared
from console.language import DEFAULT, _, language
from console.web import csrf, public, self_contained, takes, unattended
from models import Share

shares = Blueprint("shares", __name__)

SHORT = 1500  # characters of an address: signing in carries it along, quoted once more
MAX_BYTES = pictures.MAX_BYTES + 1024 * 1024  # a picture, and a text


@shares.get("/manifest.webmanifest")
@public
@self_contained
@unattended
def show_manifest():
    language.set(DEFAULT)  # browsers fetch it without cookies
    return Response(
        json.dumps(_manifest()),
        content_type="application/manifest+json; charset=utf-8",
        headers={"Cache-Control": "public, max-age=3600"},
    )


@shares.get("/capture")
@public
def edit_share():
    """The bookmarklet's address: `u` and `t`. A program that shares by GET says it in full."""
    said = request.args
    text, url = said.get("text") or said.get("t", ""), said.get("url") or said.get("u", "")
    return _to_the_form(share.read(said.get("title", ""), text, url))


@shares.post("/capture")
@public
@csrf.exempt  # a share menu has no token; it is a browser's own, or nothing is read
@takes(MAX_BYTES)
def save_share():
    # Browsers that can share to an app say where a request comes from: other sites' forms, and
    # programs, which say nothing, have no business here.
    if request.headers.get("Sec-Fetch-Site") not in ("none", "same-origin"):
        raise Refused(
            _(
                "This address takes only what your device shares with the installed app. Nothing "
                "was kept. Copy the link, and paste it in the console."
            )
        )
    if not current_user.is_authenticated:
        share.refuse_too_many(request.remote_addr or "")
    try:
        said, files = request.form, request.files.getlist("media")
    except RequestEntityTooLarge:
        raise pictures.too_large() from None
    read = share.read(*(said.get(name, "") for name in ("title", "text", "url")))
    images = [image for image in (file.read() for file in files) if image]
    if any(len(image) > pictures.MAX_BYTES for image in images):
        raise pictures.too_large()
    return _to_the_form(read, images)


def _to_the_form(shared: Shared, images: Sequence[bytes] = ()):
    """What is short travels in the address, all else by a token. A stranger signs in on the way."""
    values = {name: value for name, value in shared._asdict().items() if value}
    short = url_for("intake.edit_capture", **values)
    if not images and len(short) <= SHORT:
        return redirect(short, 303)
    browser = request.cookies.get(_cookie()) or secrets.token_urlsafe(32)
    stranger = None if current_user.is_authenticated else request.remote_addr or ""
    token = share.keep(shared, images[0] if images else None, browser, stranger)
    left_out = "1" if len(images) > 1 else None
    there = url_for("intake.edit_capture", share=token, left_out=left_out)
    answer, is_secure = redirect(there, 303), current_app.config["SESSION_COOKIE_SECURE"]
    answer.set_cookie(
        _cookie(), browser, max_age=Share.LONGEST, secure=is_secure, httponly=True, samesite="Lax"
    )
    return answer


class SharedHere(NamedTuple):
    """What was shared to the form that is asked for or sent."""

    token: str
    kept: Share | None  # None: no longer, or not to this browser
    left_out: bool  # there were more pictures

    def values(self) -> dict[str, str]:
        """What fills in the form."""
        if self.kept is None:
            return {}
        return {"title": self.kept.title, "text": self.kept.text, "link": self.kept.url}

    def picture(self) -> Picture | None:
        """Raises Refused when it cannot be read, or is gone."""
        if self.kept is None:
            raise Refused(
                _(
                    "What was shared is kept for ten minutes, and is gone now, with its screenshot. "
                    "What stands here is still here: add it as it is, or share it again."
                ),
                "share",
            )
        return pictures.encoded_anew(bytes(self.kept.picture)) if self.kept.picture else None


def shared_here() -> SharedHere | None:
    token = request.values.get("share")
    if not token:
        return None
    kept = share.find(token, request.cookies.get(_cookie(), ""))
    return SharedHere(token, kept, "left_out" in request.args)


def _cookie() -> str:
    return current_app.config["SHARE_COOKIE"]


def _manifest() -> dict:
    return {
        "id": "/",
        "name": _("Furtka – moderation console"),
        "short_name": "Furtka",
        "lang": DEFAULT,
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#f4f5f3",
        "theme_color": "#1f6f5c",
        "icons": [
            _icon("icon-192", 192, "any"),
            _icon("icon-512", 512, "any"),
            _icon("icon-maskable", 512, "maskable"),
        ],
        "share_target": {
            "action": url_for("shares.save_share"),
            "method": "POST",
            "enctype": "multipart/form-data",
            "params": {
                "title": "title",
                "text": "text",
                "url": "url",
                "files": [{"name": "media", "accept": ["image/*"]}],
            },
        },
    }


def _icon(name: str, size: int, purpose: str) -> dict[str, str]:
    address = asset_url(f"icons/{name}.png")
    return {"src": address, "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
