"""HTTP for every room: who may come in, the language, headers, and the face of errors."""

import logging
from functools import cache, wraps
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from flask import Flask, abort, current_app, g, redirect, render_template, request, session, url_for
from flask_compress import Compress
from flask_htmx import HTMX
from flask_login import current_user
from flask_wtf.csrf import CSRFError, CSRFProtect
from markupsafe import Markup
from peewee import Database
from werkzeug.exceptions import HTTPException
from werkzeug.routing import IntegerConverter

from console import assets, clock
from console.errors import NotFound, Refused
from console.language import DEFAULT, LANGUAGES, _, catalogue, language, ngettext
from console.outages import security_log
from console.storage import now
from console.text.excerpts import excerpt, reach
from console.text.names import is_visible, shown_name

csrf = CSRFProtect()
htmx = HTMX()
log = logging.getLogger(__name__)

EXPIRED = 419  # no standard code says that a form's token has run out; others use this one

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' https:",
        "connect-src 'self'",
        "form-action 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


class IdConverter(IntegerConverter):
    """An id that a row can have: PostgreSQL refuses to look for a larger one."""

    def __init__(self, url_map):
        super().__init__(url_map, max=2**31 - 1)


def public(view):
    """Marks a view that admits strangers; every other one asks them to sign in."""
    view.public = True
    return view


def self_contained(view):
    """Marks a view that needs neither a session nor a database: it answers without them, too."""
    view.self_contained = True
    return view


def administrators_only(view):
    """To anybody else the page does not exist."""

    @wraps(view)
    def guarded(*args, **kwargs):
        if not current_user.is_administrator:
            abort(404)
        return view(*args, **kwargs)

    return guarded


def asks_again(view):
    """Who has not proved for a while who they are is asked first; then the same form goes on.

    For what would let somebody in for good: users, secrets, connections. A session may be left open.
    """

    @wraps(view)
    def guarded(*args, **kwargs):
        if not current_user.is_confirmed:
            here = request.full_path.rstrip("?")
            return redirect(url_for("sessions.save_confirm", next=here), 307)
        return view(*args, **kwargs)

    return guarded


def unattended(view):
    """Marks a view that open pages call by themselves: it says nothing of whether somebody is there."""
    view.unattended = True
    return view


def takes(max_bytes: int):
    """Marks a view whose requests may be larger than others, from whoever it admits."""

    def mark(view):
        view.max_bytes = max_bytes
        return view

    return mark


def is_web(url: str) -> bool:
    """Only such an address becomes a link; a javascript: one stays text."""
    return url.lower().startswith(("https://", "http://"))


def whole(text: str | None) -> int | None:
    """A number from a request, when it is one that a row could have."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) <= 9 else None


def local(path: str | None) -> str | None:
    """The path, when it stays on this host; a form may carry anything."""
    if path and path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable():
        return path
    return None


def get_or_404(rows):
    """The first of the rows; NotFound when there is none."""
    row = rows.first()
    if row is None:
        raise NotFound
    return row


def init_app(app: Flask, database: Database) -> None:
    app.url_map.converters["id"] = IdConverter
    htmx.init_app(app)
    app.config.update(
        COMPRESS_ALGORITHM=["br", "gzip"],  # zstd is quicker, and a seventh larger on our pages
        COMPRESS_BR_LEVEL=5,
        COMPRESS_LEVEL=5,
        COMPRESS_STREAMS=False,
    )
    Compress(app)
    _set_up_templates(app)
    assets.init_app(app)
    self_contained(public(unattended(app.view_functions["static"])))
    settings = app.config["SETTINGS"]

    @app.before_request
    def _open():
        g.now = now()
        if not settings.proxies and "X-Forwarded-For" in request.headers:
            _warn_of_a_proxy()
        if _is_self_contained():
            return
        database.connect(reuse_if_open=True)
        language.set(_language())
        view = app.view_functions.get(request.endpoint or "")
        max_bytes = getattr(view, "max_bytes", None)
        if max_bytes and (getattr(view, "public", False) or current_user.is_authenticated):
            request.max_content_length = max_bytes

    @app.before_request
    def _refuse_nul():
        """PostgreSQL cannot store it, and no form of ours sends it. What comes from outside is cleaned
        where it is read, and not read before that."""
        said = [[request.path], *request.args.listvalues()]
        if request.blueprint not in ("webhooks", "shares"):
            said += request.form.listvalues()
        if any("\0" in text for texts in said for text in texts):
            abort(400)

    @app.before_request
    def _ask_strangers_in():
        view = app.view_functions.get(request.endpoint or "")
        if view is None or getattr(view, "public", False):
            return None
        if not current_user.is_authenticated:
            return _to_sign_in()
        return None

    csrf.init_app(app)

    app.after_request(_log_refusal)

    @app.after_request
    def _harden(response):
        response.headers["X-Content-Type-Options"] = "nosniff"
        if settings.https:
            response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        if response.status_code != 503:  # a decision that meets one waits, and is sent again
            response.headers["X-Furtka"] = "1"  # swap.js knows by it what a proxy answered for us
        if _is_self_contained():
            session.accessed = False  # else "Vary: Cookie" has browsers ask for every file anew
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        if request.endpoint != "static":
            response.headers.setdefault("Referrer-Policy", "same-origin")
            response.headers.setdefault("Cache-Control", "no-store")
            # Else a page over plain HTTP has the hosts of strangers' links looked up unasked.
            response.headers["X-DNS-Prefetch-Control"] = "off"
            response.vary.add("HX-Request")
        return response

    @app.teardown_appcontext
    def _close(_error):
        if not database.is_closed():
            database.close()

    _set_up_errors(app)


@cache
def _warn_of_a_proxy() -> None:
    """Once a process."""
    log.warning(
        "There is a proxy in front (it sends X-Forwarded-For), and FURTKA_PROXIES is 0: everybody has "
        "its address, so few wrong passwords stop all. Set FURTKA_PROXIES to the number of proxies."
    )


def _is_self_contained() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "self_contained", False)


def _set_up_templates(app: Flask) -> None:
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # the extension adds it
        _, ngettext, newstyle=True
    )
    app.jinja_env.globals["_"] = _in_template
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        exact=clock.exact,
        relative=_relative,
        day=clock.as_day,
        excerpt=excerpt,
        reach=reach,
        shown_name=shown_name,
    )
    app.jinja_env.tests.update(
        visible=is_visible, web=is_web, secure=lambda url: url.lower().startswith("https://")
    )
    app.jinja_env.globals["known_later"] = clock.known_later
    app.jinja_env.globals.update(LANGUAGES=LANGUAGES, language=language.get)


def _set_up_errors(app: Flask) -> None:
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(CSRFError, _without_token)
    app.register_error_handler(HTTPException, lambda error: _face(error.code or 500, ""))
    app.register_error_handler(Exception, _unexpected)


def _language() -> str:
    """A user's own; a stranger's is what was last chosen in this browser."""
    if current_user.is_authenticated:
        return current_user.language
    return session.get("language", DEFAULT)


def _in_template(message: str, /, **values: Any) -> Markup:
    """The translated text, its values escaped. Jinja's own wrapper takes six times as long, and a
    page of cards that nobody has looked at before asks for thousands of words."""
    text = _markup(language.get(), message)
    return text % values if values else text


@cache
def _markup(code: str, message: str) -> Markup:
    return Markup(catalogue(code).gettext(message))


def _relative(at) -> str:
    return clock.relative(at, g.now)


def _to_sign_in():
    if request.accept_mimetypes.best == "text/event-stream":
        return "", 204  # a stream that shall not be tried again
    here = request.full_path if request.method == "GET" else "/"
    if htmx:  # nothing is sent away: what was on the screen stays there
        return _face(401, "")
    return redirect(url_for("people.edit_sign_in", next=local(here.rstrip("?"))), 303)


def _refused(error: Refused):
    return _face(error.status, error.message)


def _without_token(error: CSRFError):
    security_log.info("form without a valid token: %r", request.path)
    return _face(EXPIRED, "")


def _log_refusal(response):
    """Of whoever has signed in: an address that exists, but not for them, is in no link of ours.

    Strangers, who are asked to sign in, and addresses that are none are left out: scanners try
    thousands.
    """
    if response.status_code == 404 and request.endpoint not in (None, "static"):
        user, asked = current_user, (request.method, request.path)
        if user.is_authenticated:
            security_log.warning("refused: %r asked for %s %r", user.name, *asked)
    return response


def _unexpected(error: Exception):
    log.exception("unexpected error at %s %r", request.method, request.path)
    return _face(500, "")


def _face(status: int, message: str):
    """A page, or for htmx a fragment that stands where the answer would have stood."""
    if htmx:  # within the card, which keeps what was filled in and can be sent again
        back = page_of(htmx.current_url)
        html = render_template("errors/_error.html", status=status, message=message, back=back)
        return html, status, {"HX-Reswap": "afterbegin", "HX-Reselect": ".error"}
    back = request.path if request.method == "GET" else None
    return render_template("errors/error.html", status=status, message=message, back=back), status


def page_of(url: str | None) -> str | None:
    """The path and query of the page that htmx says it stands on."""
    parts = urlsplit(url or "")
    return local(urlunsplit(("", "", parts.path, parts.query, "")))
