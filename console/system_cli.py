"""flask migrate | check-schema | setup | demo | welcome | try-out | version | worker | backup …"""

from pathlib import Path

import click
from flask import Flask

from console import backup, config, demo, jobs, setup  # noqa: F401  jobs registers its tasks
from console import db as database_of
from console.background import huey
from console.db import connected
from console.demo import accounts
from console.groups.cli import refusals, require_slug
from console.outages import set_up_logging
from console.platforms.courier import Dispatcher
from console.screening.verbs import install_builtin
from console.storage import db
from models import Group, User

NEXT = """\
The console is set up. Next:
  1. Start web and worker: systemctl enable --now furtka-web furtka-worker, or: make start
  2. Sign in as {administrator}, and add the moderators on the page "Użytkownicy".
  3. Tell the platform to send to /webhooks/in/{slug}; it signs with what this prints:
       flask --app wsgi group secret {slug}
  4. Say where decisions are sent:  flask --app wsgi group address {slug} URL
  5. Record the contract, units and profiles of the whitelist:  flask --app wsgi group --help
  6. Have backups made every night: docs/deployment.md"""


def system_cli(app: Flask) -> None:
    for command in (
        migrate,
        check_schema,
        set_up,
        load_demo,
        welcome,
        try_out,
        version,
        worker,
        make_backup,
        restore,
    ):
        app.cli.add_command(command)


@click.command("migrate")
def migrate() -> None:
    """Bring the database's tables up to date; a new one gets the built-in screeners."""
    with database_of.migrating(db.obj) as applied:
        install_builtin()
    for name in applied:
        click.echo(f"applied {name}")
    if not applied:
        click.echo("The database was up to date already.")


@click.command("check-schema")
def check_schema() -> None:
    """Fail when the migrated database differs from the models."""
    if difference := database_of.drift(db.obj):
        raise click.ClickException(f"the database differs from the models:\n{difference}")
    click.echo("The migrations and the models agree.")


@click.command("setup")
@click.option("--administrator", help="The name of the first administrator.")
@click.option("--password", envvar="FURTKA_PASSWORD", help="Better typed, or in FURTKA_PASSWORD.")
@click.option("--group", "slug", help="The group's slug, as it stands in addresses.")
@click.option("--name", help="The group's name.")
@click.option("--teryt", help="The municipality's TERYT code.")
@click.option("--municipality", help="The municipality's name.")
def set_up(
    administrator: str | None, password: str | None, slug: str | None, **group: str | None
) -> None:
    """Add the first administrator and the first group; what is not given is asked for."""
    with refusals(), connected():
        setup.require_empty()
        administrator = administrator or click.prompt("The first administrator's name")
        password = password or click.prompt(
            "Their password", hide_input=True, confirmation_prompt="Once more"
        )
        slug = slug or click.prompt("The group's slug, for addresses (leoncin)")
        require_slug(slug)
        first = setup.FirstGroup(
            slug,
            group["name"] or click.prompt("The group's name"),
            group["teryt"] or click.prompt("Its municipality's TERYT code"),
            group["municipality"] or click.prompt("Its municipality's name"),
        )
        setup.set_up(administrator, password, first)
    click.echo(NEXT.format(administrator=administrator, slug=slug))


@click.command("demo")
def load_demo() -> None:
    """Load a week of one group, with two users; for trying out and for development."""
    with connected():
        if Group.select().exists() or User.select().exists():
            click.echo("There are groups or users already: the demonstration is not loaded.")
            return
        click.echo(demo.load())


@click.command("welcome")
def welcome() -> None:
    """Say where the console listens, and how to try it out."""
    settings = config.settings()
    address = settings.origin or f"http://{settings.host}:{settings.port}"
    click.echo(f"\nFurtka listens at {address}/ – Ctrl-C ends it.")
    with connected():
        for name, password, token in accounts.sign_ins():
            click.echo(f"  sign in as {name}, password {password}")
            click.echo(f"  or once without it: {address}/demo/sign-in/{token}")
        if not User.select().exists():
            click.echo("  Nobody can sign in yet. Run: flask --app wsgi setup")
    click.echo()


@click.command("try-out")
@click.pass_context
def try_out(context: click.Context) -> None:
    """What `make run` does before it starts: migrate, demo and welcome, in one process."""
    for command in (migrate, load_demo, welcome):
        context.invoke(command)


@click.command("version")
def version() -> None:
    """The version, as CHANGELOG.md has it."""
    click.echo(config.version())


@click.command("worker")
@click.option("--threads", default=2, show_default=True)
def worker(threads: int) -> None:
    """Carry out the outbox and the background tasks until stopped."""
    set_up_logging()
    with connected():
        pass  # what is wrong with the database is said now
    with Dispatcher():
        huey.create_consumer(workers=threads, initial_delay=0.2, max_delay=1.0).run()
    db.close_all()
    database_of.checkpoint(config.settings().database_url)


@click.command("backup")
@click.argument("file", type=click.Path(exists=False, path_type=Path))
def make_backup(file: Path) -> None:
    """Copy the database and the key of sessions into one FILE, while the console runs."""
    with refusals(), connected():
        click.echo(backup.make(config.settings(), file))


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--check", is_flag=True, help="Only say whether FILE is whole and what is in it.")
def restore(file: Path, check: bool) -> None:
    """Put back what a backup FILE holds, where there is no database yet."""
    with refusals():
        click.echo(backup.check(file))
        if not check:
            click.echo(backup.restore(config.settings(), file))
