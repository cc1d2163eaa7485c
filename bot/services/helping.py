"""Helping: taking or passing an invitation, the first answer, and how it went."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.clock import Clock
from bot.domain import lifecycle
from bot.domain.lifecycle import Act, CloseReason, InvitationState, Outcome, RequestState
from bot.errors import Conflict, NotAllowed, NotFound
from bot.services import letters
from bot.services.closing import close
from bot.services.inviting import Inviting
from bot.services.ports import Begin, Messenger, Nudge, TryLater, Undeliverable
from bot.services.results import Answer, QuestionView, Resolved
from bot.services.views import question_view
from bot.store.unit_of_work import UnitOfWork
from models import HelpInteraction, Invitation, Question

CATCH_UP = 200
"""Threads looked through after a start, newest first."""


@dataclass(frozen=True, slots=True)
class Helping:
    """Use cases around helping; holds no state of its own."""

    begin: Begin
    read: Begin
    inviting: Inviting
    messenger: Messenger
    nudge: Nudge
    clock: Clock

    async def take(self, invitation_id: int, user_id: int) -> QuestionView:
        """Take an invitation and return its question; twice is once, and taking after passing is welcome.

        Raises:
            NotFound: there is no such invitation.
            NotAllowed: it was addressed to somebody else.
            Conflict: the question is over.
        """
        async with self.begin() as work:
            question, invitation = await _hold(work, invitation_id, user_id)
            if invitation.state != InvitationState.TAKEN:
                await self._take(work, question, invitation, user_id)
            view = await question_view(work, question)
        self.nudge()
        return view

    async def pass_on(self, invitation_id: int, user_id: int) -> None:
        """Pass an invitation, free and silent; the next person is asked at once, and twice is once.

        Raises:
            NotFound: there is no such invitation.
            NotAllowed: it was addressed to somebody else.
            Conflict: the question is over, or this person took it before.
        """
        async with self.begin() as work:
            question, invitation = await _hold(work, invitation_id, user_id)
            if invitation.state == InvitationState.TAKEN:
                raise Conflict("invitation.taken_before")
            if invitation.state == InvitationState.ASKED:
                invitation.state, invitation.decided_at = InvitationState.PASSED, self.clock.now()
                work.events.add("passed", question, self.clock.now(), invitation.member_id)
            request_id = question.id
        await self.inviting.ask_more(request_id)

    async def notice(self, answer: Answer) -> bool:
        """Note a person's first message in a question's thread, and ask the asker how it went.

        Returns False, and changes nothing, where it is no question's thread, the asker's own message, or not the
        person's first.
        """
        async with self.read() as work:
            found = await work.questions.find_in_thread(answer.thread_id)
            if found is None or not await self._is_news(work, found, answer.user_id):
                return False
            request_id = found.id
        async with self.begin() as work:
            noted = await self._note(work, request_id, answer)
        self.nudge()
        return noted

    async def catch_up(self) -> int:
        """Look for answers given, and threads deleted, while the bot was away; returns how many had an answer."""
        async with self.read() as work:
            waiting = await work.questions.open_in_threads(CATCH_UP)
        answered = 0
        for thread_id, asker_user_id in waiting:
            try:
                answer = await self.messenger.find_answer(thread_id, asker_user_id)
            except TryLater:
                continue
            except Undeliverable:
                await self.thread_gone(thread_id)
                continue
            answered += answer is not None and await self.notice(answer)
        return answered

    async def thread_gone(self, thread_id: int) -> None:
        """Close the question whose thread was deleted; any other thread is no concern."""
        async with self.begin() as work:
            found = await work.questions.find_in_thread(thread_id)
            question = await work.questions.hold(found.id) if found else None
            if question is not None and question.state not in {RequestState.CLOSED, RequestState.RESOLVED}:
                await close(work, question, CloseReason.THREAD_GONE, self.clock.now())

    async def resolve(self, request_id: int, user_id: int, outcome: Outcome) -> Resolved:
        """Keep how it went, privately; *not yet* asks others. The same outcome twice is once.

        Raises:
            NotFound: there is no such question.
            NotAllowed: somebody else asked it.
            Conflict: it was closed.
        """
        async with self.begin() as work:
            question = await _hold_asked_by(work, request_id, user_id)
            act = Act.ASK_OTHERS if outcome is Outcome.NOT_YET else Act.RESOLVE
            state = lifecycle.after(act, RequestState(question.state))
            thread_id = question.thread_id
            if await self._keep_outcome(work, question, outcome):
                question.state = state
        invited = await self.inviting.ask_more(request_id) if outcome is Outcome.NOT_YET else 0
        return Resolved(outcome, invited, thread_id)

    async def _take(self, work: UnitOfWork, question: Question, invitation: Invitation, user_id: int) -> None:
        now = self.clock.now()
        question.state = lifecycle.after(Act.TAKE, RequestState(question.state))
        invitation.state, invitation.decided_at = InvitationState.TAKEN, now
        part = await work.help_interactions.ensure(question, invitation.member_id)
        part.taken_at = part.taken_at or now
        work.events.add("taken", question, now, invitation.member_id)
        await letters.tell_thread(work, question, "thread.taken", str(invitation.id), now, helper=user_id)

    async def _is_news(self, work: UnitOfWork, question: Question, user_id: int) -> bool:
        """Tell cheaply, before any writing, whether a message can change anything."""
        member = await work.members.find(question.guild_id, user_id)
        if question.state == RequestState.CLOSED:
            return False
        if member is None:
            return True
        parts = await work.help_interactions.of(question.id)
        has_answered = any(part.helper_id == member.id and part.answered_at for part in parts)
        return member.id != question.asker_id and not has_answered

    async def _note(self, work: UnitOfWork, request_id: int, answer: Answer) -> bool:
        question = await work.questions.hold(request_id)
        if question is None:
            return False
        await work.lock(question.guild_id)
        helper = await work.members.ensure(question.guild_id, answer.user_id, self.clock.now())
        if not await self._is_news(work, question, answer.user_id):
            return False
        part = await work.help_interactions.ensure(question, helper.id)
        part.answered_at = answer.at
        await work.flush()
        await work.invitations.take_by_answering(request_id, helper.id, self.clock.now())
        if lifecycle.is_open(RequestState(question.state)):
            work.events.add("answered", question, answer.at, helper.id)
            letters.ask_outcome(work, question, part, self.clock.now())
        question.state = lifecycle.after(Act.ANSWER, RequestState(question.state))
        return True

    async def _keep_outcome(self, work: UnitOfWork, question: Question, outcome: Outcome) -> bool:
        if await _is_already(work, question, outcome):
            return False
        now = self.clock.now()
        for part in _concerned(await work.help_interactions.of(question.id)):
            part.outcome, part.outcome_at = outcome, now
        work.events.add(outcome, question, now)
        if outcome is not Outcome.NOT_YET:
            await work.invitations.withdraw(question.id, now)
        return True


def _concerned(parts: Sequence[HelpInteraction]) -> Sequence[HelpInteraction]:
    """Return whose help an outcome is about: those who answered since the last one, else all who did or meant to."""
    helped = [part for part in parts if part.answered_at] or [part for part in parts if part.taken_at]
    return [part for part in helped if part.outcome is None] or helped


async def _is_already(work: UnitOfWork, question: Question, outcome: Outcome) -> bool:
    """Tell whether this outcome stands, so that a double-click counts once; nothing answered is *not yet* by itself."""
    if outcome is Outcome.NOT_YET:
        return question.state == RequestState.WAITING
    return question.state == RequestState.RESOLVED and await work.events.last_outcome(question.id) == outcome


async def _hold(work: UnitOfWork, invitation_id: int, user_id: int) -> tuple[Question, Invitation]:
    """Lock the invitation's question, under which everything of it changes, then read both."""
    request_id = await work.invitations.request_of(invitation_id)
    question = await work.questions.hold(request_id) if request_id else None
    invitation = await work.invitations.get(invitation_id)
    member = await work.members.get(invitation.member_id) if invitation else None
    if question is None or invitation is None or member is None:
        raise NotFound("invitation.unknown")
    if member.user_id != user_id:
        raise NotAllowed("invitation.not_yours")
    if question.state in {RequestState.CLOSED, RequestState.RESOLVED}:
        raise Conflict("request.over")
    return question, invitation


async def _hold_asked_by(work: UnitOfWork, request_id: int, user_id: int) -> Question:
    question = await work.questions.hold(request_id)
    asker = await work.members.get(question.asker_id) if question else None
    if question is None or asker is None:
        raise NotFound("request.unknown")
    if asker.user_id != user_id:
        raise NotAllowed("outcome.not_yours")
    return question
