"""The browser's scripts: parts for people to read, one file for the browser."""

import pytest
from flask import Flask

from console import assets

PARTS = assets.BUNDLES["furtka.js"]


@pytest.mark.parametrize("part", PARTS)
def test_a_part_of_the_script_is_short_enough_to_read(part):
    lines = (assets.FOLDER / part).read_text().splitlines()
    assert len(lines) <= 100
    assert max(map(len, lines)) <= 100


def test_the_page_gets_all_parts_in_one_file_and_in_their_order(browse, anna):
    page = browse(anna).get("/queue/held").text
    (address,) = (each.split('"')[0] for each in page.split('src="')[1:] if "furtka" in each)
    script = browse().get(address).text
    assert sorted(PARTS) == sorted(f"js/{path.name}" for path in assets.FOLDER.glob("js/*"))
    source = "\n".join((assets.FOLDER / part).read_text() for part in PARTS)
    lines = [line for line in source.splitlines() if not line.lstrip().startswith("//")]
    assert script.splitlines() == lines  # comments are for readers of the source
    assert PARTS[0] == "js/dom.js"  # the others need it while they load


def test_a_part_that_is_missing_stops_the_start(monkeypatch):
    monkeypatch.setitem(assets.BUNDLES, "furtka.js", (*PARTS, "js/nowhere.js"))
    with pytest.raises(FileNotFoundError, match=r"nowhere\.js"):
        assets.init_app(Flask(__name__))
