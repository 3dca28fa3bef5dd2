"""The screen is Polish, complete, with the right plurals; English is the second language."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from console import clock
from console.language import TRANSLATIONS, language, ngettext
from console.storage import now

ROOT = Path(__file__).parents[2]


def test_no_text_is_untranslated(tmp_path):
    """Collects the texts anew: one that is missing in the catalogue counts as untranslated."""
    mapping, found = tmp_path / "mapping", tmp_path / "messages.pot"
    mapping.write_text("[python: **.py]\n[jinja2: **.html]\ntrimmed = true\n")
    subprocess.run(
        [
            sys.executable,
            "-m",
            "babel.messages.frontend",
            "-q",
            "extract",
            "--keyword=_",
            "--keyword=N_",
            "--keyword=_l",
            "--keyword=ngettext:1,2",
        ]
        + ["--mapping", mapping, "--output", found, "console", "templates"],
        cwd=ROOT,
        check=True,
    )
    with open(found, "rb") as new, open(TRANSLATIONS / "pl.po", "rb") as polish:
        collected, catalogue = read_po(new), read_po(polish)

    def is_translated(id) -> bool:
        message = catalogue.get(id)
        texts = (
            message.string
            if message and isinstance(message.string, tuple)
            else [message and message.string]
        )
        return message is not None and all(texts) and not message.fuzzy

    assert [
        message.id for message in collected if message.id and not is_translated(message.id)
    ] == []


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (1, "1 zgłoszenie"),
        (2, "2 zgłoszenia"),
        (5, "5 zgłoszeń"),
        (12, "12 zgłoszeń"),
        (22, "22 zgłoszenia"),
    ],
)
def test_plurals_are_polish(count, words):
    language.set("pl")
    assert ngettext("%(num)d report", "%(num)d reports", count) % {"num": count} == words


def test_moments_are_those_of_warsaw():
    from datetime import UTC, datetime

    assert clock.exact(datetime(2026, 11, 23, 13, 5, tzinfo=UTC)) == "23.11.2026 14:05"
    assert clock.exact(datetime(2026, 7, 1, 12, 0, tzinfo=UTC)) == "01.07.2026 14:00"


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(seconds=20), "przed chwilą"),
        (timedelta(minutes=5), "5 min temu"),
        (timedelta(hours=3, minutes=10), "3 godz. temu"),
        (timedelta(days=1, hours=2), "1 dzień temu"),
        (timedelta(days=5), "5 dni temu"),
    ],
)
def test_how_long_ago_is_said_in_the_largest_unit(ago, words):
    language.set("pl")
    at = now()
    assert clock.relative(at - ago, at) == words


def test_each_user_keeps_their_language(browse, anna, administrator):
    mine, theirs = browse(anna), browse(administrator)
    assert mine.submit("/people/language", language="en", back="/queue/held").status_code == 303
    assert "<h1>Held" in mine.get("/queue/held").text
    assert "<h1>Zatrzymane" in theirs.get("/queue/held").text
