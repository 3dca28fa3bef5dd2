"""Lists of units as offices keep them: read, previewed, taken in."""

import io
import zipfile
from contextlib import suppress
from xml.sax.saxutils import escape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.errors import Refused
from console.groups import unit_lists
from models import AuditRecord, Profile, Unit

TABLE = [
    ["Jednostki gminy Leoncin", "", ""],
    ["", "", ""],
    ["Nazwa jednostki", "Typ", "Adres na Facebooku"],
    ["OSP Nowiny", "", "https://www.facebook.com/profile.php?id=100064000000001"],
    ["Szkoła Podstawowa im. Żeromskiego", "szkoła podstawowa", "facebook.com/SPLeoncin?ref=x"],
    ["", "", ""],
    ["Koło Gospodyń Wiejskich", "stowarzyszenie", ""],
]


def text_of(table: list[list[str]], delimiter: str = ";") -> str:
    return "\r\n".join(delimiter.join(row) for row in table) + "\r\n"


def xlsx(table: list[list[str]]) -> bytes:
    """The smallest book that has this sheet."""
    rows = "".join(
        "<row>"
        + "".join(f'<c t="inlineStr"><is><t>{escape(cell)}</t></is></c>' for cell in row)
        + "</row>"
        for row in table
    )
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    book = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{types}">'
        f'<Override PartName="/xl/workbook.xml" ContentType="{book}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/a.xml" ContentType="{book}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}"><Relationship Id="r" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="A" sheetId="1" r:id="s"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}"><Relationship Id="s" '
        f'Type="{office}/worksheet" Target="worksheets/a.xml"/></Relationships>',
        "xl/worksheets/a.xml": f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData>'
        "</worksheet>",
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, '<?xml version="1.0" encoding="UTF-8"?>' + content)
    return file.getvalue()


FILES = {
    "UTF-8": text_of(TABLE).encode(),
    "UTF-8 with its mark": text_of(TABLE).encode("utf-8-sig"),
    "UTF-16": text_of(TABLE).encode("utf-16"),
    "Windows-1250": text_of(TABLE).encode("cp1250"),
    "commas": text_of(TABLE, ",").encode(),
    "tabs": text_of(TABLE, "\t").encode(),
    "XLSX": xlsx(TABLE),
}


@pytest.mark.parametrize("content", FILES.values(), ids=FILES)
def test_a_list_is_taken_in_however_it_was_saved(leoncin, content):
    lines = unit_lists.take_in(leoncin, content)
    assert [(line.outcome, line.kind) for line in lines] == [
        ("new", "safety"),
        ("new", "education"),
        ("new", "ngo"),
    ]
    found = Profile.select().order_by(Profile.external_id)
    assert [(profile.external_id, profile.unit.name) for profile in found] == [
        ("100064000000001", "OSP Nowiny"),
        ("spleoncin", "Szkoła Podstawowa im. Żeromskiego"),
    ]
    assert Unit.get(Unit.name == "OSP Nowiny").type == "OSP"


def test_the_same_list_again_changes_nothing(leoncin):
    unit_lists.take_in(leoncin, FILES["UTF-8"])
    before = [list(table.select().dicts()) for table in (Unit, Profile, AuditRecord)]
    lines = unit_lists.take_in(leoncin, FILES["XLSX"])
    assert {line.outcome for line in lines} == {"nothing changes"}
    assert [list(table.select().dicts()) for table in (Unit, Profile, AuditRecord)] == before


def test_a_preview_changes_nothing(leoncin):
    unit_lists.read(leoncin, FILES["UTF-8"])
    assert not Unit.select().exists()


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (["", "OSP", ""], unit_lists.NO_NAME),
        (["Coś", "", ""], unit_lists.NO_KIND),
        (["OSP Nowiny", "OSP", ""], unit_lists.TWICE),
        (["OSP Nowa", "OSP", "https://example.com/osp"], unit_lists.NO_PROFILE),
        (
            ["OSP Nowa", "OSP", "https://facebook.com/profile.php?id=100064000000001"],
            unit_lists.TAKEN,
        ),
        (["O" * 256, "OSP", ""], unit_lists.TOO_LONG),
    ],
)
def test_what_is_wrong_is_left_out_with_its_line_and_reason(leoncin, row, why):
    lines = unit_lists.take_in(leoncin, text_of([*TABLE, row]).encode())
    assert [(line.number, line.why) for line in lines if line.outcome == "left out"] == [(8, why)]
    assert Unit.select().count() == 3


def test_a_new_profile_of_a_known_unit_is_added(leoncin, osp):
    table = [["nazwa", "profil"], ["OSP Leoncin", "https://www.facebook.com/profile.php?id=77"]]
    (line,) = unit_lists.take_in(leoncin, text_of(table).encode())
    assert line.outcome == "new profile"
    assert {profile.external_id for profile in osp.unit.profiles} == {"osp", "77"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "nazwa"),
        (b"a;b\n1;2\n", "nazwa"),
        (b"PK\x03\x04 no zip", "XLSX"),
        (xlsx([]), "nazwa"),
        (b"\xff\xfe\x00", "UTF-16"),
        (b"nazwa\n\x00\n", "plik tekstowy"),
        (text_of([["nazwa"], *[[f"OSP {n}"] for n in range(501)]]).encode(), "500"),
        (b'nazwa;typ\n"OSP', "wiersza"),
    ],
    ids=range(8),
)
def test_what_is_no_list_is_refused_in_words(leoncin, content, words):
    with pytest.raises(Refused) as refusal:
        unit_lists.read(leoncin, content)
    assert words in refusal.value.message


def test_what_was_read_reads_the_same_again(leoncin):
    lines = unit_lists.read(leoncin, FILES["XLSX"])
    again = unit_lists.read(leoncin, unit_lists.as_text(lines).encode())
    assert [line._replace(number=0) for line in again] == [
        line._replace(number=0) for line in lines
    ]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.binary(max_size=300) | st.text(max_size=300).map(lambda text: f"nazwa;typ\n{text}".encode())
)
@pytest.mark.databases("sqlite")
def test_no_file_breaks_it(leoncin, content):
    with suppress(Refused):
        for line in unit_lists.read(leoncin, content):
            assert (line.outcome == unit_lists.WRONG) == bool(line.why)


def test_the_page_shows_what_would_change_and_then_takes_it_in(browse, leoncin, administrator):
    browser = browse(administrator)
    path = "/groups/leoncin/units/list"
    upload = (io.BytesIO(FILES["XLSX"]), "jednostki.xlsx")
    preview = browser.submit(path, file=upload)
    assert "nowe jednostki: 3" in preview.text
    assert not Unit.select().exists()
    lines = unit_lists.read(leoncin, FILES["XLSX"])
    browser.submit(path, text=unit_lists.as_text(lines), change="take-in")
    assert Unit.select().count() == 3
    assert AuditRecord.get(AuditRecord.act == "unit.added").by == administrator
    refused = browser.submit(path, text="bez głowy")
    assert refused.status_code == 400
    assert "nie ma kolumny „nazwa”" in refused.text


def test_the_command_takes_it_in_or_only_says_what_would_change(app, leoncin, tmp_path):
    file = tmp_path / "jednostki.csv"
    file.write_bytes(FILES["Windows-1250"])
    run = app.test_cli_runner().invoke
    said = run(args=["group", "import-units", "leoncin", str(file), "--dry-run"]).output
    assert "line 4, OSP Nowiny: new" in said
    assert "dry run" in said
    assert not Unit.select().exists()
    run(args=["group", "import-units", "leoncin", str(file)])
    assert Unit.select().count() == 3
