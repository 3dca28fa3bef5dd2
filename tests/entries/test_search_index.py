"""Words are found however they are written, in both databases alike; no query is an error."""

import pytest

from console.entries import search_index
from models import Entry
from tests.cast import fresh, take

AUTHOR = {"id": "jan", "name": "Łukasz Żółć-Kowalski"}


@pytest.fixture
def find(leoncin):
    """Finds among a few entries; returns their ids on the platform."""
    for id, text in {
        "thief": "Rada współpracuje ze złodziejami.",
        "spaced": "ZŁO\u200bDZIEJ\u00ad! Tak, ul. Polna 12",
        "fire": "OSP gasiła pożar na ul. Leśnej, sms-y nie doszły",
        "other": "Leśna polana, pożarna droga, 50€",
    }.items():
        take(
            leoncin, id=id, text=text, author=AUTHOR if id == "fire" else {"id": "e", "name": "Ewa"}
        )

    def found(query: str, *groups) -> set[str]:
        ids = search_index.matching_ids(query, [group.id for group in groups] or None)
        return {entry.external_id for entry in Entry.select().where(Entry.id.in_(ids))}

    return found


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("zlodziej", {"thief", "spaced"}),
        ("ZŁODZIEJ", {"thief", "spaced"}),
        ("zło\u200bdziejami,", {"thief"}),
        ('"zlodziej"', {"spaced"}),
        ("„złodziej”", {"spaced"}),
        ("lesn polan", {"other"}),
        ("leśna OR gasiła", {"fire", "other"}),
        ("pozar -polana", {"fire"}),
        ("pozar AND NOT polana", {"fire"}),
        ("(zlodziej OR pozar) -rada -polana", {"spaced", "fire"}),
        ('"ul lesnej"', {"fire"}),
        ('"lesnej ul"', set()),
        ("ul.leśn", {"fire"}),
        ("ul. polna", {"spaced"}),
        ("sms-y", {"fire"}),
        ("os", set()),
        ("os*", {"fire"}),
        ("12", {"spaced"}),
        ("50€", {"other"}),
        ("kowalski", {"fire"}),
        ("author:zolc", {"fire"}),
        ("autor: Żółć", {"fire"}),
        ("Autor:(zolc OR ewa) pozar", {"fire", "other"}),
        ("autor:pozar", set()),
        ('autor:"żółć kowalski"', {"fire"}),
        ('"kowalski osp"', set()),
        ("author:ewa -author:jan polana", {"other"}),
    ],
)
def test_a_query_finds(find, query, expected):
    assert find(query) == expected


def test_a_number_is_not_taken_for_the_number_of_a_group(find, leoncin):
    assert find(str(leoncin.id)) == set()
    assert find(f"place:{leoncin.id}") == set()


def test_a_search_keeps_to_its_groups(find, leoncin, elsewhere):
    take(elsewhere, id="there", text="Złodziej!")
    assert find("zlodziej") == {"thief", "spaced", "there"}
    assert find("zlodziej", elsewhere) == {"there"}
    assert find("zlodziej", elsewhere, leoncin) == {"thief", "spaced", "there"}
    assert find("zlodziej OR pozar", elsewhere) == {"there"}


@pytest.mark.parametrize(
    "query", ["", " ", "!!!", "-spam", "OR", "AND NOT", '"', '"…"', "___", "()", "*"]
)
def test_a_query_without_a_word_says_so(query):
    assert not search_index.is_searchable(query)


@pytest.mark.parametrize(
    "query",
    [
        '"pozar',
        'pozar"',
        "pozar)))((",
        "pozar OR",
        "NOT pozar",
        "AND pozar",
        "pozar:*",
        "{text author}: pozar",
        "pozar {",
        "'pozar' :A & !x | \\' <-> y",
        "author:",
        "author:-pozar pozar",
        "pozar ^ + NEAR(a b, 2)",
        "%s ? %(x)s {0} pozar",
        "pozar \ud800 \U0001f525 ﷺ ½ ＂",
        "a -b " * 2000,
        "(" * 10_000 + "pozar",
        "pozar " * 2000,
        '"' * 10_001,
        "x" * 10_000,
        "NOT a " * 2000,
        "_a_ author:_ b",
    ],
)
def test_no_query_is_an_error(find, query):
    if search_index.is_searchable(query):
        assert find(query) <= {"thief", "spaced", "fire", "other"}


SPELLINGS = (
    "600700800",
    "600 700 800",
    "600-700-800",
    "600.700.800",
    "600–700–800",
    "600\xa0700\xa0800",
    "(600) 700-800",
    "60 07 00 800",
    "+48 600 700 800",
    "+48600700800",
    "48600700800",
    "0048 600-700-800",
    "+48 (60) 070 08 00",
)


@pytest.fixture
def numbers(leoncin):
    """The entries' ids on the platform are the spellings of the number in them."""
    for text in SPELLINGS:
        take(leoncin, id=text, text=f"Dzwoń: {text}, po 16.")
    take(leoncin, id="among others", text="Polna 5 600 700 800 600 700 801")
    take(leoncin, id="another", text="600 700 801")
    take(leoncin, id="apart", text="Mam 600, Jan 700, Ewa 800.")
    take(leoncin, id="name", text="Dzień dobry", author={"id": "t", "name": "Tel. 501 502 503"})


@pytest.mark.parametrize(
    "query", [*SPELLINGS, '"600 700 800"', '"+48 600-700-800"', "600 700 800*"]
)
def test_a_telephone_number_is_found_however_it_is_written_and_asked_for(numbers, find, query):
    assert find(query) - {"apart"} == {*SPELLINGS, "among others"}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("600700801", {"another", "among others"}),
        ("+48 600 700 801 -polna", {"another"}),
        ("dzwoń -600700800", set()),
        ("polna (600) 700 800", {"among others"}),
        ("501502503", {"name"}),
        ("autor:(501-502-503)", {"name"}),
        ("autor:600700800", set()),
        ('"dzwoń 600700800"', {"600700800"}),
        (
            '"dzwoń 600 700"',
            {text for text in SPELLINGS if text.startswith(("600", "(600"))} - {"600700800"},
        ),
    ],
)
def test_a_number_is_one_word_of_a_query(numbers, find, query, expected):
    assert find(query) == expected


def test_numbers_of_a_text_without_end_stay_few():
    assert len(search_index.indexed("1 2 " * 30_000)) < 65_536 / 2 + 1000
    assert max(map(len, search_index.indexed("12-" * 30_000))) == search_index.LONGEST_NUMBER


def test_an_edited_entry_is_found_by_what_it_says_now(find, leoncin):
    take(leoncin, "entry.updated", id="thief", text="Przepraszam radę.")
    assert find("zlodziej") == {"spaced"}
    assert find("przepraszam") == {"thief"}


def test_a_renamed_author_is_found_by_the_new_name_in_all_entries(find, leoncin):
    take(leoncin, id="later", author=AUTHOR | {"name": "Adam Nowy"})
    assert find("autor:nowy") == {"fire", "later"}
    assert find("zolc") == set()
    assert find("pozar -polana", leoncin) == {"fire"}


def test_an_endless_text_of_odd_letters_is_taken_in(leoncin):
    odd = "".join(f"{chr(0x4E00 + n % 20000)}{'ﷲ' * 20}{n} " for n in range(2600))
    entry = take(leoncin, id="odd", text=odd[:65_000])
    assert fresh(entry).text == odd[:65_000]


def test_what_is_deleted_is_not_found(find):
    Entry.delete().where(Entry.external_id == "fire").execute()
    assert (
        search_index.SEARCH.select(search_index.SEARCH.c.rowid).bind(Entry._meta.database).count()
        == 3
    )
