"""What a screener found, in words for the people who decide."""

from console.language import _


def in_words(kind: str, name: str, form: str, base: str, cue: str) -> str:
    """One line: the kind, what stands in the text, and what it was taken for."""
    what = {
        "words": _("word"),
        "pattern": _("pattern"),
        "link": _("link"),
        "repeat": _("repeated text"),
        "newcomer": _("new profile"),
        "personal-data": _("personal data"),
        "shouting": _("capital letters"),
    }.get(kind, name)
    form = " ".join(form.split())
    if len(form) > 60:
        form = form[:59] + "…"
    detail = " → ".join(dict.fromkeys(part for part in (form, base) if part))
    line = f"{what}: {detail}" if detail else what
    return _("%(line)s (beside: %(cue)s)") % {"line": line, "cue": cue} if cue else line
