"""Tables as offices save them: CSV in the usual encodings, with commas, semicolons or tabs; XLSX."""

import csv
import io
from itertools import dropwhile

from console.language import N_

UTF_16 = b"\xff\xfe", b"\xfe\xff"
ZIP = b"PK\x03\x04"  # how an XLSX begins
MOST_CELLS = 200_000


class Unreadable(Exception):
    """What was given is no table. The message says why, in words of the catalogue with `values`."""

    def __init__(self, template: str, **values: object):
        super().__init__(template.format(**values))
        self.template, self.values = template, values


def decode(content: bytes) -> str:
    """The text of a file in UTF-8, UTF-16 or Windows-1250, whose marks say which. Raises Unreadable."""
    for encoding in ("utf-16",) if content[:2] in UTF_16 else ("utf-8-sig", "cp1250"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(N_("it is not text in UTF-8, UTF-16 or Windows-1250"))


def delimiter_of(header: str) -> str:
    return max(",;\t", key=header.count)


def read(content: bytes) -> list[tuple[int, list[str]]]:
    """The rows that are not empty, each with its number in the file, from 1. Raises Unreadable."""
    rows = _sheet(content) if content.startswith(ZIP) else _csv(decode(content))
    return [(number, row) for number, row in enumerate(rows, 1) if any(row)]


def _csv(text: str) -> list[list[str]]:
    if "\0" in text:
        raise Unreadable(N_("it is not a text file"))
    header = next(iter(dropwhile(_is_blank, text.splitlines())), "")
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(header), strict=True)
    found = []
    try:
        for row in rows:
            found.append([cell.strip() for cell in row])
    except csv.Error as error:
        raise Unreadable(N_("near line {line}: {error}"), line=rows.line_num, error=error) from None
    return found


def _is_blank(line: str) -> bool:
    return not line.strip(" \t,;")


def _sheet(content: bytes) -> list[list[str]]:
    """The first sheet. A merged cell has its text in its first place."""
    try:
        import python_calamine
    except ImportError:
        raise Unreadable(
            N_("it takes a package that is not installed: pip install -r requirements-xlsx.txt")
        ) from None
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheet = book.get_sheet_by_index(0)
        if sheet.total_height * sheet.total_width > MOST_CELLS:
            raise Unreadable(N_("the table is too large"))
        rows = sheet.to_python(skip_empty_area=False)
    except (python_calamine.CalamineError, IndexError, OSError) as error:
        raise Unreadable(N_("it is no XLSX that can be read: {error}"), error=error) from None
    return [[_as_text(cell) for cell in row] for row in rows]


def _as_text(cell: object) -> str:
    """Numbers come as floats: 100064000000001.0 is an id."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
