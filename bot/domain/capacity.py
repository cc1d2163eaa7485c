"""How many people may take one request at the same time, and what that makes of where it stands."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.lifecycle import RequestState


@dataclass(frozen=True, slots=True)
class Capacity:
    """How many people a request has a place for."""

    wanted: int
    since: datetime | None = None
    """From when on an answer fills a place; None: any does."""

    def filled(self, claims: Collection[int], answered: Mapping[int, datetime]) -> set[int]:
        """Return who fills a place: those who took it and are still at it, and those who answered since."""
        return {*claims, *self._done(answered)}

    def state(self, claims: Collection[int], answered: Mapping[int, datetime]) -> RequestState:
        """Return where a request stands that no one has ended: it waits until as many people as wanted have a place."""
        if len(self.filled(claims, answered)) < self.wanted:
            return RequestState.WAITING
        is_done = len(self._done(answered)) >= self.wanted
        return RequestState.ANSWERED if is_done else RequestState.TAKEN

    def _done(self, answered: Mapping[int, datetime]) -> set[int]:
        return {each for each, at in answered.items() if self.since is None or at >= self.since}
