"""flask group platform | secret | address; flask deliver; flask mail read"""

import click
from flask import Flask
from flask.cli import AppGroup

from console.db import connected
from console.groups.cli import find, group_cli, refusals
from console.outbox.connections import connection_of
from console.platforms import connections, failures, mailbox
from models import Connection, Group

FAILED = "/platforms/failed"


@click.command("platform")
@click.argument("slug")
@click.argument("name", required=False)
def platform(slug: str, name: str | None) -> None:
    """Show or set where the group is: facebook-group, or webhook for a program that sends messages."""
    with refusals(), connected():
        group = find(slug)
        if name:
            connections.choose_platform(group, name)
        click.echo(connection_of(group.id).platform)


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
    """Show or set the address to which the group's decisions are sent; a test message goes first."""
    with refusals(), connected():
        group = find(slug)
        if url or clear:
            connections.set_address(group, None if clear else url)
        if url and not clear:
            _try_address(group)
        connection = connection_of(group.id)
        click.echo(connection.settings.get("address") or "none: decisions are recorded here only")
        if connection.state == Connection.OFF:
            reason = connection.state_reason
            click.echo(f"Nothing is sent there: the receiver wants no more messages ({reason}).")
            click.echo(f"Set the address again to go on: flask --app wsgi group address {slug} URL")


def _try_address(group: Group) -> None:
    if why := connections.try_address(group):
        click.echo(f"The test message was not taken: {why}.")
        click.echo(
            "The address is set all the same: decisions are sent there, and tried again for days. "
            "When the receiver is mended, set it again to see whether it takes the test message."
        )
    else:
        click.echo("The test message was taken.")


@click.command("deliver")
@click.option("--failed", "slug", metavar="SLUG", required=True, help="The group.")
def deliver(slug: str) -> None:
    """Have the worker send again all decisions of a group for which sending was given up."""
    with refusals(), connected():
        number = failures.resend(find(slug))
    click.echo(f"The worker sends them again now: {number}. What fails again stands at {FAILED}.")


mail_cli = AppGroup("mail", help="Facebook's mails to administrators of groups.")


@mail_cli.command("read")
def read_mail() -> None:
    """Read the unseen mails of the mailbox FURTKA_IMAP_URL now; the worker does it every minute."""
    with connected():
        try:
            number = mailbox.read_unseen()
        except mailbox.MailboxError as error:
            raise click.ClickException(f"{error}.") from None
    click.echo(f"Facebook's and new: {number}.")


def platforms_cli(app: Flask) -> None:
    app.cli.add_command(deliver)
    app.cli.add_command(mail_cli)
    for command in (platform, secret, address):
        group_cli.add_command(command)
