"""Serves the static files: bundled, compressed once per process, cached by browsers under a version."""

import gzip
import hashlib
import mimetypes
import re
from functools import cache
from itertools import chain
from pathlib import Path

import brotli
from flask import Flask, Response, abort, request, url_for
from markupsafe import Markup

from console.config import ROOT

FOLDER = ROOT / "static"
COMMENT_LINE = re.compile(rb"^ *//.*\n|^ */\*[^*]*\*/\n", re.MULTILINE)
CACHE_FOREVER = "public, max-age=31536000, immutable"
COMPRESSIBLE = {".css", ".js", ".svg"}
# Bundles save requests, which cost most on a slow line. Their parts are joined in this order.
BUNDLES = {
    "console.css": ("base.css", "card.css"),
    "furtka.js": (
        "js/dom.js",  # the others need it while they load
        "js/focus.js",
        "js/settle.js",
        "js/swap.js",
        "js/unsent.js",
        "js/keys.js",
        "js/sheets.js",
        "js/several.js",
        "js/feed.js",
        "js/renew.js",
        "js/pill.js",
        "js/photos.js",
        "js/copying.js",
        "js/paste.js",
        "js/passkeys.js",
    ),
}


def init_app(app: Flask) -> None:
    for part in chain(*BUNDLES.values()):
        (FOLDER / part).stat()  # a missing file stops the start, not the first page
    app.add_url_rule("/static/<path:filename>", "static", serve)
    app.jinja_env.globals.update(asset=asset_url, mark=Markup((FOLDER / "furtka.svg").read_text()))


@cache
def asset_url(name: str) -> str:
    """The URL of a file, with a hash of its content as its version."""
    version = hashlib.blake2b(_content(name, None), digest_size=6).hexdigest()
    return url_for("static", filename=name, v=version)


def serve(filename: str) -> Response:
    if filename not in _files():
        abort(404)
    encoding = (
        request.accept_encodings.best_match(["br", "gzip"]) if _is_compressible(filename) else None
    )
    response = Response(_content(filename, encoding), mimetype=mimetypes.guess_type(filename)[0])
    if encoding:
        response.headers["Content-Encoding"] = encoding
        response.vary.add("Accept-Encoding")
    response.headers["Cache-Control"] = CACHE_FOREVER if request.args.get("v") else "no-cache"
    return response


def _is_compressible(filename: str) -> bool:
    return Path(filename).suffix in COMPRESSIBLE


@cache
def _files() -> dict[str, list[Path]]:
    """{name: the files it is made of} of all that can be requested."""
    files = {p.relative_to(FOLDER).as_posix(): [p] for p in FOLDER.rglob("*") if p.is_file()}
    return files | {name: [FOLDER / part for part in parts] for name, parts in BUNDLES.items()}


@cache
def _content(filename: str, encoding: str | None) -> bytes:
    content = b"\n".join(path.read_bytes() for path in _files()[filename])
    if filename in BUNDLES:  # on a slow line what is only for readers of the source is felt
        content = COMMENT_LINE.sub(b"", content)
    if encoding == "br":
        return brotli.compress(content, quality=11)
    return gzip.compress(content, mtime=0) if encoding else content
