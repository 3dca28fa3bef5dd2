"""flask group add | alias | contract | unit | profile"""

import re
from datetime import datetime

import click
from flask import Flask
from flask.cli import AppGroup
from peewee import IntegrityError

from console.db import connected
from console.groups import groups
from console.text import addresses
from models import Group, GroupAlias, Municipality, Unit

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
    with connected():
        of, _new = Municipality.get_or_create(teryt=teryt, defaults={"name": municipality})
        try:
            groups.create(slug, name, of)
        except IntegrityError:
            raise click.ClickException(f"There is a group {slug} already.") from None
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


@group_cli.command("contract")
@click.argument("slug")
@click.option("--from", "starts", type=DAY, required=True, help="Its first day.")
@click.option("--to", "ends", type=DAY, help="Its last day; none: until further notice.")
@click.option("--price", type=click.FloatRange(0), required=True, help="Zloty a month, gross.")
def contract(slug: str, starts: datetime, ends: datetime | None, price: float) -> None:
    """Record a contract: from its first to its last day the group's whitelist is in force."""
    if ends and ends < starts:
        raise click.BadParameter("it ends before it starts", param_hint="--to")
    with connected():
        last_day = ends.date() if ends else None
        groups.sign(find(slug), starts.date(), last_day, round(price * 100))
    click.echo("Signed.")


@group_cli.command("unit")
@click.argument("slug")
@click.argument("kind", type=click.Choice(Unit.KINDS))
@click.argument("type")
@click.argument("name")
def unit(slug: str, kind: str, type: str, name: str) -> None:
    """Add a unit: its kind, what it is in Polish ("OSP"), and its name."""
    with connected():
        groups.name_unit(find(slug), kind, type, name)
    click.echo(f"{name} is a unit of {slug}.")


@group_cli.command("profile")
@click.argument("slug")
@click.argument("unit_name")
@click.argument("id")
@click.argument("name")
@click.option("--url", default="")
def profile(slug: str, unit_name: str, id: str, name: str, url: str) -> None:
    """Assign a profile, by its id on the platform, to the unit that publishes from it."""
    with connected():
        of = Unit.get_or_none((Unit.group == find(slug)) & (Unit.name == unit_name))
        if of is None:
            raise click.ClickException(f"There is no unit {unit_name} in {slug}.")
        groups.designate(of, id, name, url)
    click.echo(f"{name} publishes for {unit_name}.")


def require_slug(slug: str) -> None:
    if not re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", slug):
        raise click.BadParameter(
            "it stands in addresses: small letters a to z, digits, hyphens", param_hint="SLUG"
        )


def find(slug: str) -> Group:
    """The group of that slug; an error message when there is none."""
    group = Group.get_or_none(Group.slug == slug)
    if group is None:
        raise click.ClickException(f"There is no group {slug}.")
    return group
