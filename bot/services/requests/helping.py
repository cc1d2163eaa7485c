"""Helping: taking or passing an invitation, the first answer, and how it went."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from bot.clock import Clock
from bot.domain import lifecycle, threads
from bot.domain.hours import next_awake
from bot.domain.lifecycle import Act, InvitationState, Outcome, RequestState
from bot.domain.limits import Deed
from bot.domain.threads import Shut
from bot.domain.wording import text_hash
from bot.errors import Conflict
from bot.routing.ports import Answered
from bot.services import limits
from bot.services.ports import Begin, Messenger, Nudge, Read, TryLater, Undeliverable
from bot.services.requests import letters
from bot.services.requests.closing import lock, lose_thread, shut_away, withdraw
from bot.services.requests.holding import hold_going_on, hold_invitation, hold_own, invited
from bot.services.requests.inviting import Inviting, heard_from
from bot.services.requests.kinds import kind_of
from bot.services.requests.reopening import reopen, want_more
from bot.services.requests.unmasking import hear, is_hidden, missed_in, unmasks
from bot.services.requests.views import reason_of, request_view
from bot.services.results import Answer, RequestView, Resolved
from bot.services.routing.community import News, news_of
from bot.store.requests import ThreadToRead
from bot.store.statements import LEARNED
from bot.store.unit_of_work import ReadingWork, UnitOfWork
from models import HelpInteraction, Invitation, Member, Request, Statement


@dataclass(frozen=True, slots=True)
class Helping:
    """Use cases around helping; holds no state of its own."""

    begin: Begin
    read: Read
    inviting: Inviting
    messenger: Messenger
    nudge: Nudge
    clock: Clock

    async def take(self, invitation_id: int, user_id: int) -> RequestView:
        """Take an invitation and return its request; twice is once, and taking after passing is welcome.

        A helper who has done their part may take it again while an answer is still wanted, as after *not yet*.

        Raises:
            NotFound: there is no such invitation.
            NotAllowed: it was addressed to another person.
            Conflict: the request is over.
        """
        await self._require_thread(invitation_id)
        async with self.begin() as work:
            request, invitation = await hold_going_on(work, invitation_id, user_id)
            if _may_claim(request, invitation):
                await limits.hold(work, invitation.member_id, Deed.TAKE, self.clock.now())
                await self._take(work, request, invitation, user_id)
            view = await request_view(work, request)
            news = await news_of(work, request, [invitation.member_id])
        news.tell(self.inviting.router)
        self.nudge()
        return view

    async def _require_thread(self, invitation_id: int) -> None:
        """Notice that a request's thread is gone before a person is led there."""
        async with self.read() as work:
            invitation = await work.invitations.get(invitation_id)
            request = await work.requests.get(invitation.request_id) if invitation else None
        if request is not None and request.thread_id is not None:
            await self.look_into(ThreadToRead(request.guild_id, request.id, request.thread_id, None, self.clock.now()))

    async def pass_on(self, invitation_id: int, user_id: int) -> None:
        """Pass an invitation, free and silent; the next person is asked at once, and twice is once.

        Raises:
            NotFound: there is no such invitation.
            NotAllowed: it was addressed to another person.
            Conflict: the request is over, or this person took it before.
        """
        await self._decline(invitation_id, user_id, InvitationState.PASSED)

    async def pass_if_waiting(self, invitation_id: int, user_id: int) -> int:
        """Pass an invitation that hasn't been answered yet, leave any other as it is, and return whose it is.

        Raises:
            NotFound: there is no such invitation.
            NotAllowed: it was addressed to another person.
        """
        async with self.read() as work:
            invitation, member = await invited(work, invitation_id, user_id)
            request = await work.requests.get(invitation.request_id)
            is_over = request is None or request.state in {RequestState.CLOSED, RequestState.RESOLVED}
        if invitation.state == InvitationState.ASKED and not is_over:
            await self.pass_on(invitation_id, user_id)
        return member.id

    async def off_topic(self, invitation_id: int, user_id: int) -> str | None:
        """Pass, and note that the statement was no good reason to ask; returns that statement's words.

        It counts less from now on, until `on_topic` takes that back. Twice is once.

        Raises:
            NotFound: there is no such invitation.
            NotAllowed: it was addressed to another person.
            Conflict: the request is over, or this person took it before.
        """
        return await self._decline(invitation_id, user_id, InvitationState.OFF_TOPIC)

    async def on_topic(self, invitation_id: int, user_id: int) -> None:
        """Take back that it was no topic of theirs: it was a pass like any other. Twice is once.

        Raises:
            NotFound: there is no such invitation.
            NotAllowed: it was addressed to another person.
        """
        async with self.begin() as work:
            request, invitation = await hold_invitation(work, invitation_id, user_id)
            if invitation.state == InvitationState.OFF_TOPIC:
                await limits.hold(work, invitation.member_id, Deed.DECIDE, self.clock.now())
                invitation.state = InvitationState.PASSED
            news = await news_of(work, request, [invitation.member_id])
        news.tell(self.inviting.router)

    async def _decline(self, invitation_id: int, user_id: int, state: InvitationState) -> str | None:
        now = self.clock.now()
        async with self.begin() as work:
            request, invitation = await hold_going_on(work, invitation_id, user_id)
            if invitation.state == InvitationState.TAKEN:
                raise Conflict("invitation.taken_before")
            if invitation.state not in {state, InvitationState.OFF_TOPIC}:
                await limits.hold(work, invitation.member_id, Deed.DECIDE, now)
                await decline(work, request, invitation, state, now)
            request_id, reason = request.id, await reason_of(work, invitation)
            news = await news_of(work, request, [invitation.member_id])
        news.tell(self.inviting.router)
        await self.inviting.ask_more(request_id)
        return reason.text if reason else None

    async def notice(self, answer: Answer) -> bool:
        """Note a person's first message in a request's thread, and ask the asker how it went.

        The first since they took it again counts as well. With any writer, a request that was put away unanswered is
        open again; in one without a name, no message has another public effect than any other person's would have.
        Returns False where it is no request's thread, the asker's own message, or not such a first.
        """
        async with self.read() as work:
            found = await work.requests.find_in_thread(answer.thread_id)
            is_news = found is not None and await self._is_news(work, found, answer)
            if found is None or not (is_news or found.state == RequestState.ARCHIVED):
                return False
            request_id = found.id
        async with self.begin() as work:
            news = await self._note(work, request_id, answer)
        if news:
            news.tell(self.inviting.router)
        self.nudge()
        return news is not None and news.answer is not None

    async def look_into(self, thread: ThreadToRead) -> bool | None:
        """Note what was answered in a thread meanwhile, and whether people closed it or it is gone.

        Returns whether there was an answer; None where Discord didn't say.
        """
        try:
            answers = await missed_in(self.messenger, thread)
            standing = await self.messenger.thread(thread.thread_id)
        except TryLater:
            return None
        except Undeliverable:
            if await self._is_in_sight(thread.request_id):
                await self.thread_gone(thread.thread_id)
            return False
        has_answer = any([await self.notice(each) for each in answers])
        await self.thread_changed(standing)
        return has_answer

    async def _is_in_sight(self, request_id: int) -> bool:
        """Tell whether a thread that isn't found is gone, as against hidden from the bot, or away with an outage."""
        async with self.read() as work:
            request = await work.requests.get(request_id)
            settings = await work.guilds.settings(request.guild_id) if request else None
        if request is None or settings is None or self.messenger.is_out(request.guild_id):
            return False
        homes = {settings.help_channel_id, settings.private_channel_id} - {None}
        return all(self.messenger.sees(each) for each in homes if each is not None)

    async def thread_gone(self, thread_id: int) -> None:
        """Close the request whose thread was deleted, and lead people there no more; any other is no concern."""
        await self._end(thread_id, lose_thread)

    async def thread_changed(self, thread: threads.Thread) -> None:
        """End the request whose thread moderators locked, and put away the one whose thread a person archived.

        A person who asked it, or took it, is told in private; any other thread is no concern.
        """
        match threads.shut(thread):
            case Shut.LOCKED:
                await self._end(thread.thread_id, lock)
            case Shut.PUT_AWAY:
                await self._end(thread.thread_id, partial(shut_away, archived_at=thread.changed_at))

    async def _end(self, thread_id: int, end: Callable[[UnitOfWork, Request, datetime], Awaitable[None]]) -> None:
        async with self.begin() as work:
            found = await work.requests.find_in_thread(thread_id)
            request = await work.requests.hold(found.id) if found else None
            if request is None:
                if end in {lose_thread, lock}:
                    await work.meetings.lose_room(thread_id)
                return
            await end(work, request, self.clock.now())
            news = await news_of(work, request, ())
        news.tell(self.inviting.router)
        self.nudge()

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
            thread_id = request.thread_id
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
        return Resolved(outcome, invited, thread_id, can_thank)

    async def _take(self, work: UnitOfWork, request: Request, invitation: Invitation, user_id: int) -> None:
        now = self.clock.now()
        if request.state == RequestState.ARCHIVED:
            request.waiting_since = now
        request.state = lifecycle.after(Act.TAKE, RequestState(request.state))
        invitation.state, invitation.decided_at = InvitationState.TAKEN, now
        await self._claim(work, request, invitation, now)
        part = await work.help_interactions.ensure(request, invitation.member_id)
        part.taken_at = part.taken_at or now
        work.facts.add("taken", request, now, invitation.member_id)
        await letters.tell_taken(work, request, invitation, user_id, now)

    async def _claim(self, work: UnitOfWork, request: Request, invitation: Invitation, now: datetime) -> None:
        """Keep the request for a helper for a while, with one kind reminder in between, when they are awake."""
        numbers, member = self.inviting.numbers.of(request.type), await work.members.get(invitation.member_id)
        assert member is not None, "an invitation can't outlive its member"  # noqa: S101
        heard_from(member)
        invitation.expires_at = now + numbers.claimed_for
        reminded_at = next_awake(now + numbers.nudged_after, member.zone, member.begins, member.ends)
        if reminded_at < invitation.expires_at:
            await letters.nudge_claim(work, request, invitation, reminded_at)

    async def _is_news(self, work: ReadingWork, request: Request, answer: Answer) -> bool:
        """Tell cheaply, before any writing, whether a message can change anything."""
        member = await work.members.find(request.guild_id, answer.user_id)
        if unmasks(request, member):
            return True
        if request.state == RequestState.CLOSED:
            return False
        if member is None or (is_hidden(request) and request.state == RequestState.ARCHIVED):
            return True
        parts = await work.help_interactions.of(request.id)
        has_answered = any(part.helper_id == member.id and part.answered_at for part in parts)
        is_news = not has_answered or await _has_taken_again(work, request, member, answer.at)
        return member.id != request.asker_id and is_news

    async def _note(self, work: UnitOfWork, request_id: int, answer: Answer) -> News | None:
        request = await work.requests.hold(request_id)
        if request is None:
            return None
        await work.lock(request.guild_id)
        helper = await work.members.ensure(request.guild_id, answer.user_id, self.clock.now())
        if unmasks(request, helper):
            await hear(work, request, answer.at, self.clock.now())
            return await news_of(work, request, ())
        if not await self._is_news(work, request, answer):
            if request.state == RequestState.ARCHIVED:
                await reopen(work, request, self.inviting.numbers, self.clock.now())
            return None
        is_first = await _is_first(work, request)
        part = await work.help_interactions.ensure(request, helper.id)
        # What was said of an earlier answer was not said of this one.
        part.answered_at, part.outcome, part.outcome_at = answer.at, None, None
        await work.flush()
        if await work.invitations.take_by_answering(request_id, helper.id, self.clock.now()):
            heard_from(helper)
        if is_first:
            work.facts.add("answered", request, answer.at, helper.id)
            await letters.ask_outcome(work, request, part, self.inviting.numbers, self.clock.now())
        request.state = lifecycle.after(Act.ANSWER, RequestState(request.state))
        await _learn(work, request, helper, answer.at)
        return await news_of(work, request, [helper.id], Answered(helper.id, answer.at))

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


async def decline(
    work: UnitOfWork, request: Request, invitation: Invitation, state: InvitationState, now: datetime
) -> None:
    """Give a person's place free in so many words; the next person is asked, also after a crash in between."""
    invitation.state, invitation.decided_at, invitation.expires_at = state, now, None
    work.facts.add(state, request, now, invitation.member_id)
    member = await work.members.get(invitation.member_id)
    if member is not None:
        heard_from(member)
    if request.state == RequestState.WAITING:
        request.next_look_at = now


async def _is_first(work: UnitOfWork, request: Request) -> bool:
    """Tell whether the asker is to hear of an answer: they wait for one, or only they themselves have written."""
    if lifecycle.awaits_answer(RequestState(request.state)):
        return True
    parts = await work.help_interactions.of(request.id)
    is_heard = any(part.answered_at and part.outcome is None for part in parts)
    return request.state == RequestState.ANSWERED and not is_heard


async def _has_helped(work: UnitOfWork, request: Request, helper_id: int, now: datetime) -> None:
    part = await work.help_interactions.ensure(request, helper_id)
    part.answered_at = part.answered_at or now
    await work.flush()


def _may_claim(request: Request, invitation: Invitation) -> bool:
    """Tell whether taking changes anything: they haven't taken it, or have no claim while an answer is wanted."""
    is_wanted = lifecycle.awaits_answer(RequestState(request.state))
    return invitation.state != InvitationState.TAKEN or (invitation.expires_at is None and is_wanted)


async def _has_taken_again(work: ReadingWork, request: Request, member: Member, at: datetime) -> bool:
    """Tell whether a person who answered before had a claim again when they wrote; an answer ends a claim."""
    invitations = await work.invitations.of(request.id)
    claims = [each for each in invitations if each.member_id == member.id and each.expires_at is not None]
    return any(each.state == InvitationState.TAKEN and each.decided_at and each.decided_at <= at for each in claims)


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


async def _learn(work: UnitOfWork, request: Request, helper: Member, at: datetime) -> None:
    """Keep a request as something its helper knows about, with their consent; the sweep encodes it."""
    lesson = kind_of(request).lesson(request)
    if lesson is None or not helper.learns_from_help:
        return
    key = text_hash(lesson)
    if all(each.text_hash != key for each in await work.statements.of(helper.id)):
        learned = Statement(
            member_id=helper.id, text=lesson, text_hash=key, added_at=at, source=LEARNED, request_id=request.id
        )
        work.statements.add_all([learned])
