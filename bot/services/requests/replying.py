"""Answering in one's own thread without being known."""

from dataclasses import dataclass

from bot.clock import Clock
from bot.domain import lifecycle, wording
from bot.domain.lifecycle import RequestState, Visibility
from bot.domain.limits import Deed
from bot.domain.policy import Policy
from bot.errors import Conflict
from bot.services import limits
from bot.services.ports import Begin, Nudge, Read
from bot.services.requests import letters
from bot.services.requests.closing import refuse_moderated
from bot.services.requests.holding import asked_by, hold_own
from bot.services.requests.reopening import reopen
from models import Request

LONGEST = 1_500
"""Characters of a reply."""


@dataclass(frozen=True, slots=True)
class Replying:
    """Use cases around replies of askers without a name."""

    begin: Begin
    read: Read
    nudge: Nudge
    clock: Clock
    numbers: Policy

    async def require_asker(self, request_id: int, user_id: int) -> None:
        """Make sure that a person may reply unseen.

        Raises:
            NotFound: there is no such request.
            NotAllowed: another person asked it.
            Conflict: it was asked openly, so there is nothing to hide; or a moderator closed it.
        """
        async with self.read() as work:
            seen = await work.requests.get(request_id)
            request = await asked_by(work, seen, user_id, "reply.not_yours")
            _require_hidden(request)
            refuse_moderated(request)

    async def reply(self, request_id: int, user_id: int, interaction_id: int, written: str) -> int:
        """Say something in the thread as the person who asked, and return the thread; a submission counts once.

        Raises:
            Invalid: it is empty, or too long.
            NotFound: there is no such request.
            NotAllowed: another person asked it.
            Conflict: it was asked openly, so there is nothing to hide; a moderator closed it; or its thread is gone.
            LimitReached: they replied as often as one person may in a day.
        """
        words = wording.within(written, LONGEST, "reply.too_long", shortest=1, too_short="reply.empty")
        now = self.clock.now()
        async with self.begin() as work:
            request = await hold_own(work, request_id, user_id, "reply.not_yours")
            _require_hidden(request)
            refuse_moderated(request)
            lifecycle.require_thread(request.thread_id)
            if await letters.reply(work, request, words, interaction_id, now):
                await limits.hold(work, request.asker_id, Deed.REPLY, now)
            if request.state == RequestState.ARCHIVED:
                await reopen(work, request, self.numbers, now)
            thread_id = request.thread_id
        self.nudge()
        return thread_id or 0


def _require_hidden(request: Request) -> None:
    if not Visibility(request.visibility).is_hidden:
        raise Conflict("reply.open")
