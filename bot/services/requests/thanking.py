"""Thanks, private; and an exchange that two people agree to keep for others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.clock import Clock
from bot.domain import wording
from bot.domain.lifecycle import Outcome, RequestState
from bot.domain.limits import Deed
from bot.errors import Conflict, NotAllowed, NotFound
from bot.services import limits
from bot.services.ports import Begin, Nudge, Read
from bot.services.requests import letters
from bot.services.requests.asking import LONGEST, SHORTEST
from bot.services.requests.holding import hold_own
from bot.services.results import Exchange
from bot.store.unit_of_work import ReadingWork, UnitOfWork
from models import HelpInteraction, KeptAnswer, Question, Request

LONGEST_NOTE = 500
"""Characters of a thank-you note."""
LONGEST_ANSWER = 1_500
"""Characters of an answer that is kept."""


@dataclass(frozen=True, slots=True)
class Thanking:
    """Use cases after an answer helped; holds no state of its own."""

    begin: Begin
    read: Read
    nudge: Nudge
    clock: Clock

    async def thank(self, request_id: int, user_id: int, written: str) -> int:
        """Give everyone whose answer helped a private note, once each, and return how many it goes to.

        Raises:
            Invalid: it is empty, or too long.
            NotFound: there is no such request.
            NotAllowed: another person asked it.
            Conflict: no answer has helped yet.
        """
        words = wording.within(written, LONGEST_NOTE, "thanks.too_long", shortest=1, too_short="thanks.empty")
        async with self.begin() as work:
            request = await hold_own(work, request_id, user_id)
            helpers = _helpers(await work.help_interactions.of(request.id))
            now = self.clock.now()
            sent = [await letters.thank(work, request, part, words, now) for part in helpers]
            if any(sent):
                await limits.hold(work, request.asker_id, Deed.THANK, now)
        self.nudge()
        return sum(sent)

    async def exchange(self, request_id: int, user_id: int) -> Exchange:
        """Return what one of both people may change before they agree to keep it.

        Raises:
            NotFound: there is no such request, or nothing to keep.
            NotAllowed: this person is neither of both.
        """
        async with self.read() as work:
            request = await work.questions.get(request_id)
            if request is None:
                raise NotFound("request.unknown")
            kept = await work.kept_answers.find(request_id)
            await self._side(work, request, kept, user_id)
            if kept is None:
                return Exchange(request.id, request.text, "", request.thread_id)
            return Exchange(request.id, kept.question, kept.answer, request.thread_id)

    async def keep(self, request_id: int, user_id: int, written_question: str, written_answer: str) -> bool:
        """Agree to keep an exchange in these words, and ask the other to; returns whether both agree by now.

        A changed word needs the other's yes again.

        Raises:
            Invalid: the request or the answer is too short or too long.
            NotFound: there is no such request.
            NotAllowed: this person is neither of both.
            Conflict: no answer has helped yet, or one of both would rather not keep it.
        """
        question_text = wording.within(
            written_question, LONGEST, "ask.too_long", shortest=SHORTEST, too_short="ask.too_short"
        )
        answer = wording.within(
            written_answer, LONGEST_ANSWER, "keep.answer_too_long", shortest=1, too_short="keep.answer_empty"
        )
        async with self.begin() as work:
            request, kept, is_asker = await self._hold(work, request_id, user_id)
            now = self.clock.now()
            if kept is None or (kept.question, kept.answer) != (question_text, answer):
                helper_id = (
                    kept.helper_id if kept else _helpers(await work.help_interactions.of(request.id))[0].helper_id
                )
                await limits.hold(work, request.asker_id if is_asker else helper_id, Deed.KEEP, now)
                # Other words are another row, so that no yes to the old ones is taken for a yes to them.
                kept = await work.kept_answers.replace(
                    kept,
                    KeptAnswer(
                        request_id=request.id,
                        helper_id=helper_id,
                        question=question_text,
                        answer=answer,
                        created_at=now,
                    ),
                )
            is_news = self._agree(kept, now, is_asker=is_asker)
            is_kept = await _settle(work, request, kept, now, is_asker=is_asker, is_news=is_news)
        self.nudge()
        return is_kept

    async def agree(self, kept_id: int, user_id: int) -> bool:
        """Agree to keep an exchange as it was shown; returns whether both agree by now. Twice is once.

        Raises:
            NotFound: there is nothing to agree to, or the words were changed since.
            NotAllowed: this person is neither of both.
            Conflict: one of both would rather not keep it.
        """
        async with self.begin() as work:
            request_id = await work.kept_answers.request_of(kept_id)
            if request_id is None:
                raise NotFound("keep.unknown")
            request, kept, is_asker = await self._hold(work, request_id, user_id)
            if kept is None or kept.id != kept_id:
                raise NotFound("keep.unknown")
            now = self.clock.now()
            is_news = self._agree(kept, now, is_asker=is_asker)
            is_kept = await _settle(work, request, kept, now, is_asker=is_asker, is_news=is_news)
        self.nudge()
        return is_kept

    async def decline(self, request_id: int, user_id: int) -> None:
        """Rather not keep an exchange: its words go at once, also where both had agreed. Twice is once.

        Raises:
            NotFound: there is no such request.
            NotAllowed: this person is neither of both.
        """
        async with self.begin() as work:
            request = await work.requests.hold(request_id)
            kept = await work.kept_answers.find(request_id)
            if request is None or kept is None:
                raise NotFound("keep.unknown")
            await self._side(work, request, kept, user_id)
            kept.question = kept.answer = ""
            kept.asker_agreed_at = kept.helper_agreed_at = None
            kept.declined_at = kept.declined_at or self.clock.now()

    async def _hold(self, work: UnitOfWork, request_id: int, user_id: int) -> tuple[Request, KeptAnswer | None, bool]:
        request = await work.requests.hold(request_id)
        if not isinstance(request, Question):
            # What is said about a draft stays between its author and its readers.
            raise NotFound("request.unknown")
        await work.lock(request.guild_id)
        kept = await work.kept_answers.find(request_id)
        is_asker = await self._side(work, request, kept, user_id)
        if kept is not None and kept.declined_at is not None:
            raise Conflict("keep.declined")
        return request, kept, is_asker

    async def _side(self, work: ReadingWork, request: Request, kept: KeptAnswer | None, user_id: int) -> bool:
        """Tell whether this is the asker, as against the helper."""
        member = await work.members.find(request.guild_id, user_id)
        if member is not None and member.id == request.asker_id:
            return True
        if member is None or kept is None or kept.helper_id != member.id:
            raise NotAllowed("keep.not_yours")
        return False

    def _agree(self, kept: KeptAnswer, now: datetime, *, is_asker: bool) -> bool:
        """Note a yes, and return whether it is news."""
        before = kept.asker_agreed_at if is_asker else kept.helper_agreed_at
        if is_asker:
            kept.asker_agreed_at = before or now
        else:
            kept.helper_agreed_at = before or now
        return before is None


def _helpers(parts: Sequence[HelpInteraction]) -> list[HelpInteraction]:
    """Return whose answers helped, the first of them first."""
    helped = [part for part in parts if part.outcome == Outcome.HELPED and part.answered_at is not None]
    if not helped:
        raise Conflict("thanks.nobody")
    return helped


async def _settle(
    work: UnitOfWork, request: Request, kept: KeptAnswer, now: datetime, *, is_asker: bool, is_news: bool
) -> bool:
    """Ask the one who hasn't agreed to these words; returns whether both have."""
    await work.flush()
    if kept.asker_agreed_at is not None and kept.helper_agreed_at is not None:
        if is_news and request.state == RequestState.RESOLVED:
            work.facts.add("kept", request, now)
        return True
    other = kept.helper_id if is_asker else request.asker_id
    await letters.ask_to_keep(work, request, other, now)
    return False
