"""Presence: whether the people a letter is for are there, and its community within reach."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.clock import Clock
from bot.services.outbox.describing import Descriptions
from bot.services.outbox.leasing import GIVE_UP
from bot.services.ports import LEFT, Look, Messenger, NotYet, Standing, TryLater, Undeliverable
from bot.services.results import Letter
from models import OutboxLetter

LOOKS = 2
"""Looks at people at the same time, so that a press in direct messages never waits behind many."""
OUTAGE_PAUSE = timedelta(minutes=5)
"""After how long a letter looks again whether an outage of Discord's is over."""


@dataclass(slots=True)
class Presence:
    """Looks at people and communities before anything is sent to them."""

    messenger: Messenger
    look: Look
    clock: Clock
    letters: Descriptions
    _out_at: dict[int, datetime] = field(default_factory=dict, init=False)
    """When Discord was last seen to have an outage, by community.

    A process that starts during an outage sees it at the next look of any letter, so within `OUTAGE_PAUSE`. Only where
    it ended while none ran may a letter that was tried a day before, and fails once more, be given up too early.
    """
    _looking: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(LOOKS), init=False)

    async def require_people(self, letter: Letter[Any]) -> None:
        """Make sure that everyone a letter is for, or in whose name it speaks, is there.

        Raises:
            DeliveryError: one of them isn't there now, or left; or Discord has an outage.
        """
        is_out = self.note_outage(letter.guild_id)
        if is_out and letter.user_id is None:
            raise NotYet(self.clock.now() + OUTAGE_PAUSE, "outage")
        for user_id in sorted(letter.people):
            async with self._looking:
                standing = await self.look(letter.guild_id, user_id)
            if is_out and standing.where == "unknown":
                raise NotYet(self.clock.now() + OUTAGE_PAUSE, "outage")
            self._require(standing, letter, user_id)

    async def require_still(self, letter: Letter[Any], user_id: int) -> None:
        """Look again at a person of whom Discord says that they share no community with the bot.

        Raises:
            DeliveryError: the letter can't reach them now, or ever.
        """
        self._require(await self.look(letter.guild_id, user_id, is_fresh=True), letter, user_id)

    def note_outage(self, guild_id: int) -> bool:
        """Tell whether a community is out of reach; while it is, nothing of it is given up."""
        is_out = self.messenger.is_out(guild_id)
        if is_out:
            self._out_at[guild_id] = self.clock.now()
        return is_out

    def was_tried_long(self, row: OutboxLetter, now: datetime) -> bool:
        """Tell whether a letter was tried for long enough; of a time before an outage, none counts."""
        since = row.first_attempt_at
        return since is not None and now - max(since, self._out_at.get(row.guild_id, since)) > GIVE_UP

    def _require(self, standing: Standing, letter: Letter[Any], user_id: int) -> None:
        if standing.where == "gone":
            raise Undeliverable(LEFT)
        if standing.where != "here":
            raise TryLater(standing.where)
        if standing.silenced_until is not None and user_id in letter.unsilenced:
            if user_id == letter.addressee_id and self.letters[letter.kind].goes_to_the_next:
                raise Undeliverable("silenced")
            raise NotYet(standing.silenced_until)
