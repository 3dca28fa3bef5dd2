"""Writes builtin.json from builtin.toml: `python -m console.screening.build_builtin`.

The words are inflected at build time, so that the console needs no dictionary for them.
How builtin.toml lists words, separated by commas or line ends:

  debil                   a single word stands for all its forms
  =śmieciu                only this form
  dostaniesz/dostanie w {morda}
                          a phrase: as typed, any of the words between the slashes, and
                          all the forms of the word in braces

In a pattern a space stands for whatever divides words, `~` for up to three words between two
others, and <official> for the list of that name in [lists].
"""

import json
import re
import sys
import tomllib
from itertools import product

from console.screening.cues import BUILTIN
from console.screening.expand import available, expand

_SPACE = r'[\s,"-]+'
_GAP = rf"{_SPACE}(?:\w+{_SPACE}){{0,3}}"
_WORD_LISTS = ("cue_words", "unless_near", "unless")
_BASES = ("alone", "with_cue")


def build(read: dict) -> dict:
    """The content of builtin.json from that of builtin.toml."""
    return {
        "first_names": _forms(read["first_names"]),
        "cues": {
            name: {**cue, "words": _forms(cue["words"])} for name, cue in read["cues"].items()
        },
        "screeners": [_screener(screener, read["lists"]) for screener in read["screener"]],
    }


def _screener(screener: dict, lists: dict) -> dict:
    settings = dict(screener["settings"])
    dropped = set(_items(settings.pop("drop", "")))
    for key in _WORD_LISTS:
        if key in settings:
            settings[key] = [form for form in _forms(settings[key]) if form not in dropped]
    for key in _BASES:
        if key in settings:
            settings[key] = _bases(settings[key], dropped)
    if "patterns" in settings:
        patterns = settings["patterns"].items()
        settings["patterns"] = {name: _pattern(text, lists) for name, text in patterns}
    return {**screener, "settings": settings}


def _pattern(text: str, lists: dict) -> str:
    text = re.sub(r"<([\w-]+)>", lambda name: _alternatives(lists[name[1]]), text)
    return text.replace(" ~ ", _GAP).replace(" ", _SPACE)


def _alternatives(words: str) -> str:
    return f"(?:{'|'.join(words.split())})"


def _items(text: str) -> list[str]:
    text = re.sub(r"#.*", "", text)
    return [item.strip() for item in re.split(r"[,\n]", text) if item.strip()]


def _forms(text: str) -> list[str]:
    """All forms of a list of words."""
    return list(dict.fromkeys(form for item in _items(text) for form in _expanded(item)))


def _bases(text: str, dropped: set[str]) -> dict[str, list[str]]:
    """{base, the first form of each item: its forms}"""
    bases: dict[str, list[str]] = {}
    for item in _items(text):
        forms = [form for form in _expanded(item) if form not in dropped]
        bases.setdefault(forms[0], []).extend(forms)
    return {base: list(dict.fromkeys(forms)) for base, forms in bases.items()}


def _expanded(item: str) -> list[str]:
    if item.startswith("="):
        return [item[1:]]
    words = item.split()
    if len(words) == 1 and "/" not in item and "{" not in item:
        return expand(item)
    return [" ".join(form) for form in product(*map(_choices, words))]


def _choices(word: str) -> list[str]:
    choices = []
    for choice in word.split("/"):
        choices += expand(choice[1:-1]) if choice.startswith("{") else [choice]
    return list(dict.fromkeys(choices))


def source() -> dict:
    return tomllib.loads(BUILTIN.with_suffix(".toml").read_text(encoding="utf-8"))


def main() -> None:
    if not available():
        sys.exit("The dictionary (morfeusz2) is needed to build builtin.json.")
    built = json.dumps(build(source()), ensure_ascii=False, separators=(",", ":"))
    BUILTIN.write_text(built + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
