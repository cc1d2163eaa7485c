"""Counting how help flows, for moderators."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.domain.lifecycle import OPEN_STATES
from bot.domain.waiting import median_wait
from bot.services.ports import Read
from bot.services.requests.draft import DRAFT
from bot.services.requests.question import QUESTION
from bot.services.results import DraftWindow, StatsTable, Window
from bot.store.facts import Followed
from bot.store.unit_of_work import ReadingWork


@dataclass(frozen=True, slots=True)
class Counting:
    """Use cases around statistics; no one is ever counted by name."""

    read: Read
    clock: Clock

    async def summarise(self, guild_id: int, weeks: int) -> StatsTable:
        """Return what became of the questions and drafts of the last `weeks` weeks, beside the weeks before."""
        now, length = self.clock.now(), timedelta(weeks=weeks)
        recent, before = (now - length, now + timedelta(seconds=1)), (now - 2 * length, now - length)
        async with self.read() as work:
            questions = await _questions(work, guild_id, recent), await _questions(work, guild_id, before)
            drafts = await _drafts(work, guild_id, recent, now), await _drafts(work, guild_id, before, now)
        has_drafts = any(each.asked for each in drafts)
        return StatsTable(weeks, *questions, drafts if has_drafts else None)


async def _questions(work: ReadingWork, guild_id: int, window: tuple[datetime, datetime]) -> Window:
    counted = await work.facts.count(guild_id, QUESTION.name, *window)
    return Window(
        asked=counted.asked,
        taken=counted.taken,
        answered=counted.answered,
        helped=counted.helped,
        open=counted.open,
        median_wait=timedelta(seconds=statistics.median(wait.total_seconds() for wait in counted.waits))
        if counted.waits
        else None,
    )


async def _drafts(work: ReadingWork, guild_id: int, window: tuple[datetime, datetime], now: datetime) -> DraftWindow:
    found = await work.facts.follow(guild_id, DRAFT.name, *window)
    return DraftWindow(
        asked=len(found),
        taken=sum(each.taken is not None for each in found),
        in_time=sum(each.is_in_time for each in found),
        rounds=await work.drafts.rounds(guild_id, *window),
        unmatched=sum(_is_unmatched(each, now) for each in found),
        median_wait=_median(found, now),
    )


def _median(found: Sequence[Followed], now: datetime) -> timedelta | None:
    """Return the median; one that ended without a reader counts as waiting until now, for nothing came of it."""
    ended = [each.answered - each.asked for each in found if each.answered is not None]
    return median_wait(ended, [now - each.asked for each in found if each.answered is None])


def _is_unmatched(draft: Followed, now: datetime) -> bool:
    is_due = draft.needed_by is not None and draft.needed_by <= now
    return draft.taken is None and draft.answered is None and (is_due or draft.state not in OPEN_STATES)
