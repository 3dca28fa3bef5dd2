"""flask screen: what a group's screeners make of a file of texts."""

import csv

import pytest


@pytest.mark.databases("sqlite")
def test_each_text_gets_a_verdict_and_its_reasons_in_words(app, leoncin, tmp_path):
    file = tmp_path / "texts.csv"
    file.write_text("text,who\nDzień dobry,Jan\nIdioci i idiotą,Ewa\n")
    done = app.test_cli_runner().invoke(args=["screen", "--group", leoncin.slug, str(file)])
    assert done.exit_code == 0, done.output
    assert list(csv.DictReader(done.output.splitlines())) == [
        {"text": "Dzień dobry", "who": "Jan", "verdict": "pass", "reasons": ""},
        {
            "text": "Idioci i idiotą",
            "who": "Ewa",
            "verdict": "hold",
            "reasons": "word: Idioci → idiota, idiotą → idiota",
        },
    ]
