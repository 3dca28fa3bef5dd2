class DeliveryError(Exception):
    """The delivery did not arrive, or nobody knows whether it did.

    permanent: trying again is of no use; never_sent: not a byte reached the platform;
    timed_out: it hangs, and shall be left alone for a while.
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
