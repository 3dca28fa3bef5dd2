"""flask screen"""

import csv
import sys
from pathlib import Path

import click
from flask import Flask

from console.db import connected
from console.groups.cli import find
from console.screening.hits import holds
from console.screening.verbs import screening_of
from console.screening.wording import MANY, describe_hits


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
    with open(file, newline="", encoding="utf-8-sig") as source:
        rows = csv.DictReader(source)
        columns = rows.fieldnames or ()
        if "text" not in columns:
            raise click.ClickException(f"{file} has no column 'text'.")
        out = csv.DictWriter(sys.stdout, [*columns, "verdict", "reasons"], restval="")
        out.writeheader()
        for row in rows:
            row.pop(None, None)  # a row with more cells than the header
            hits = screening.run(row["text"] or "")
            row["verdict"] = "hold" if holds(hits) else "pass"
            row["reasons"] = "; ".join(describe_hits((hit for hit in hits if hit.holds), MANY))
            out.writerow(row)
