"""What the simulation needs of a bot, whether it is the real one or its rules on paper."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal, NamedTuple, Protocol

Kind = Literal["invited", "taken", "passed", "expired", "released", "paused"]

NEVER = datetime.max.replace(tzinfo=UTC)


class Fact(NamedTuple):
    """One thing that happened between the bot and a helper."""

    kind: Kind
    row: int
    """The question; -1 for a pause after silences, which is about none."""
    column: int
    at: datetime


class Bot(Protocol):
    """A bot that is asked and pressed; rows are questions, columns are helpers.

    All that it does by itself it does in `sweep`.
    """

    async def ask(self, row: int, now: datetime) -> None:
        """Let the asker send a question."""
        ...

    async def take(self, row: int, column: int, now: datetime) -> None:
        """Let somebody take what they were asked."""
        ...

    async def pass_on(self, row: int, column: int, now: datetime) -> None:
        """Let somebody pass what they were asked."""
        ...

    async def answer(self, row: int, column: int, now: datetime) -> None:
        """Let somebody write into a question's thread."""
        ...

    async def pause(self, column: int, until: datetime, now: datetime) -> None:
        """Let somebody ask for peace."""
        ...

    async def come_back(self, column: int, now: datetime) -> None:
        """Let somebody end their pause."""
        ...

    async def put_away(self, now: datetime) -> None:
        """Put away what has waited for a week."""
        ...

    async def sweep(self, now: datetime) -> None:
        """Do whatever is due."""
        ...

    async def due(self) -> datetime:
        """Return when there is something to sweep; `NEVER` where there isn't."""
        ...

    async def facts(self) -> Sequence[Fact]:
        """Return what happened since the last call, in order."""
        ...
