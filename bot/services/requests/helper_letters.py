"""What helpers read: that they are asked, a reminder, thanks, and a wish to keep their words."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from bot.domain import lifecycle
from bot.domain.hours import after_awake
from bot.domain.lifecycle import InvitationState, RequestState, Urgency, Visibility
from bot.domain.policy import Policy
from bot.services.outbox.describing import Concerned, Description, Pairs, news_channel, no_pairs
from bot.services.requests import letters
from bot.services.requests.about_question import AskersLetter, QuestionLetter, question_of, shown
from bot.services.requests.contents import BeingAsked, Reminded, Silence, Thanks, ToKeep
from bot.services.requests.kinds import numbers_of, readers
from bot.services.requests.letters import RequestLetter
from bot.services.requests.places import in_time, is_too_late
from bot.services.requests.views import pause_of, reason_of
from bot.services.results import Exchange
from bot.store.statements import LEARNED
from bot.store.unit_of_work import UnitOfWork
from models import Invitation, OutboxLetter, Request

LATE = timedelta(minutes=1)
"""From this long on, the time an addressee has to answer begins when they could read it."""


@dataclass(frozen=True)
class InvitationLetter(AskersLetter):
    """What asks one person, for a reason and perhaps in another one's name."""

    kind = RequestLetter.INVITATION
    contents = (BeingAsked,)
    leaves_nights_alone: ClassVar[bool] = True
    goes_to_the_next: ClassVar[bool] = True

    numbers: Policy

    async def about(self, work: UnitOfWork, row: OutboxLetter, question: Request) -> BeingAsked | None:
        """Return why they are asked."""
        invitation = await _invitation_of(work, row)
        if invitation is None:
            return None
        reason = await reason_of(work, invitation)
        referrer = await work.members.get(invitation.referrer_id) if invitation.referrer_id else None
        return BeingAsked(
            *await shown(work, row, question),
            invitation.id,
            reason.text if reason else None,
            is_learned=reason is not None and reason.source == LEARNED,
            referrer_user_id=referrer.user_id if referrer else None,
            is_again=invitation.round > 1 and await _has_answered(work, invitation),
        )

    async def is_over(self, work: UnitOfWork, row: OutboxLetter, question: Request, now: datetime) -> bool:
        """Tell whether they aren't asked any more, or it was needed by now."""
        invitation = await _invitation_of(work, row)
        return invitation is None or invitation.state != InvitationState.ASKED or is_too_late(question, now)

    async def is_unwelcome(self, work: UnitOfWork, row: OutboxLetter, now: datetime) -> bool:
        """Tell whether they paused, stopped helping, or helping with what is of its kind, or left."""
        invitation, question = await _invitation_of(work, row), await question_of(work, row)
        member = await work.members.get(invitation.member_id) if invitation else None
        if member is None or question is None:
            return False
        if not member.is_helper or member.left_at is not None or pause_of(member, now).is_paused:
            return True
        return member.id not in (await readers(work, [question])).get(question.id, {member.id})

    async def pairs(self, work: UnitOfWork, row: OutboxLetter) -> Pairs:
        """Put a helper before who asked, and before who named them."""
        return await _asked_by(work, row)

    async def channel(self, work: UnitOfWork, row: OutboxLetter) -> int | None:
        """Return the thread; where that is private, others read only that there is news."""
        if await _has_private_thread(work, row):
            return await news_channel(work, row.guild_id)
        return await super().channel(work, row)

    async def may_be_public(self, work: UnitOfWork, row: OutboxLetter) -> bool:
        """Tell whether others may read it; that there is news, they always may."""
        return await _has_private_thread(work, row) or await super().may_be_public(work, row)

    async def concerned(self, work: UnitOfWork, row: OutboxLetter) -> Concerned:
        """Return also who asked, and who named them."""
        found, invitation = await super().concerned(work, row), await _invitation_of(work, row)
        found.there |= {invitation.referrer_id} if invitation and invitation.referrer_id else set()
        return found

    async def when_sent(self, work: UnitOfWork, row: OutboxLetter, now: datetime) -> None:
        """Let them have been asked when they could read it: Discord may have been out of order meanwhile."""
        invitation = await _invitation_of(work, row)
        if invitation is None or invitation.expires_at is None or now - invitation.created_at < LATE:
            return
        question = await work.requests.hold(invitation.request_id)
        await work.refresh(invitation)
        member = await work.members.get(invitation.member_id)
        if question is not None and member is not None and invitation.state == InvitationState.ASKED:
            invitation.created_at = now
            wait = numbers_of(self.numbers, question, now).wait(Urgency(question.urgency), invitation.wave)
            until = after_awake(now, wait, member.zone, member.begins, member.ends)
            invitation.expires_at = in_time(question, until)

    async def when_lost(
        self, work: UnitOfWork, row: OutboxLetter, question: Request, reason: str, now: datetime
    ) -> int | None:
        """Ask the next person."""
        invitation = await _invitation_of(work, row)
        if invitation is None or invitation.state != InvitationState.ASKED:
            return None
        invitation.state, invitation.decided_at = InvitationState.UNDELIVERED, now
        question.next_look_at = now
        work.facts.add("undelivered", question, now, invitation.member_id)
        return question.id


@dataclass(frozen=True)
class NudgeLetter(QuestionLetter):
    """A kind reminder of a question that a person took."""

    kind = RequestLetter.NUDGE
    contents = (Reminded,)
    is_private: ClassVar[bool] = True
    leaves_nights_alone: ClassVar[bool] = True

    numbers: Policy

    async def about(self, work: UnitOfWork, row: OutboxLetter, question: Request) -> Reminded:
        """Return the question."""
        return Reminded(*await shown(work, row, question), row.invitation_id or 0)

    async def is_over(self, work: UnitOfWork, row: OutboxLetter, question: Request, now: datetime) -> bool:
        """Tell whether they gave it back, took it again, or there is an answer."""
        invitation = await _invitation_of(work, row)
        return invitation is None or not _needs_reminder(question, invitation, self.numbers, now)

    async def pairs(self, work: UnitOfWork, row: OutboxLetter) -> Pairs:
        """Put a helper before who asked."""
        pairs, question = await _asked_by(work, row), await question_of(work, row)
        if question is None or not Visibility(question.visibility).is_hidden:
            return pairs
        # A reminder is expected at a known hour: if a helper's own block kept it back, blocks would tell who asked.
        kept_away = {each.id for each in await work.blocks.of(question.asker_id)}
        return {(helper, asker) for helper, asker in pairs if helper in kept_away}

    async def concerned(self, work: UnitOfWork, row: OutboxLetter) -> Concerned:
        """Return also who asked."""
        found, question = await super().concerned(work, row), await question_of(work, row)
        found.there |= {question.asker_id} if question else set()
        return found


class SilenceLetter(Description):
    """A kind word to a person who isn't asked any more, after some silences."""

    kind = RequestLetter.SILENCE
    contents = (Silence,)
    is_private: ClassVar[bool] = True
    leaves_nights_alone: ClassVar[bool] = True
    pairs = no_pairs

    async def content(self, work: UnitOfWork, row: OutboxLetter, now: datetime) -> Silence:
        """Return who it is."""
        return Silence(row.member_id or 0)

    async def is_moot(self, work: UnitOfWork, row: OutboxLetter, now: datetime) -> bool:
        """Tell whether they are asked again."""
        member = await work.members.get(row.member_id) if row.member_id else None
        return member is None or member.paused_at is None


class ThanksLetter(QuestionLetter):
    """An asker's private note to a helper, or the same note on its way back."""

    kind = RequestLetter.THANKS
    contents = (Thanks,)
    is_private: ClassVar[bool] = True

    async def about(self, work: UnitOfWork, row: OutboxLetter, question: Request) -> Thanks:
        """Return the note."""
        words, helper = str(row.params.get("words", "")), int(row.params.get("helper", 0))
        return Thanks(*await shown(work, row, question), words, None if letters.is_note(row) else helper)

    async def pairs(self, work: UnitOfWork, row: OutboxLetter) -> Pairs:
        """Put a helper before who asked, in both directions."""
        question = await question_of(work, row)
        if question is None or row.member_id is None:
            return set()
        if row.member_id != question.asker_id:
            return {(row.member_id, question.asker_id)}
        helper = await work.members.find(row.guild_id, int(row.params.get("helper", 0)))
        return {(question.asker_id, helper.id)} if helper is not None else set()

    async def concerned(self, work: UnitOfWork, row: OutboxLetter) -> Concerned:
        """Return also who wrote a note."""
        found, question = await super().concerned(work, row), await question_of(work, row)
        found.free |= {question.asker_id} if question and letters.is_note(row) else set()
        return found

    async def when_unheard(self, work: UnitOfWork, row: OutboxLetter, now: datetime) -> None:
        """Give its author back a note that wasn't delivered; where that can't be said in private either, it isn't."""
        question = await question_of(work, row)
        if letters.is_note(row) and question is not None:
            await letters.return_thanks(work, question, row, now)


class KeepLetter(QuestionLetter):
    """The question to one of two people whether their words may be kept for others."""

    kind = RequestLetter.KEEP
    contents = (ToKeep,)
    is_private: ClassVar[bool] = True

    async def about(self, work: UnitOfWork, row: OutboxLetter, question: Request) -> ToKeep | None:
        """Return what is to be kept, or None where there is nothing to agree to any more."""
        kept = await work.kept_answers.find(question.id)
        if kept is None or kept.declined_at is not None:
            return None
        if kept.asker_agreed_at if row.member_id == question.asker_id else kept.helper_agreed_at:
            return None
        exchange = Exchange(question.id, kept.question, kept.answer, question.thread_id, kept.id)
        return ToKeep(*await shown(work, row, question), exchange)

    async def pairs(self, work: UnitOfWork, row: OutboxLetter) -> Pairs:
        """Put a helper before who asked."""
        question = await question_of(work, row)
        kept = await work.kept_answers.find(question.id) if question else None
        return {(kept.helper_id, question.asker_id)} if kept is not None and question is not None else set()

    async def concerned(self, work: UnitOfWork, row: OutboxLetter) -> Concerned:
        """Return both people whose words they are."""
        found = await super().concerned(work, row)
        for helper_id, asker_id in await self.pairs(work, row):
            found.free |= {helper_id, asker_id}
        return found


def descriptions(numbers: Policy) -> tuple[Description, ...]:
    """Return what this page describes, where two kinds go by the policy."""
    return InvitationLetter(numbers), NudgeLetter(numbers), SilenceLetter(), ThanksLetter(), KeepLetter()


def _needs_reminder(question: Request, invitation: Invitation, numbers: Policy, now: datetime) -> bool:
    """Tell whether a claim has stood long enough, on a question that no one has answered yet and is still of use."""
    has_claim = invitation.state == InvitationState.TAKEN and invitation.expires_at is not None
    if not has_claim or invitation.decided_at is None or is_too_late(question, now):
        return False
    # A claim that was given back and taken again has a later reminder of its own.
    since = invitation.decided_at
    is_old = now >= since + numbers_of(numbers, question, since).nudged_after
    return is_old and lifecycle.is_open(RequestState(question.state))


async def _invitation_of(work: UnitOfWork, row: OutboxLetter) -> Invitation | None:
    return await work.invitations.get(row.invitation_id) if row.invitation_id else None


async def _has_answered(work: UnitOfWork, invitation: Invitation) -> bool:
    parts = await work.help_interactions.of(invitation.request_id)
    return any(part.helper_id == invitation.member_id and part.answered_at for part in parts)


async def _has_private_thread(work: UnitOfWork, row: OutboxLetter) -> bool:
    question = await question_of(work, row)
    return question is not None and Visibility(question.visibility).is_private


async def _asked_by(work: UnitOfWork, row: OutboxLetter) -> Pairs:
    invitation = await _invitation_of(work, row)
    question = await work.requests.get(invitation.request_id) if invitation else None
    if invitation is None or question is None:
        return set()
    others = {question.asker_id, invitation.referrer_id or question.asker_id}
    return {(invitation.member_id, other) for other in others}
