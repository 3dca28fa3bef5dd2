"""What import-linter cannot see: models.py is one module, outside the package."""

import ast
from pathlib import Path

import models


def test_models_import_nothing_but_peewee_and_what_rows_are_made_with():
    tree = ast.parse(Path(models.__file__).read_text())
    imported = {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    imported |= {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    assert imported == {"__future__", "datetime", "peewee", "console.storage"}
