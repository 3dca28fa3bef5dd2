"""Furtka: the moderation console."""


def create_app(settings=None):
    """The application; what it is made of is read in console/app.py, only when it is called."""
    from console.app import build

    return build(settings)
