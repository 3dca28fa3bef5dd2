"""flask migrate | check-schema | demo | welcome | version | worker"""

import logging

import click
from flask import Flask, current_app

from console import config, demo, jobs  # noqa: F401  registers the periodic tasks
from console import db as database_of
from console.background import huey
from console.platforms.courier import Dispatcher
from console.screening.verbs import install_builtin
from console.storage import db
from models import Group, User


def system_cli(app: Flask) -> None:
    for command in (migrate, check_schema, load_demo, welcome, version, worker):
        app.cli.add_command(command)


@click.command("migrate")
def migrate() -> None:
    """Bring the database's tables up to date; a new one gets the built-in screeners."""
    for name in database_of.migrate(db.obj):
        click.echo(f"applied {name}")
    with db.connection_context():
        install_builtin()


@click.command("check-schema")
def check_schema() -> None:
    """Fail when the migrated database differs from the models."""
    if difference := database_of.drift(db.obj):
        raise click.ClickException(f"the database differs from the models:\n{difference}")
    click.echo("The migrations and the models agree.")


@click.command("demo")
def load_demo() -> None:
    """Load a week of one group, with two users; for trying out and for development."""
    with db.connection_context():
        if Group.select().exists() or User.select().exists():
            click.echo("There are groups or users already: the demonstration is not loaded.")
            return
        click.echo(demo.load())


@click.command("welcome")
def welcome() -> None:
    """Say where the console listens, and how to try it out."""
    settings = current_app.config["SETTINGS"]
    click.echo(f"\nFurtka listens at http://{settings.host}:{settings.port}/ – Ctrl-C ends it.")
    with db.connection_context():
        for user in User.select().where(User.demo, User.active):
            click.echo(f"  sign in as {user.name}, password {demo.PASSWORDS[user.name]}")
    click.echo()


@click.command("version")
def version() -> None:
    """The version, as CHANGELOG.md has it."""
    click.echo(config.version())


@click.command("worker")
@click.option("--threads", default=2, show_default=True)
def worker(threads: int) -> None:
    """Carry out the outbox and the background tasks until stopped."""
    logging.basicConfig(format="%(asctime)s %(name)s %(levelname)s %(message)s")
    with Dispatcher():
        huey.create_consumer(workers=threads, initial_delay=0.2, max_delay=1.0).run()
