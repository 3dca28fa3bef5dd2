class DeliveryError(Exception):
    """The delivery did not arrive; `permanent` when trying again is of no use."""

    def __init__(self, message: str, *, permanent: bool = False):
        super().__init__(message)
        self.permanent = permanent
