"""Resolving: how it went, as the asker says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.clock import Clock
from bot.domain import lifecycle
from bot.domain.lifecycle import Act, Outcome, RequestState
from bot.domain.limits import Deed
from bot.errors import Conflict
from bot.services import limits
from bot.services.ports import Begin, Nudge
from bot.services.requests import letters
from bot.services.requests.closing import withdraw
from bot.services.requests.holding import hold_own
from bot.services.requests.inviting import Inviting
from bot.services.requests.reopening import reopen, want_more
from bot.services.results import Resolved
from bot.services.routing.community import news_of
from bot.store.unit_of_work import UnitOfWork
from models import HelpInteraction, Question, Request


@dataclass(frozen=True, slots=True)
class Resolving:
    """Use cases around the outcome; holds no state of its own."""

    begin: Begin
    inviting: Inviting
    nudge: Nudge
    clock: Clock

    async def resolve(self, request_id: int, user_id: int, outcome: Outcome, helper_id: int | None = None) -> Resolved:
        """Keep how it went, privately; *not yet* asks others. The same outcome twice is once.

        A member who helped elsewhere than in the thread counts as having answered now.

        Raises:
            NotFound: there is no such request.
            NotAllowed: another person asked it.
            Conflict: it was closed, or it is settled and its thread is gone.
        """
        async with self.begin() as work:
            request = await hold_own(work, request_id, user_id, "outcome.not_yours")
            _require_place_to_answer(request, outcome)
            if outcome is Outcome.NOT_YET and request.state == RequestState.ARCHIVED:
                await reopen(work, request, self.inviting.numbers, self.clock.now())
            act = Act.ASK_OTHERS if outcome is Outcome.NOT_YET else Act.RESOLVE
            state = lifecycle.after(act, RequestState(request.state))
            thread_id, kind, can_keep = request.thread_id, request.type, isinstance(request, Question)
            if helper_id is not None:
                await _has_helped(work, request, helper_id, self.clock.now())
            parts = await work.help_interactions.of(request_id)
            can_thank = outcome is Outcome.HELPED and any(part.answered_at for part in parts)
            if await self._keep_outcome(work, request, outcome):
                await limits.hold(work, request.asker_id, Deed.OUTCOME, self.clock.now())
                request.state = state
                if outcome is Outcome.NOT_YET:
                    await want_more(work, request, self.inviting.numbers, self.clock.now())
            news = await news_of(work, request, await work.help_interactions.concerned(request_id))
        news.tell(self.inviting.router)
        self.nudge()
        invited = await self.inviting.ask_more(request_id) if outcome is Outcome.NOT_YET else 0
        return Resolved(outcome, invited, thread_id, can_thank, can_keep, kind)

    async def _keep_outcome(self, work: UnitOfWork, request: Request, outcome: Outcome) -> bool:
        if await _is_already(work, request, outcome):
            return False
        now = self.clock.now()
        for part in _concerned(await work.help_interactions.of(request.id)):
            part.outcome, part.outcome_at = outcome, now
        work.facts.add(outcome, request, now)
        if outcome is not Outcome.NOT_YET:
            await withdraw(work, request, now)
            await letters.refresh_post(work, request, now)
        return True


async def _has_helped(work: UnitOfWork, request: Request, helper_id: int, now: datetime) -> None:
    part = await work.help_interactions.ensure(request, helper_id)
    part.answered_at = part.answered_at or now
    await work.flush()


def _require_place_to_answer(request: Request, outcome: Outcome) -> None:
    """Refuse to open a settled request again that has no thread: no one could answer it."""
    is_gone = request.state == RequestState.RESOLVED and request.thread_id is None
    if is_gone and outcome is Outcome.NOT_YET:
        raise Conflict("request.over")


def _concerned(parts: Sequence[HelpInteraction]) -> Sequence[HelpInteraction]:
    """Return whose help an outcome is about: those who answered since the last one, else all who did or meant to."""
    helped = [part for part in parts if part.answered_at] or [part for part in parts if part.taken_at]
    return [part for part in helped if part.outcome is None] or helped


async def _is_already(work: UnitOfWork, request: Request, outcome: Outcome) -> bool:
    """Tell whether this outcome stands, so that a double-click counts once; nothing answered is *not yet* by itself."""
    if outcome is Outcome.NOT_YET:
        return request.state == RequestState.WAITING
    return request.state == RequestState.RESOLVED and await work.facts.last_outcome(request.id) == outcome
