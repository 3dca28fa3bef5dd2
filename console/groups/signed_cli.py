"""flask group contract | contracts | contract-end | contract-correct | unit | units | profile …"""

from datetime import datetime
from pathlib import Path

import click

from console.clock import today
from console.db import connected
from console.groups import contracts, unit_lists, units
from console.groups.cli import find, group_cli, refusals
from console.groups.whitelist import covers
from models import Contract, Group, Profile, Unit

DAY = click.DateTime(["%Y-%m-%d"])
ZLOTY = click.FloatRange(0)


@group_cli.command("contract")
@click.argument("slug")
@click.option("--from", "starts", type=DAY, required=True, help="Its first day.")
@click.option("--to", "ends", type=DAY, help="Its last day; none: until further notice.")
@click.option("--price", type=ZLOTY, help="Zloty a month, gross; by default the usual one.")
def contract(slug: str, starts: datetime, ends: datetime | None, price: float | None) -> None:
    """Record a contract: from its first to its last day the group's whitelist is in force."""
    first, last = starts.date(), ends.date() if ends else None
    monthly = contracts.usual_price(first, last) if price is None else round(price * 100)
    with refusals(), connected():
        signed = contracts.sign(find(slug), first, last, monthly)
        click.echo(f"Signed. {_contract(signed)}")


@group_cli.command("contracts")
@click.argument("slug")
def list_contracts(slug: str) -> None:
    """List the group's contracts, with their numbers."""
    with refusals(), connected():
        for each in find(slug).contracts.order_by(Contract.starts):
            click.echo(_contract(each))


@group_cli.command("contract-end")
@click.argument("slug")
@click.argument("number", type=int)
@click.argument("last_day", type=DAY)
def end_contract(slug: str, number: int, last_day: datetime) -> None:
    """End a contract with a day; NUMBER is the one that `group contracts` shows."""
    with refusals(), connected():
        ended = _find_contract(slug, number)
        profiles = contracts.end(ended, last_day.date())
        click.echo(_contract(_find_contract(slug, number)))
        for profile in profiles:
            click.echo(f"From the day after, what {profile.name} writes is screened.")


@group_cli.command("contract-correct")
@click.argument("slug")
@click.argument("number", type=int)
@click.option("--from", "starts", type=DAY, help="Its first day.")
@click.option("--to", "ends", type=DAY, help="Its last day.")
@click.option("--no-end", is_flag=True, help="It runs until further notice.")
@click.option("--price", type=ZLOTY, help="Zloty a month, gross.")
@click.option("--reason", required=True, help="Why; it stands in the audit trail.")
def correct_contract(
    slug: str,
    number: int,
    starts: datetime | None,
    ends: datetime | None,
    no_end: bool,
    price: float | None,
    reason: str,
) -> None:
    """Correct what was recorded wrongly of a contract; what is left out stays."""
    with refusals(), connected():
        wrong = _find_contract(slug, number)
        contracts.correct(
            wrong,
            starts.date() if starts else wrong.starts,
            None if no_end else ends.date() if ends else wrong.ends,
            wrong.monthly_price if price is None else round(price * 100),
            reason,
        )
        click.echo(_contract(_find_contract(slug, number)))


@group_cli.command("unit")
@click.argument("slug")
@click.argument("kind", type=click.Choice(Unit.KINDS))
@click.argument("type")
@click.argument("name")
def unit(slug: str, kind: str, type: str, name: str) -> None:
    """Add a unit: its kind, what it is in Polish ("OSP"), and its name."""
    with refusals(), connected():
        units.name_unit(find(slug), kind, type, name)
    click.echo(f"{name} is a unit of {slug}.")


@group_cli.command("units")
@click.argument("slug")
def list_units(slug: str) -> None:
    """List the group's units and their profiles: which are on the whitelist today, and why not."""
    with refusals(), connected():
        group = find(slug)
        for each in group.units.order_by(Unit.kind, Unit.name):
            click.echo(f"{each.name} ({each.kind}, {each.type}){'' if each.active else ', off'}")
            for profile in each.profiles.order_by(Profile.name):
                cover = covers(profile, group, today())
                words = "on the whitelist" if cover else f"not on the whitelist: {cover.reason}"
                click.echo(f"  {profile.external_id}  {profile.name}: {words}")


@group_cli.command("import-units")
@click.argument("slug")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
def import_units(slug: str, file: Path, dry_run: bool) -> None:
    """Take in a municipality's list of units: CSV or XLSX with a column “nazwa”.

    Further columns: typ, rodzaj, profil (the profile's address on Facebook). The same file again
    adds nothing.
    """
    with refusals(), connected():
        act = unit_lists.read if dry_run else unit_lists.take_in
        lines = act(find(slug), file.read_bytes())
    for line in lines:
        why = f": {line.why}" if line.why else ""
        click.echo(f"line {line.number}, {line.name or '?'}: {line.outcome}{why}")
    if dry_run:
        click.echo("Nothing was changed: it was a dry run.")


@group_cli.command("unit-switch")
@click.argument("slug")
@click.argument("name")
@click.argument("state", type=click.Choice(["on", "off"]))
def switch_unit(slug: str, name: str, state: str) -> None:
    """Say whether a unit's profiles may be on the whitelist."""
    with refusals(), connected():
        units.switch_unit(_find_unit(find(slug), name), state == "on")
    click.echo(f"{name} is switched {state}.")


@group_cli.command("profile")
@click.argument("slug")
@click.argument("unit_name")
@click.argument("id")
@click.argument("name")
@click.option("--url", help="Its address; what is known stays where none is given.")
@click.option("--move", is_flag=True, help="It was another unit's until now.")
def profile(slug: str, unit_name: str, id: str, name: str, url: str | None, move: bool) -> None:
    """Assign a profile, by its id on the platform, to the unit that publishes from it."""
    with refusals(), connected():
        units.designate(_find_unit(find(slug), unit_name), id, name, url, move=move)
    click.echo(f"{name} publishes for {unit_name}.")


@group_cli.command("profile-off")
@click.argument("slug")
@click.argument("id")
@click.option("--reason", default="", help="Such as: its account was taken over.")
def take_off(slug: str, id: str, reason: str) -> None:
    """Take a profile off the whitelist at once: what it writes from now on is screened."""
    with refusals(), connected():
        off = _find_profile(slug, id)
        units.take_off(off, reason)
    click.echo(f"{off.name} is off the whitelist. Back again: group profile-on {slug} {id}")


@group_cli.command("profile-on")
@click.argument("slug")
@click.argument("id")
def put_back(slug: str, id: str) -> None:
    """Put a profile back on the whitelist."""
    with refusals(), connected():
        back = _find_profile(slug, id)
        units.put_back(back)
    click.echo(f"{back.name} is back on the whitelist, while its unit is and a contract runs.")


def _contract(contract: Contract) -> str:
    net, vat, gross = (f"{grosz / 100:.2f}" for grosz in contracts.amount(contract.monthly_price))
    until = contract.ends or "until further notice"
    return (
        f"{contract.id}: {contract.starts} – {until}, {contracts.state(contract)}, "
        f"{gross} zł a month (net {net}, VAT {vat})"
    )


def _find_contract(slug: str, number: int) -> Contract:
    found = Contract.get_or_none((Contract.group == find(slug)) & (Contract.id == number))
    if found is None:
        raise click.ClickException(
            f"{slug} has no contract {number}. They are listed by: group contracts {slug}"
        )
    return found


def _find_unit(group: Group, name: str) -> Unit:
    found = Unit.get_or_none((Unit.group == group) & (Unit.name == name))
    if found is None:
        raise click.ClickException(f"There is no unit {name} in {group.slug}.")
    return found


def _find_profile(slug: str, id: str) -> Profile:
    found = Profile.get_or_none((Profile.group == find(slug)) & (Profile.external_id == id))
    if found is None:
        raise click.ClickException(f"{slug} has no profile {id}.")
    return found
