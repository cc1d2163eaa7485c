"""What becomes due in the course of a draft: moderators hear that no one reads it, and a review's text goes."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.clock import Clock
from bot.domain.draft_dates import DELETED_AFTER
from bot.domain.lifecycle import RequestState
from bot.services.feedback import letters
from bot.services.feedback.letters import FeedbackLetter
from bot.services.outbox.removing import take_back
from bot.services.ports import Begin, Nudge, Read
from bot.services.requests.draft import dates
from bot.services.requests.places import is_too_late
from bot.services.sweeping import in_turn
from models import Draft

MOST_AT_ONCE = 1_000
"""Drafts that one sweep looks at."""


@dataclass(frozen=True, slots=True)
class Timekeeping:
    """What the clock does to drafts; holds no state of its own."""

    begin: Begin
    read: Read
    nudge: Nudge
    clock: Clock

    async def sweep(self) -> None:
        """Tell moderators once, at three quarters, of drafts with places free, and let old reviews' texts go."""
        now = self.clock.now()
        async with self.read() as work:
            waiting = await work.drafts.waiting(now, MOST_AT_ONCE)
            settings = {each.guild_id: await work.guilds.settings(each.guild_id) for each in waiting}
            told = {guild_id for guild_id, each in settings.items() if each and each.moderator_channel_id}
            late = [each for each in waiting if each.guild_id in told and now >= dates(each).moderators_at]
            written = await work.outbox.written(map(letters.unread_key, late))
            due = [(each.guild_id, each.id) for each in late if letters.unread_key(each) not in written]
            old = await work.drafts.old_reviews(now - DELETED_AFTER, MOST_AT_ONCE)
        await in_turn("request", due, self._tell_moderators)
        await in_turn("request", old, self._forget_reviews)
        if due or old:
            self.nudge()

    async def _tell_moderators(self, _guild_id: int, draft_ids: Sequence[int]) -> None:
        now = self.clock.now()
        async with self.begin() as work:
            for draft in await work.requests.hold_all(draft_ids):
                if isinstance(draft, Draft) and draft.state == RequestState.WAITING and not is_too_late(draft, now):
                    await letters.tell_moderators(work, draft, now)

    async def _forget_reviews(self, _guild_id: int, draft_ids: Sequence[int]) -> None:
        """Let the texts of reviews go, also from the bot's messages."""
        now = self.clock.now()
        async with self.begin() as work:
            for draft in await work.requests.hold_all(draft_ids):
                if isinstance(draft, Draft) and draft.needed_by is not None and draft.needed_by <= now - DELETED_AFTER:
                    draft.review_text = None
                    await take_back(work, await work.said.about(draft.id, [FeedbackLetter.GUIDE]), now)
