"""The documents promise what the code does."""

import ast
import re

import pytest

from console.config import ROOT
from console.intake import payload


def properties(schema) -> set[str]:
    """The names of all fields that the schema knows."""
    found = set()
    if isinstance(schema, dict):
        found |= set(schema.get("properties", ()))
        for value in schema.values():
            found |= properties(value)
    elif isinstance(schema, list):
        for value in schema:
            found |= properties(value)
    return found


def settings() -> set[str]:
    """The names of the environment's variables that config.py asks for."""
    tree = ast.parse((ROOT / "console" / "config.py").read_text(encoding="utf-8"))
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args)
    names = (call.args[0].value for call in calls if isinstance(call.args[0], ast.Constant))
    return {name for name in names if isinstance(name, str) and re.fullmatch("[A-Z][A-Z_]+", name)}


def test_the_settings_are_found():
    assert {"DATABASE_URL", "SECRET_KEY", "PORT", "FURTKA_PROXIES"} <= settings()


@pytest.mark.parametrize("name", sorted(properties(payload.SCHEMA)))
def test_the_webhooks_document_names_every_field(name):
    text = (ROOT / "docs" / "webhooks.md").read_text(encoding="utf-8")
    spans = re.findall(r"`([^`\n]+)`", text)
    assert any(re.search(rf"\b{name}\b", span) for span in spans)


@pytest.mark.parametrize("type", payload.SCHEMA["properties"]["type"]["enum"])
def test_the_webhooks_document_names_every_type(type):
    text = (ROOT / "docs" / "webhooks.md").read_text(encoding="utf-8")
    assert f"`{type}`" in text or f'"{type}"' in text


def test_the_message_that_the_webhooks_document_sends_by_hand_is_accepted():
    text = (ROOT / "docs" / "webhooks.md").read_text(encoding="utf-8")
    (body,) = re.findall(r"body='(.*?)'", text, re.S)
    assert payload.parse(body).type == "entry.created"


@pytest.mark.parametrize("name", sorted(settings()))
def test_the_readme_names_every_setting(name):
    assert f"`{name}`" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_field_of_the_schema_is_one_of_the_promised():
    promised = "type timestamp data id kind parent_id author name url text links media alt"
    promised += " created_at held by reason figures views reactions comments shares"
    promised += " entry_id note reporter"
    assert properties(payload.SCHEMA) == set(promised.split())
