"""gettext without Flask: translates into the language of the current context.

Requests set `language`, commands speak English; verbs only call `_`.
"""

from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from polib import pofile

LANGUAGES = {"pl": "Polski", "en": "English"}
DEFAULT = "pl"
TRANSLATIONS = Path(__file__).parent / "translations"

language: ContextVar[str] = ContextVar("language", default=DEFAULT)


@cache
def catalogue(code: str) -> NullTranslations:
    """The catalogue of a language, from its .po file, so no compiled file can be out of date."""
    if code == "en":  # the language of the code
        return NullTranslations()
    return GNUTranslations(BytesIO(pofile(TRANSLATIONS / f"{code}.po").to_binary()))


def _(message: str) -> str:
    return catalogue(language.get()).gettext(message)


def ngettext(singular: str, plural: str, count: int) -> str:
    return catalogue(language.get()).ngettext(singular, plural, count)


def N_(message: str) -> str:
    """Marks a constant for the catalogue; whoever shows it translates it with `_`."""
    return message


class lazy_gettext:
    """A text that is translated whenever it is shown: a form's labels are made once for all."""

    def __init__(self, message: str):
        self.message = message

    def __str__(self) -> str:
        return _(self.message)
