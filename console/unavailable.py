"""The answer while the database is out: 503 in words, and no further question to it."""

import logging

from flask import Flask, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import AnonymousUserMixin
from playhouse.pool import PooledDatabase

from console import outages
from console.language import DEFAULT, language

log = logging.getLogger(__name__)

RETRY_AFTER = {outages.BUSY: 2}  # seconds; of anything else 30


def init_app(app: Flask, database: PooledDatabase) -> None:
    """`database` is asked for a new connection after an error: the one that failed is not reused."""

    def answer(error: Exception) -> ResponseReturnValue:
        kind = outages.kind_of(error)
        if kind is None:
            raise error
        log.error("%s %r", request.method, request.path, exc_info=error)
        database.manual_close()
        headers = {"Retry-After": str(RETRY_AFTER.get(kind, 30)), "Cache-Control": "no-store"}
        if request.blueprint == "webhooks":
            body = {"type": "about:blank", "title": "Unavailable", "status": 503, "detail": kind}
            return body, 503, headers | {"Content-Type": "application/problem+json"}
        g._login_user = AnonymousUserMixin()  # flask-login would ask the database
        language.set(DEFAULT)
        return render_template("errors/unavailable.html", kind=kind), 503, headers

    for kind in outages.ERRORS:
        app.register_error_handler(kind, answer)
