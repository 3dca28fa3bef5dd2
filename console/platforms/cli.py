"""flask group secret | address"""

import click
from flask import Flask

from console.db import connected
from console.groups.cli import find, group_cli
from console.outbox.connections import connection_of
from console.platforms import connections
from models import Connection


@click.command("secret")
@click.argument("slug")
@click.option("--change", is_flag=True, help="Make a new one; the present one stays valid too.")
@click.option("--withdraw", is_flag=True, help="Refuse the one before from now on.")
def secret(slug: str, change: bool, withdraw: bool) -> None:
    """Show the group's webhook secret."""
    with connected():
        group = find(slug)
        if change:
            connections.change_secret(group)
        if withdraw:
            connections.withdraw_former_secret(group)
        click.echo(connection_of(group.id).secrets["current"])


@click.command("address")
@click.argument("slug")
@click.argument("url", required=False)
@click.option("--none", "clear", is_flag=True, help="Only receive from now on.")
def address(slug: str, url: str | None, clear: bool) -> None:
    """Show or set the address to which the group's decisions are sent."""
    with connected():
        group = find(slug)
        if url and not url.lower().startswith(("https://", "http://")):
            raise click.BadParameter("it must begin with https:// or http://", param_hint="URL")
        if url or clear:
            connections.set_address(group, None if clear else url)
        connection = connection_of(group.id)
        click.echo(connection.settings.get("address") or "none: decisions are recorded here only")
        if connection.state == Connection.OFF:
            reason = connection.state_reason
            click.echo(f"Nothing is sent there: the receiver wants no more messages ({reason}).")
            click.echo(f"Set the address again to go on: flask --app wsgi group address {slug} URL")


def platforms_cli(_app: Flask) -> None:
    for command in (secret, address):
        group_cli.add_command(command)
