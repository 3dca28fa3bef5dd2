"""Recognises names of people: a listed first name before a capitalised word, or a typical surname."""

from functools import cache

from console.screening.cues import data
from console.screening.reading import Reading
from console.text.folding import Token, fold

_SURNAMES = tuple(
    stem + ending
    for stem in ("sk", "ck", "dzk")
    for ending in ("i", "a", "iego", "iej", "iemu", "im", "ich")
) + ("wicz", "wicza", "wiczowi", "wiczem", "czyk", "czyka", "czykowi", "czykiem")
# Places bear names too, and some adjectives end as surnames do.
_PLACES = frozenset(
    [
        "ul",
        "ulica",
        "ulicy",
        "ulice",
        "al",
        "aleja",
        "alei",
        "aleje",
        "pl",
        "plac",
        "placu",
        "os",
        "osiedle",
        "osiedlu",
        "rondo",
        "ronda",
        "rondzie",
        "rondem",
        "skwer",
        "most",
        "imienia",
        "im",
        "gmina",
        "gminy",
        "gminie",
        "powiat",
        "powiatu",
        "miasto",
        "miasta",
        "starostwo",
        "wojewodztwo",
    ]
)
_ADJECTIVES = frozenset(
    [
        "polski",
        "polska",
        "polskiej",
        "polskiego",
        "polskim",
        "polskich",
        "miejski",
        "miejska",
        "miejskiej",
        "miejskiego",
        "miejskim",
        "gminny",
        "wojewodzki",
        "wojewodzka",
        "wojewodzkiej",
        "wojewodzkiego",
        "wojewodzkim",
        "miejskich",
        "niemiecki",
        "europejska",
        "europejski",
        "europejskiej",
        "unijny",
        "grecka",
        "wielka",
        "boska",
        "matka",
        "matki",
        "rzymski",
        "wloski",
        "ukrainska",
        "ukrainski",
        "rosyjski",
    ]
)


@cache
def first_names() -> frozenset[str]:
    return frozenset(map(fold, data()["first_names"]))


def is_name(reading: Reading, tokens: list[Token], index: int) -> bool:
    """Whether the token is a surname, or a first name followed by one."""
    word, start, end = tokens[index]
    if not reading.is_capitalised(start, end):
        return False
    before = tokens[index - 1][0] if index else ""
    if before in _PLACES or (index > 1 and tokens[index - 2][0] in _PLACES):
        return False
    if word in first_names():
        if index + 1 == len(tokens):
            return False
        after, start, end = tokens[index + 1]
        return len(after) > 2 and reading.is_capitalised(start, end)
    return len(word) > 5 and word.endswith(_SURNAMES) and word not in _ADJECTIVES


def has_name(reading: Reading) -> bool:
    return any(is_name(reading, reading.tokens, i) for i in range(len(reading.tokens)))
