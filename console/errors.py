"""What can go wrong in the domain, and the one place that gives it an HTTP face."""


class Refused(Exception):
    """Somebody asked for what can't be done. The message is for people and says what to do.

    `field` names the field of a form that the message belongs to; None: it is about the whole.
    """

    status = 400

    def __init__(self, message: str = "", field: str | None = None):
        super().__init__(message)
        self.message = message
        self.field = field


class NotFound(Refused):
    status = 404


class TooLarge(Refused):
    status = 413


class TooMany(Refused):
    status = 429


class Overtaken(Refused):
    """The entry changed since the form was made; it carries the entry as it now is."""

    status = 409

    def __init__(self, entry):
        super().__init__()
        self.entry = entry


class Changed(Refused):
    """Somebody changed what the form was made from. Nothing of the form was kept."""

    status = 409


class BadPayload(Refused):
    """A payload from outside is not what the schema says; it names the field."""

    def __init__(self, field: str, message: str):
        super().__init__(f"{field}: {message}", field)
        self.detail = message
