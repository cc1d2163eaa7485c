"""Looking for answers that Discord didn't tell of, because the bot was away: a few threads at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.services.ports import Begin, Read
from bot.services.requests.watching import Watching
from bot.services.sweeping import in_turn
from bot.store.requests import ThreadToRead

AT_ONCE = 20
"""Threads that one look goes through, each with a request to Discord: 1,200 an hour, where it looks each minute."""
AGAIN_AFTER = timedelta(hours=20)
"""When a thread is looked through again, though Discord told of no gap: each within a day."""
RETRY_AFTER = timedelta(hours=1)
"""When a thread is tried again that Discord didn't show."""
PUT_AWAY_FOR = timedelta(days=45)
"""For how long after the beginning of its wait a request that was put away is looked at."""


@dataclass(frozen=True, slots=True)
class CatchingUp:
    """Use cases around what was missed."""

    begin: Begin
    read: Read
    watching: Watching
    clock: Clock

    async def after_gap(self) -> int:
        """Begin again with all threads, for the bot heard nothing for a while, and look through the first of them."""
        async with self.begin() as work:
            await work.requests.forget_looks(self.clock.now() - PUT_AWAY_FOR)
        return await self.sweep()

    async def sweep(self) -> int:
        """Look through the next threads for answers, or find them deleted; returns how many had an answer.

        Whose asker has waited longest comes first. In what was put away unanswered any reply counts that came since.
        """
        now = self.clock.now()
        async with self.read() as work:
            due = await work.requests.unlooked(now - AGAIN_AFTER, now - PUT_AWAY_FOR, AT_ONCE)
        threads = {each.request_id: each for each in due}

        async def look(_guild_id: int, request_ids: Sequence[int]) -> int:
            return sum([await self._look_into(threads[each]) for each in request_ids])

        return sum(await in_turn("request", [(each.guild_id, each.request_id) for each in due], look))

    async def _look_into(self, thread: ThreadToRead) -> bool:
        """Look through one thread; it is noted before: one that breaks every look must not be the first of each."""
        now = self.clock.now()
        await self._note(thread, now - AGAIN_AFTER + RETRY_AFTER)
        has_answer = await self.watching.look_into(thread)
        if has_answer is not None:
            await self._note(thread, now)
        return bool(has_answer)

    async def _note(self, thread: ThreadToRead, looked_at: datetime) -> None:
        async with self.begin() as work:
            await work.requests.note_look(thread.request_id, looked_at)
