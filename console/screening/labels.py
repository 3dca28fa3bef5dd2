"""Screeners in words, for the people who set them up."""

from console.language import _
from console.screening.cues import Cue, cues
from console.screening.expand import Remark
from console.screening.reading import Invalid


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


def fields() -> dict[str, tuple[str, str]]:
    """{setting: (its label, a hint)}"""
    return {
        "alone": (_("Words that hold by themselves"), _("One word or phrase a line.")),
        "with_cue": (
            _("Ambiguous words: they hold only beside a cue"),
            _("One word or phrase a line."),
        ),
        "cues": (_("What counts as a cue"), ""),
        "cue_words": (
            _("Cues of its own"),
            _("Up to 6 words away, divided by commas, in every form that counts."),
        ),
        "unless_near": (
            _("Words nearby that excuse"),
            _("Up to 3 words away; divided by commas. “rondo” excuses a name beside it."),
        ),
        "unless": (
            _("Words that excuse the whole entry"),
            _("Divided by commas. An entry with one of them is left alone."),
        ),
        "patterns": (
            _("Patterns"),
            _(
                "RE2 syntax. The name is shown to moderators as the reason. Empty rows are left out."
            ),
        ),
        "domains": (
            _("Unwanted domains"),
            _("One a line, subdomains included. “.xyz” stands for every address that ends so."),
        ),
        "most": (_("Most links in an entry"), _("More are held. Empty: any number may pass.")),
        "hours": (_("How many hours back to look"), ""),
        "times": (_("How many earlier entries it takes"), ""),
        "same_author": (_("Only the author's own entries count"), ""),
        "entries": (_("A profile is new below this many entries"), ""),
        "with": (
            _("What the entry must carry"),
            _("None chosen: every entry of a new profile is held."),
        ),
        "trusted": (_("Trusted domains"), _("One a line. Links to them do not count.")),
        "find": (_("What to find"), ""),
        "letters": (_("Shorter entries are left alone (letters)"), ""),
        "share": (_("Share of capitals that is too much (%)"), ""),
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


def said(remark: Invalid | Remark) -> str:
    """What the engine says in English, in the reader's language and with the form's own labels."""
    values = dict(remark.values)
    if "key" in values and values["key"] in fields():
        values["key"] = fields()[values["key"]][0]
    return _(remark.template).format(**values)
