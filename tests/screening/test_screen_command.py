"""flask screen: a table of texts, whichever program has written it."""

import csv
import io

import pytest

pytestmark = pytest.mark.databases("sqlite")

ROWS = [["id", "text"], ["1", "Sąsiad to idiota, żółć; i tyle"], ["2", "Dzień dobry"]]


def table(delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(ROWS)
    return out.getvalue()


def screened(app, tmp_path, content: bytes):
    file = tmp_path / "texts.csv"
    file.write_bytes(content)
    return app.test_cli_runner().invoke(args=["screen", "--group", "leoncin", str(file)])


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1250", "utf-16"])
def test_any_offices_encoding_and_delimiter_is_read(app, leoncin, tmp_path, encoding, delimiter):
    answer = screened(app, tmp_path, table(delimiter).encode(encoding))
    assert answer.exit_code == 0, answer.output
    first, second = csv.DictReader(io.StringIO(answer.stdout))
    assert first["text"] == ROWS[1][1]
    assert (first["verdict"], second["verdict"]) == ("hold", "pass")


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


def test_a_field_of_any_length_is_read(app, leoncin, tmp_path):
    answer = screened(app, tmp_path, ("text\n" + "a " * 200_000).encode())
    assert answer.exit_code == 0, answer.output
    assert answer.stdout.rstrip().endswith(",pass,")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "has no column 'text'"),
        (b"words\nidiota\n", "has no column 'text'"),
        (b'text\n"idiota', "no table that can be read, near line"),
        (b"\xff\xfe\x00", "not text in UTF-8, UTF-16 or Windows-1250"),
        (b"\x81\x83\x88", "not text in UTF-8, UTF-16 or Windows-1250"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(app, leoncin, tmp_path, content, said):
    answer = screened(app, tmp_path, content)
    assert answer.exit_code == 1
    assert said in answer.output
    assert "Traceback" not in answer.output
