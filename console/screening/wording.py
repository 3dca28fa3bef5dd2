"""What a screener found, in words for the people who decide."""

from console.language import _


def in_words(kind: str, name: str, form: str, base: str, cue: str) -> str:
    """One line: the kind, what stands in the text, and what it was taken for."""
    if kind == "newcomer":
        return _("new profile (entries before: %(count)s)") % {"count": base}
    what = {
        "words": _("word"),
        "pattern": _("pattern"),
        "link": _("link") if form else _("number of links"),
        "repeat": _("repeated text"),
        "personal-data": _("personal data"),
        "shouting": _("capital letters"),
    }.get(kind, name)
    detail = " → ".join(dict.fromkeys(part for part in (_short(form), _known(base)) if part))
    line = f"{what}: {detail}" if detail else what
    return _("%(line)s (beside: %(cue)s)") % {"line": line, "cue": _known(cue)} if cue else line


def _short(form: str) -> str:
    form = " ".join(form.split())
    return form if len(form) <= 60 else form[:59] + "…"


def _known(text: str) -> str:
    """What the engine calls by a code; anything else is somebody's word, and stays."""
    return {"phone": _("phone number"), "address": _("address"), "name": _("a name")}.get(
        text, text
    )
