"""Describes hits in words."""

from console.language import _


def describe_hit(kind: str, name: str, form: str, base: str, cue: str) -> str:
    """One line: the kind of screener, the form in the text, and its base."""
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
    detail = " → ".join(dict.fromkeys(part for part in (_short(form), _translated(base)) if part))
    line = f"{what}: {detail}" if detail else what
    return (
        _("%(line)s (beside: %(cue)s)") % {"line": line, "cue": _translated(cue)} if cue else line
    )


def _short(form: str) -> str:
    form = " ".join(form.split())
    return form if len(form) <= 60 else form[:59] + "…"


def _translated(text: str) -> str:
    """Translates the engine's codes; other words stay as they are."""
    return {"phone": _("phone number"), "address": _("address"), "name": _("a name")}.get(
        text, text
    )
