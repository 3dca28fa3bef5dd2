"""Furtka: the moderation console."""


def create_app(settings=None):
    """Builds the Flask application. The import is here, so that `import console` stays cheap."""
    from console.app import build

    return build(settings)
