"""Imports all platforms, which registers them. A new one must be added here."""

from console.platforms.webhook import WEBHOOK

ALL = (WEBHOOK,)
