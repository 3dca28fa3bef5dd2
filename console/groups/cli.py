"""flask group add | alias; what commands about groups share"""

import click
from flask import Flask
from flask.cli import AppGroup

from console.db import connected
from console.errors import Refused
from console.groups import groups
from console.storage import db
from console.text import addresses
from models import Group, GroupAlias

group_cli = AppGroup(
    "group", help="Groups, their contracts and units, and how platforms reach them."
)
DAY = click.DateTime(["%Y-%m-%d"])


def groups_cli(app: Flask) -> None:
    app.cli.add_command(group_cli)


@group_cli.command("add")
@click.argument("slug")
@click.argument("name")
@click.option("--teryt", required=True, help="The municipality's TERYT code.")
@click.option("--municipality", required=True, help="The municipality's name.")
def add(slug: str, name: str, teryt: str, municipality: str) -> None:
    """Add a group, with the built-in rules and a webhook secret."""
    require_slug(slug)
    with refusals(), connected(), db.atomic():
        of = groups.municipality(teryt, municipality)
        groups.create(slug, name, of)
    click.echo(f"{name} is there. Its address for messages: /webhooks/in/{slug}")


@group_cli.command("alias")
@click.argument("slug")
@click.argument("alias", required=False)
@click.option("--remove", is_flag=True, help="Links that name it no longer lead to this group.")
def alias(slug: str, alias: str | None, remove: bool) -> None:
    """Show or add what Facebook's links call the group: its number or slug there, or such a link.

    A group often has both, and a link pasted by hand may name either.
    """
    with connected():
        group = find(slug)
        if alias:
            _set_alias(group, alias, remove)
        for each in group.aliases.order_by(GroupAlias.name):
            click.echo(each.name)


def _set_alias(group: Group, pasted: str, remove: bool) -> None:
    alias = addresses.group_in(pasted)
    if alias is None:
        raise click.BadParameter("it is neither a group's number or slug nor its link")
    if remove:
        if not groups.remove_alias(group, alias):
            raise click.ClickException(f"{group.slug} has no alias {alias}.")
    elif (of := groups.add_alias(group, alias)) != group:
        raise click.ClickException(
            f"Links to {alias} lead to {of.slug}. Nothing was changed; take the alias from there "
            f"first: flask --app wsgi group alias {of.slug} {alias} --remove"
        )


class refusals:
    """Shows a verb's Refused as the command's error message."""

    def __enter__(self):
        return self

    def __exit__(self, _kind, error, _trace):
        if isinstance(error, Refused):
            raise click.ClickException(error.message)


def require_slug(slug: str) -> None:
    if not groups.SLUG.fullmatch(slug):
        raise click.BadParameter(
            "it stands in addresses: small letters a to z, digits, hyphens", param_hint="SLUG"
        )


def find(slug: str) -> Group:
    """The group of that slug; an error message when there is none."""
    group = Group.get_or_none(Group.slug == slug)
    if group is None:
        raise click.ClickException(f"There is no group {slug}.")
    return group
