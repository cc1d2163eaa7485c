"""The tree of refusals: each carries the key of a sentence and what fills it."""


class HouseError(Exception):
    """A refusal that a person reads: a text's key and the parameters of that text."""

    def __init__(self, key: str, **params: object) -> None:
        """Keep the key as the whole message, so that a log never shows the parameters."""
        super().__init__(key)
        self.key = key
        self.params = params


class Invalid(HouseError):
    """What was typed can't be used; the text says what would be."""


class NotFound(HouseError):
    """What was asked for is not there, or no longer."""


class NotAllowed(HouseError):
    """This person may not do this."""


class Conflict(HouseError):
    """It was true a moment ago, and isn't any more."""


class LimitReached(HouseError):
    """A number from the community's settings is used up."""


class Unavailable(HouseError):
    """Something this needs is down; nothing was changed."""


class Unusable(HouseError):
    """What the operator set can't be used; starting again won't help."""
