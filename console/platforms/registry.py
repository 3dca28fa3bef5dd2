"""Imports all platforms, which registers them. A new one must be added here."""

from console.platforms.facebook_group import FACEBOOK_GROUP
from console.platforms.webhook import WEBHOOK

ALL = (WEBHOOK, FACEBOOK_GROUP)
