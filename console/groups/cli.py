"""flask group secret | address"""

import click
from flask import Flask
from flask.cli import AppGroup

from console.groups import groups
from models import Group, db

group_cli = AppGroup("group", help="Groups and how platforms reach them.")


def groups_cli(app: Flask) -> None:
    app.cli.add_command(group_cli)


@group_cli.command("secret")
@click.argument("slug")
@click.option("--change", is_flag=True, help="Make a new one; the present one stays valid too.")
@click.option("--withdraw", is_flag=True, help="Refuse the one before from now on.")
def secret(slug: str, change: bool, withdraw: bool) -> None:
    """Show the group's webhook secret."""
    with db.connection_context():
        group = find(slug)
        if change:
            groups.change_secret(group)
        if withdraw:
            groups.withdraw_former_secret(group)
        click.echo(group.secret)


@group_cli.command("address")
@click.argument("slug")
@click.argument("url", required=False)
@click.option("--none", "clear", is_flag=True, help="Only record decisions from now on.")
def address(slug: str, url: str | None, clear: bool) -> None:
    """Show or set the address to which the group's decisions are sent."""
    with db.connection_context():
        group = find(slug)
        if url and not url.lower().startswith(("https://", "http://")):
            raise click.BadParameter("it must begin with https:// or http://", param_hint="URL")
        if url or clear:
            groups.set_address(group, None if clear else url)
        click.echo(group.address or "none: decisions are recorded only")


def find(slug: str) -> Group:
    group = Group.get_or_none(Group.slug == slug)
    if group is None:
        raise click.ClickException(f"There is no group {slug}.")
    return group
