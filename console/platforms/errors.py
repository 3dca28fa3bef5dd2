"""How a delivery can fail."""


class DeliveryError(Exception):
    """A delivery failed, or it is unknown whether it arrived.

    message     why, in words of the catalogue, perhaps with a technical detail after a colon
    permanent   another attempt would fail too
    never_sent  not a byte reached the platform
    timed_out   the platform does not respond; its connection rests for a while
    """

    def __init__(
        self,
        message: str,
        *,
        permanent: bool = False,
        never_sent: bool = False,
        timed_out: bool = False,
    ):
        super().__init__(message)
        self.permanent = permanent
        self.never_sent = never_sent
        self.timed_out = timed_out
