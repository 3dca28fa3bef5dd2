"""Builds the Flask application from its settings, database, extensions, blueprints and commands."""

from hashlib import sha256
from typing import Any

from click import Command, Context
from flask import Flask
from itsdangerous import Signer
from werkzeug.middleware.proxy_fix import ProxyFix

from console import background, config, frame, unavailable, web
from console.db import open_database
from console.demo.views import demo
from console.groups import signed_cli  # noqa: F401  adds to the group commands
from console.groups.cli import groups_cli
from console.groups.invoice_views import invoices
from console.groups.rule_views import group_rules
from console.groups.views import groups
from console.health.views import health
from console.insight.views import insight
from console.intake.cli import intake_cli
from console.intake.picture_views import pictures
from console.intake.share_views import shares
from console.intake.views import intake
from console.intake.webhooks import webhooks
from console.language import language
from console.live.views import live
from console.people import signed_in
from console.people.cli import people_cli
from console.people.link_views import links
from console.people.passkey_views import passkeys
from console.people.session_views import sessions
from console.people.views import people
from console.platforms import registry  # noqa: F401  makes the platforms known
from console.platforms.cli import platforms_cli
from console.platforms.preapproval_views import preapprovals
from console.platforms.rounds_views import rounds
from console.platforms.tasks_views import tasks
from console.platforms.views import platforms
from console.queue.author_views import authors
from console.queue.decision_views import decisions
from console.queue.mine_views import mine
from console.queue.views import queue
from console.screening.cli import screening_cli
from console.screening.views import screening
from console.system_cli import system_cli
from models import Session

# The menu has their items in this order.
BLUEPRINTS = (
    queue,
    mine,
    authors,
    decisions,
    tasks,
    platforms,
    rounds,
    preapprovals,
    live,
    intake,
    pictures,
    shares,
    webhooks,
    screening,
    groups,
    group_rules,
    invoices,
    insight,
    people,
    sessions,
    demo,
    links,
    passkeys,
    health,
)
COMMANDS = system_cli, people_cli, groups_cli, platforms_cli, intake_cli, screening_cli


def build(settings: config.Settings | None = None) -> Flask:
    settings = settings or config.load()
    config.use(settings)
    app = Flask(
        "console",
        template_folder=config.ROOT / "templates",
        static_folder=None,  # see assets.py
        instance_path=str(config.INSTANCE),
    )
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        # A browser takes such a name only over HTTPS, from this very host.
        SESSION_COOKIE_NAME="__Host-session" if settings.https else "session",
        KNOWN_BROWSER_COOKIE="__Host-browser" if settings.https else "browser",
        SHARE_COOKIE="__Host-share" if settings.https else "share",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.https,
        PERMANENT_SESSION_LIFETIME=Session.LONGEST,
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session
        WTF_CSRF_SSL_STRICT=False,  # strict wants a Referer, which proxies and browsers leave out
        MAX_CONTENT_LENGTH=1024 * 1024,
    )
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # as Flask recommends
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies
        )

    # Cookies and the tokens of forms are signed by HMAC-SHA-256; the packages' own is SHA-1.
    Signer.default_digest_method = staticmethod(sha256)
    app.session_interface.digest_method = sha256  # type: ignore[attr-defined]  # Flask's has it

    database = open_database(settings.database_url, settings.database_connections)
    background.bind(database)
    web.init_app(app, database)
    unavailable.init_app(app, database)
    signed_in.init_app(app)
    frame.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for add_to in COMMANDS:
        add_to(app)
    for command in app.cli.commands.values():
        _speak_english(command)
    return app


def _speak_english(command: Command) -> None:
    """A request sets the language of who asks (web.py); what a command says is in the code's."""
    invoke = command.invoke

    def in_english(ctx: Context) -> Any:
        before = language.set("en")
        try:
            return invoke(ctx)
        finally:
            language.reset(before)

    command.invoke = in_english  # type: ignore[method-assign]
