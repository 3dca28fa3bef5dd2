"""The personal-data screener: PESEL numbers, and the phones and addresses of private people.

Settings: `find`, a list of "pesel", "phone", "address" (all three when left out).

A phone number or an address alone is normal in a local group. It is a hit only when it is presented as
somebody else's: beside an accusation or a debt, or beside a person's name.
"""

import re
from collections.abc import Iterator

from stdnum.pl import pesel

from console.language import N_
from console.screening import names
from console.screening.cues import cues
from console.screening.reading import Invalid, Reading, Span

_PESEL = re.compile(r"(?<![\d/\-])(?<!\d )\d{6}[ -]?\d{5}(?![\d/\-])(?! \d)")
_PHONE = re.compile(
    r"(?<![\d/.,:\-])(?<!\d )(?:(?:\+|00)48[ -]?)?"
    r"(?:\d{9}|\d{3}[ -]\d{3}[ -]\d{3}|\(?\d{2}\)?[ -]\d{3}[ -]\d{2}[ -]\d{2})(?![\d/\-])(?! \d)"
)
_STREET = r"(?:ul\.?|ulic[aey]|ulice|al\.?|alej[ai]|os\.?|osiedl[eu]|pl\.?|plac[u]?)\s{1,3}"
_ADDRESS = re.compile(
    rf"\b{_STREET}[^\W\d_][\w.\-]{{1,30}}(?:\s[^\W\d_][\w\-]{{1,30}}){{0,2}}\s\d{{1,4}}[a-z]?\b"
    r"(?:\s?/\s?\d{1,4}|\s?m\.?\s?\d{1,4})?"
)
# "Mieszka w Krubinie pod 14", "mieszka na Polnej 5": a home without the word "street".
_HOME = re.compile(
    r"\b(?:mieszka(?:ja)?|zamieszkal[aiy]|zam\.|adres(?: domowy)?:?)\s(?:\w{1,30}[\s,.]{1,3}){0,4}?"
    r"\d{1,4}[a-z]?\b(?!\s(?:lat|rok|dni|mies|osob|rodzin|m2|km))(?:\s?/\s?\d{1,4})?"
)
_SOMEBODYS = re.compile(
    r"\b(?:(?:jej|jego|ich|tej|tego|do niej|do niego) (?:\w+ ){0,1}(?:numer|nr|telefon|adres|tel)\b"
    r"|(?:numer|nr|telefon|adres|namiary)(?: telefonu| tel\.?| komorkowy| domowy| prywatny)?"
    r" (?:tej|tego|tamtej|tamtego|do tej|do tego|do niej|do niego)\b"
    r"|prywatny (?:numer|telefon|adres)\b"
    r"|(?:dzwoncie|piszcie|wydzwaniajcie|jedzcie) do (?:nie[jg]o?|tej|tego)\b"
    r"|nie (?:oddal|zwrocil|zaplacil|splacil)a?\b|nie placi\b"
    r"|(?:tu|tutaj|tam) mieszka\b|(?:zamieszkal[ay]|zam\.)|\bmieszka (?:na|przy|w|pod|ul)\b"
    r"|(?:odwiedz|nawiedz|wpad)\w* (?:go|ja|ich|do niego|do niej)\b)"
)
_FINDS = ("pesel", "phone", "address")


def phones(plain: str) -> Iterator[re.Match]:
    return _PHONE.finditer(plain)


class PersonalData:
    def __init__(self, name: str, settings: dict):
        self._find = settings.get("find", _FINDS)
        for what in self._find:
            if what not in _FINDS:
                raise Invalid(
                    N_("{screener}: cannot find “{what}”"), screener=name, key="find", what=what
                )

    def find(self, reading: Reading) -> Iterator[Span]:
        if not _HAS_NUMBER.search(reading.plain):
            return
        if "pesel" in self._find and _LONG_NUMBER.search(reading.plain):
            for match in _PESEL.finditer(reading.plain):
                if pesel.is_valid(match[0]):
                    yield Span(*reading.span(*match.span()), "PESEL")
        if not cues()["institution"].words.isdisjoint(reading.words):
            return
        contacts = [(base, match) for base, match in _contacts(reading) if base in self._find]
        cue = _private(reading, {base for base, _ in contacts}) if contacts else ""
        for base, match in contacts if cue else ():
            yield Span(*reading.span(*match.span()), base, cue)


_HAS_NUMBER = re.compile(r"\d")
_LONG_NUMBER = re.compile(r"\d[\d ()-]{7}")
_STREETS = frozenset(["ul", "ulica", "ulicy", "ulice", "al", "aleja", "alei", "os", "osiedle"])
_STREETS |= {"osiedlu", "pl", "plac", "placu"}


def _contacts(reading: Reading) -> Iterator[tuple[str, re.Match]]:
    """Phone numbers and addresses. A cheap test precedes each slow expression."""
    plain = reading.plain
    if _LONG_NUMBER.search(plain):
        yield from (("phone", match) for match in _PHONE.finditer(plain))
    if not _STREETS.isdisjoint(reading.words):
        yield from (("address", match) for match in _ADDRESS.finditer(plain))
    if "mieszka" in plain or "zam" in plain or "adres" in plain:
        yield from (("address", match) for match in _HOME.finditer(plain))


def _private(reading: Reading, bases: set[str]) -> str:
    """The words that show that these are a private person's data; "" when none do."""
    accusing = cues()["accusation"].words & reading.words
    if accusing:
        return min(accusing)
    named = names.has_name(reading)
    somebodys = _SOMEBODYS.search(reading.plain)
    if somebodys and ("phone" in bases or named):
        return somebodys[0]
    if named and bases == {"phone", "address"} and not _is_business(reading):
        return "name"
    return ""


def _is_business(reading: Reading) -> bool:
    return not cues()["business"].words.isdisjoint(reading.words)
