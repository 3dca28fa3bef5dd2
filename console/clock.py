"""Dates and times as people see them: Europe/Warsaw, 23.11.2026 14:05."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from console.language import _, ngettext

WARSAW = ZoneInfo("Europe/Warsaw")


def today(at: datetime | None = None) -> date:
    """The day in Warsaw at that moment; now, when none is given."""
    return (at or datetime.now(UTC)).astimezone(WARSAW).date()


def starts_at(day: date) -> datetime:
    """The first moment of a day in Warsaw."""
    return datetime.combine(day, time(), WARSAW)


def exact(at: datetime) -> str:
    return at.astimezone(WARSAW).strftime("%d.%m.%Y %H:%M")


def as_day(day: date) -> str:
    return day.strftime("%d.%m.%Y")


def known_later(happened: datetime, known: datetime) -> bool:
    """Whether something was known here so much later that both moments must be told."""
    return known - happened > timedelta(minutes=1)


def soon(at: datetime) -> str:
    """A moment to come: the time alone when it is today."""
    if today(at) == today():
        return at.astimezone(WARSAW).strftime("%H:%M")
    return exact(at)


def relative(at: datetime, now: datetime) -> str:
    """How long ago, in the largest unit that fits; the date when it was over a week ago."""
    ago = now - at
    minutes = int(ago.total_seconds() // 60)
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        return ngettext("%(n)d min ago", "%(n)d min ago", minutes) % {"n": minutes}
    if minutes < 24 * 60:
        hours = minutes // 60
        return ngettext("%(n)d h ago", "%(n)d h ago", hours) % {"n": hours}
    if ago < timedelta(days=7):
        return ngettext("%(n)d day ago", "%(n)d days ago", ago.days) % {"n": ago.days}
    return at.astimezone(WARSAW).strftime("%d.%m.%Y")
