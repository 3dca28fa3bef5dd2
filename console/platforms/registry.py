"""Every platform there is. A new one is imported here, and so made known to the outbox."""

from console.platforms.webhook import WEBHOOK

ALL = (WEBHOOK,)
