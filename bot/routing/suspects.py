"""Texts that an encoder died on: none takes down a process more than twice."""

import hashlib
from collections import OrderedDict
from collections.abc import Iterable

MOST = 10_000
"""Texts remembered; the longest known go first."""
_REFUSED = 2
"""Failures after which a text is read no more; from the first one on it goes alone, so that no other is blamed."""


class Suspects:
    """What is remembered of texts that were being read when an encoder failed, without their words."""

    def __init__(self) -> None:
        """Suspect no text."""
        self._failures: OrderedDict[bytes, int] = OrderedDict()

    def goes_alone(self, text: str) -> bool:
        """Tell whether a text may be what an encoder failed on, with others beside it."""
        return self._failed(text) > 0

    def is_refused(self, text: str) -> bool:
        """Tell whether a text is known to be what an encoder fails on."""
        return self._failed(text) >= _REFUSED

    def blame(self, texts: Iterable[str]) -> None:
        """Note that an encoder failed on one of these."""
        for text in texts:
            self._failures[_name(text)] = self._failed(text) + 1
        while len(self._failures) > MOST:
            self._failures.popitem(last=False)

    def clear(self, texts: Iterable[str]) -> None:
        """Note that an encoder has read these."""
        if self._failures:
            for text in texts:
                self._failures.pop(_name(text), None)

    def _failed(self, text: str) -> int:
        return self._failures.get(_name(text), 0) if self._failures else 0


def _name(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
