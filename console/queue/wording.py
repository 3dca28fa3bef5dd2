"""The words on a card, translated once for all cards of a page."""

from types import SimpleNamespace

from console.groups.whitelist import REASONS
from console.language import _


def states_and_kinds() -> dict[str, str]:
    return {
        "published": _("published"),
        "held": _("held"),
        "removed": _("removed"),
        "post": _("post"),
        "comment": _("comment"),
    }


def labels() -> SimpleNamespace:
    return SimpleNamespace(
        whitelisted=_("on the whitelist: a unit under contract"),
        urgent=_("Urgent"),
        answers=_("answers"),
        under=_("under"),
        photo=_("Show the photo"),
        by_platform=_("Held by the platform"),
        by_staff=_("Held by staff"),
        failed=_("It could not be checked"),
        violations=_("Violations"),
        release=_("Release"),
        restore=_("Restore"),
        keep=_("Keep"),
        hold=_("Hold"),
        open=_("Open"),
        undo=_("Undo"),
        resident=_("resident"),
        pick=_("Select"),
        tag=_("Tag…"),
        remove=_("Remove…"),
        remove_quick=_("Remove:"),
        remove_for=_("Remove for"),
        tag_as=_("Tag as:"),
        whole=_("Show the whole text"),
    )


def why() -> dict[str, str]:
    """Why a profile is on the whitelist or not."""
    return {code: _(reason) for code, reason in REASONS.items()}
