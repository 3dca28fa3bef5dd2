"""A cookie that outlives sessions: it names the browser, and who has signed in there before.

What strangers get wrong elsewhere then does not count against them there (see signin.py).
"""

from contextlib import suppress
from datetime import timedelta
from secrets import token_hex

from flask import Response, after_this_request, current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from console.people.signin import KnownBrowser
from models import User

LIFETIME = timedelta(days=365)
MOST = 20  # people, the last to sign in first


def known_browser() -> KnownBrowser | None:
    """The one that asks; None when nobody has signed in there."""
    with suppress(BadSignature):
        said = request.cookies.get(_cookie(), "")
        name, user_ids = _serializer().loads(said, max_age=int(LIFETIME.total_seconds()))
        return KnownBrowser(name, tuple(user_ids))
    return None


def remember(user: User) -> None:
    """The answer sets the cookie, for another year."""
    name, user_ids = known_browser() or (token_hex(8), ())
    others = [id for id in user_ids if id != user.id]
    said = _serializer().dumps((name, [user.id, *others][:MOST]))

    @after_this_request
    def set_cookie(response: Response) -> Response:
        is_secure = current_app.config["SESSION_COOKIE_SECURE"]
        response.set_cookie(
            _cookie(), said, max_age=LIFETIME, secure=is_secure, httponly=True, samesite="Lax"
        )
        return response


def _cookie() -> str:
    return current_app.config["KNOWN_BROWSER_COOKIE"]


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="known-browser")
