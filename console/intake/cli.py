"""flask import; flask link"""

import json
from dataclasses import asdict
from pathlib import Path

import click
from flask import Flask

from console.db import connected
from console.groups.cli import find
from console.intake.importing import import_file
from console.text.addresses import read


def intake_cli(app: Flask) -> None:
    app.cli.add_command(import_messages)
    app.cli.add_command(link)


@click.command("import")
@click.option("--group", "slug", required=True, help="The group's slug.")
@click.option(
    "--archive",
    is_flag=True,
    help="It is history: searchable and counted, in no list, not screened; on the whitelist is what "
    "was on the day of its publication.",
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_messages(slug: str, archive: bool, file: Path) -> None:
    """Take in a file of messages, one JSON object a line, as in docs/webhooks.md.

    What can't be taken goes to FILE.rejected.jsonl; the exit status is then 1. A second run of the
    same file changes nothing.
    """
    with (
        connected(),
        click.progressbar(length=file.stat().st_size, label=file.name) as bar,
    ):
        result = import_file(find(slug), file, bar.update, archive=archive)
    click.echo(f"{result.taken} taken, {result.rejected} rejected")
    if result.rejected:
        click.echo(f"The rejected lines, with reasons: {file}.rejected.jsonl", err=True)
        raise SystemExit(1)


@click.command("link")
@click.argument("url")
def link(url: str) -> None:
    """Show as JSON what a Facebook link names. It is not opened: what is opaque stays so."""
    click.echo(json.dumps(asdict(read(url))))
