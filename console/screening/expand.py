"""Inflects Polish words with the Morfeusz dictionary, when a screener is saved.

Searching texts never needs the dictionary. Without it, words are kept as they were typed.
Proper nouns need their capital (Ukrainiec); participles are forms of their verb (jebany: jebać).
"""

from functools import cache
from typing import Any

from console.language import N_

try:
    import morfeusz2
except ImportError:  # there are wheels for x86-64 Linux only
    morfeusz2 = None

_LONGEST = 100


class Remark(str):
    """A remark for people, in English; its template and values are kept apart for translation."""

    template: str
    values: dict[str, Any]

    def __new__(cls, template: str, **values: Any) -> "Remark":
        remark = super().__new__(cls, template.format(**values))
        remark.template, remark.values = template, values
        return remark


def available() -> bool:
    return morfeusz2 is not None


@cache
def _dictionary():
    # "composite" gives the past forms with their endings: byłeś, zrobiliście.
    return morfeusz2.Morfeusz(generate=True, analyse=False, praet="composite", expand_tags=False)


def expand(word: str) -> list[str]:
    """The forms of a base form, itself first; a phrase or an unknown word stays as typed."""
    return _forms(word.strip()) or [word.strip()]


def expand_words(words: list[str]) -> tuple[dict[str, list[str]], list[Remark]]:
    """{base: forms} and remarks, for people, on words that could not be inflected."""
    forms, remarks = {}, []
    for word in dict.fromkeys(word.strip() for word in words if word.strip()):
        forms[word] = _forms(word) or [word]
        if len(word.split()) > 1:
            continue
        if available() and forms[word] == [word] and not _is_known(word):
            template = N_("{word}: unknown to the dictionary – the typed form is kept")
            remarks.append(Remark(template, word=word))
    if forms and not available():
        remarks.append(Remark(N_("the dictionary is not installed – the typed forms are kept")))
    return forms, remarks


def _forms(word: str) -> list[str]:
    if not available() or not word.isalpha() or len(word) > _LONGEST:
        return []
    generated = [form for form, _, tag, *_ in _generated(word) if _is_useful(tag)]
    if not generated:
        return []
    return list(dict.fromkeys([word, *sorted(set(generated))]))


def _generated(word: str) -> list[tuple]:
    """Morfeusz's forms of a word; with a capital letter if it is unknown without."""
    forms = _dictionary().generate(word)
    if all(tag == "ign" for _, _, tag, *_ in forms):
        forms = _dictionary().generate(word.capitalize())
    return forms


def _is_useful(tag: str) -> bool:
    """All but negated participles (niezrobiony), which are many and of no use."""
    return tag != "ign" and ":neg" not in tag


def _is_known(word: str) -> bool:
    return bool(_forms(word))
