"""flask user add | link | passwd | deactivate"""

import os

import click
from flask import Flask
from flask.cli import AppGroup

from console.db import connected
from console.groups.cli import find as find_group
from console.groups.cli import refusals
from console.people import links, users
from models import User

user_cli = AppGroup("user", help="The console's users.")


def people_cli(app: Flask) -> None:
    app.cli.add_command(user_cli)


@user_cli.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice([User.ADMINISTRATOR, User.MODERATOR]), required=True)
@click.option("--group", "slugs", multiple=True, help="A moderator's seat; may be repeated.")
def add(name: str, role: str, slugs: tuple[str, ...]) -> None:
    """Add a user, and print a link with which they set their password; it works once, for a day.

    With FURTKA_PASSWORD in the environment, that is the password, and there is no link.
    """
    password = os.environ.get("FURTKA_PASSWORD")
    with refusals(), connected():
        groups = [find_group(slug) for slug in slugs]
        user = users.add(name, password, role)
        users.seat(user, groups)
        click.echo(f"{user.name} can sign in." if password else _link(user))
    if not (groups or user.is_administrator):
        click.echo(
            "This moderator has no group yet: an administrator gives them some at /people/users."
        )


@user_cli.command("link")
@click.argument("name")
def link(name: str) -> None:
    """Print a link with which a user sets a new password; it works once, for a day."""
    with refusals(), connected():
        click.echo(_link(_user(name)))


def _link(user: User) -> str:
    address = links.make(None, user)
    told = (
        f"Send this link to {user.name}, and to nobody else. It works once, for a day:\n{address}"
    )
    if address.startswith("/"):
        told += "\nPut the console's address before it; with FURTKA_ORIGIN set it is whole."
    return told


@user_cli.command("passwd")
@click.argument("name")
@click.password_option(envvar="FURTKA_PASSWORD")
def passwd(name: str, password: str) -> None:
    """Change a user's password; all of their sessions end."""
    with refusals(), connected():
        user = _user(name)
        users.change_password(user, password)
    click.echo(f"{name} has a new password; all of their sessions have ended.")
    if not user.active:
        click.echo(
            "The account is deactivated: it cannot sign in until an administrator reactivates it."
        )


@user_cli.command("deactivate")
@click.argument("name")
def deactivate(name: str) -> None:
    """End a user's sessions and refuse their sign-in from now on."""
    with refusals(), connected():
        users.deactivate(_user(name))
    click.echo(f"{name} can no longer sign in.")


def _user(name: str) -> User:
    user = User.get_or_none(User.name == name)
    if user is None:
        raise click.ClickException(f"There is no user {name}.")
    return user
