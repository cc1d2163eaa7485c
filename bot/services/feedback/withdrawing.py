"""Withdrawing: a draft goes with everything that was kept and shown of it, as far as the bot can reach."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.clock import Clock
from bot.domain import lifecycle
from bot.domain.lifecycle import Act, CloseReason, InvitationState, RequestState
from bot.services.feedback.holding import hold_own_draft
from bot.services.feedback.letters import (
    SHOWS_AUTHOR,
    SHOWS_DRAFT,
    SHOWS_FEEDBACK,
    FeedbackLetter,
    answers_of,
    feedback_key,
)
from bot.services.outbox.removing import take_back, take_back_lost
from bot.services.ports import Begin, Nudge
from bot.services.requests import letters
from bot.services.requests.closing import withdraw
from bot.services.requests.inviting import Inviting
from bot.services.requests.letters import OPENS_THREAD
from bot.services.routing.community import news_of
from bot.store.unit_of_work import UnitOfWork
from models import Draft


@dataclass(frozen=True, slots=True)
class Withdrawing:
    """Use cases around drafts that their authors take back."""

    begin: Begin
    inviting: Inviting
    nudge: Nudge
    clock: Clock

    async def withdraw(self, draft_id: int, user_id: int) -> None:
        """Take a draft back, wherever it stands; twice is once.

        Raises:
            NotFound: there is no such draft.
            NotAllowed: another person wrote it.
        """
        async with self.begin() as work:
            draft = await hold_own_draft(work, draft_id, user_id)
            await withdraw_draft(work, draft, self.clock.now())
            news = await news_of(work, draft, await work.help_interactions.concerned(draft_id))
        news.tell(self.inviting.router)
        self.nudge()


async def take_back_theirs(work: UnitOfWork, member_ids: Sequence[int], now: datetime) -> None:
    """Take back from Discord what these people wrote about drafts, before all that is kept of them is erased."""
    await take_back_lost(work, await work.said.by_authors(member_ids, SHOWS_AUTHOR), now)
    posts = await work.said.by_authors(member_ids, OPENS_THREAD)
    await take_back_lost(work, posts, now, "draft.withdrawn_title")
    given = set(map(feedback_key, await work.feedback.by_readers(member_ids)))
    answers = tuple(map(answers_of, member_ids))
    for letter in await work.said.to_readers(member_ids, SHOWS_FEEDBACK):
        is_theirs = letter.key in given or letter.member_id in member_ids or letter.key.startswith(answers)
        if is_theirs or letter.kind == FeedbackLetter.JOINT:
            await take_back_lost(work, [letter], now)
    await work.feedback.forget_notes(member_ids)


async def withdraw_draft(work: UnitOfWork, draft: Draft, now: datetime) -> None:
    """Take a draft back inside the caller's transaction, and tell those who are reading it; twice is once.

    Its words, its file, and feedback that its author hasn't read are gone with the transaction. The bot's messages
    follow, as soon as Discord lets it delete them.
    """
    if draft.close_reason == CloseReason.WITHDRAWN:
        return
    is_over = draft.state in {RequestState.CLOSED, RequestState.RESOLVED}
    for invitation in await work.invitations.of(draft.id):
        if invitation.state == InvitationState.TAKEN and invitation.round == draft.round and not is_over:
            occasion = f"{draft.id}:{invitation.member_id}"
            await letters.tell_member(work, draft, invitation.member_id, "feedback.withdrawn.reader", now, occasion)
    draft.state = lifecycle.after(Act.WITHDRAW, RequestState(draft.state))
    draft.close_reason = CloseReason.WITHDRAWN
    draft.next_look_at = None
    await withdraw(work, draft, now)
    await take_back(work, await work.said.about(draft.id, SHOWS_DRAFT), now)
    await work.drafts.forget_words(draft)
    await work.flush()
    await letters.refresh_post(work, draft, now)
    work.facts.add("closed", draft, now)
