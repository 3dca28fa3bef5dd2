"""Screeners in words, for the people who set them up."""

from console.language import _
from console.screening.cues import Cue, cues
from console.screening.expand import Remark


def kinds() -> dict[str, tuple[str, str]]:
    """{kind: (its name, what it does)}"""
    return {
        "words": (_("words"), _("Finds words in all their forms, disguised ones too.")),
        "pattern": (
            _("patterns"),
            _("Finds what regular expressions describe. Case and Polish letters do not count."),
        ),
        "link": (_("links"), _("Finds links to unwanted domains, or too many links.")),
        "repeat": (_("repeated text"), _("Finds a text that was published not long ago.")),
        "newcomer": (
            _("new profile"),
            _("Finds links or phone numbers in the first entries of a profile."),
        ),
        "personal-data": (
            _("personal data"),
            _("Finds PESEL numbers, and the phone or address of a private person."),
        ),
        "shouting": (_("capital letters"), _("Finds entries written mostly in capitals.")),
    }


def modes() -> dict[str, str]:
    return {"on": _("on"), "shadow": _("on trial"), "off": _("off")}


def modes_explained() -> dict[str, str]:
    return {
        "on": _("holds what it finds, for a person to look at"),
        "shadow": _("only counts what it finds and holds nothing"),
        "off": _("does nothing"),
    }


def choices() -> dict[str, dict[str, tuple[str, str]]]:
    """{setting: {choice: (its name, how it works)}}"""
    link, phone = (_("a link"), ""), (_("a phone number"), "")
    return {
        "cues": _cues(),
        "with": {"link": link, "phone": phone},
        "find": {
            "pesel": (_("a PESEL number"), ""),
            "phone": phone,
            "address": (_("an address"), ""),
        },
    }


def _cues() -> dict[str, tuple[str, str]]:
    names = {
        "address": _("somebody is addressed (you, you are)"),
        "official": _("an official is meant (mayor, councillor)"),
        "intensifier": _("an insulting adjective (stupid, dirty)"),
    }
    worked_out = {
        "second": (_("another word of this screener"), _("up to 6 words away")),
        "name": (_("a person's first name and surname"), _("up to 6 words away")),
    }
    return {name: (names[name], _reach(cues()[name])) for name in names} | worked_out


def _reach(cue: Cue) -> str:
    reach = _("up to %(before)s words before, %(after)s after")
    return reach % {"before": cue.before, "after": cue.after}


def translated(remark: Remark) -> str:
    return _(remark.template).format(**remark.values)
