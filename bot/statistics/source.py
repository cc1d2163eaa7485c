"""Where a panel's figures come from: one community's record, read in one transaction."""

from dataclasses import dataclass
from datetime import UTC, datetime

from bot.statistics.record import Happened, Mask, Requests, Seconds, happened, requests
from bot.store.unit_of_work import ReadingWork

QUESTION = "question"
DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class Source:
    """Reads what happened in one community."""

    work: ReadingWork
    guild_id: int

    async def questions(self, until: datetime) -> Requests:
        """Return all questions that were asked before a moment."""
        return await requests(self.work, self.guild_id, QUESTION, until)

    async def happened(self, since: datetime, until: datetime, *types: str) -> Happened:
        """Return what happened of some types."""
        return await happened(self.work, self.guild_id, types, since, until)

    async def since(self, asked: Requests, until: datetime, *types: str) -> Happened:
        """Return what happened of some types since the first of these was asked."""
        if not len(asked):
            return await self.happened(until, until, *types)
        return await self.happened(datetime.fromtimestamp(asked.asked.min(), UTC), until, *types)

    async def first(self, asked: Requests, chosen: Mask, until: datetime, *types: str) -> Seconds:
        """Return when something of these types first happened to each of the chosen, at least, before a moment."""
        return asked.first(await self.since(asked.of(chosen), until, *types), *types)
