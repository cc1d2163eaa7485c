"""What Discord and the network answer instead of what was asked for."""


class Refused(Exception):
    """What Discord says no to: an HTTP status and a JSON error code."""

    def __init__(self, status: int, code: int) -> None:
        """Keep both."""
        super().__init__(f"{status}/{code}")
        self.status = status
        self.code = code


class Throttled(Refused):
    """A rate limit: what was asked for may be asked again after some seconds."""

    def __init__(self, retry_after: float) -> None:
        """Keep the seconds."""
        super().__init__(429, 0)
        self.retry_after = retry_after


class Cut(Exception):
    """The connection breaks instead of an answer."""
