"""flask screen"""

import csv
import io
import sys
from pathlib import Path

import click
from flask import Flask

from console.db import connected
from console.groups.cli import find
from console.screening.hits import holds
from console.screening.verbs import screening_of
from console.screening.wording import MANY, describe_hits
from console.text import tables


def screening_cli(app: Flask) -> None:
    app.cli.add_command(screen)


@click.command("screen")
@click.option("--group", "slug", required=True, help="The group whose screeners are used.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def screen(slug: str, file: Path) -> None:
    """Screen the texts of a CSV file; nothing is stored.

    FILE needs a column `text`. It is written to standard output with two columns added: verdict
    (pass or hold) and reasons.
    """
    with connected():
        screening = screening_of(find(slug).id)
    columns, rows = _read(file)
    out = csv.DictWriter(sys.stdout, [*columns, "verdict", "reasons"], restval="")
    out.writeheader()
    for row in rows:
        row.pop(None, None)  # a row with more cells than the header
        hits = screening.run(row["text"] or "")
        row["verdict"] = "hold" if holds(hits) else "pass"
        row["reasons"] = "; ".join(describe_hits((hit for hit in hits if hit.holds), MANY))
        out.writerow(row)


def _read(file: Path) -> tuple[list[str], list[dict]]:
    """The columns and rows of a table, whichever program of an office has written it."""
    try:
        text = tables.decode(file.read_bytes())
    except tables.Unreadable as error:
        raise click.ClickException(f"{file}: {error}.") from None
    csv.field_size_limit(max(len(text), csv.field_size_limit()))
    delimiter = tables.delimiter_of(text.partition("\n")[0])
    try:
        rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        columns = [(name or "").strip() for name in rows.fieldnames or ()]
        rows.fieldnames = columns
        if "text" not in columns:
            raise click.ClickException(f"{file} has no column 'text'.")
        return columns, list(rows)
    except csv.Error as error:
        raise click.ClickException(
            f"{file} is no table that can be read, near line {rows.line_num}: {error}."
        ) from None
