"""The console as an installed app: its manifest."""

from flask import Blueprint, Response, json

from console.assets import asset_url
from console.language import DEFAULT, _, language
from console.web import public, self_contained, unattended

shares = Blueprint("shares", __name__)


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
    }


def _icon(name: str, size: int, purpose: str) -> dict[str, str]:
    address = asset_url(f"icons/{name}.png")
    return {"src": address, "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
