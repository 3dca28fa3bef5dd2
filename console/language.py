"""Text for people, below Flask: gettext in the language that the outermost layer has set."""

from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES = {"pl": "Polski", "en": "English"}
DEFAULT = "pl"
TRANSLATIONS = Path(__file__).parent / "translations"

language: ContextVar[str] = ContextVar("language", default=DEFAULT)


@cache
def catalogue(code: str) -> NullTranslations:
    """The catalogue of a language, read from its .po: no compiled file to forget."""
    if code == "en":  # the language of the code
        return NullTranslations()
    with open(TRANSLATIONS / f"{code}.po", "rb") as file:
        messages = read_po(file)
    compiled = BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return GNUTranslations(compiled)


def _(message: str) -> str:
    return catalogue(language.get()).gettext(message)


def ngettext(singular: str, plural: str, count: int) -> str:
    return catalogue(language.get()).ngettext(singular, plural, count)


def N_(message: str) -> str:
    """Marks a text for translation where it stands; it is translated where it is shown."""
    return message
