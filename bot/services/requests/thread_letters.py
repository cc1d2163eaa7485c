"""What is said in a question's thread, beginning with the thread itself, and lines about it to one person."""

from datetime import datetime
from typing import ClassVar

from bot.domain.lifecycle import CloseReason, RequestState, Visibility
from bot.services.outbox.describing import Concerned, Description, no_pairs
from bot.services.ports import CROWDED, PLACE, TAGS, WORDS
from bot.services.requests import letters
from bot.services.requests.about_question import AskersLetter, QuestionLetter, question_of, shown
from bot.services.requests.closing import close, is_moderated
from bot.services.requests.contents import HiddenReply, Notice, Post, PutAway, QuestionNotice, Refreshed
from bot.services.requests.letters import RequestLetter
from bot.store.unit_of_work import UnitOfWork
from models import OutboxLetter, Request

NOT_POSTED = {
    CROWDED: "thread.not_posted_crowded",
    PLACE: "thread.not_posted_place",
    WORDS: "thread.not_posted_words",
    TAGS: "thread.not_posted_tags",
}
"""What an asker reads whose question can't be posted, by reason; any other is a channel out of reach."""
SAID_IN_PRIVATE = {"asker.put_away", "asker.thread_gone", "claim.over", "keep.over"}
"""Lines for one person's eyes: in the thread they would open what a person closed, or tell what only two know."""


class PostLetter(AskersLetter):
    """The message that opens a question's thread."""

    kind = RequestLetter.POST
    contents = (Post,)
    opens_thread: ClassVar[bool] = True
    pairs = no_pairs

    async def about(self, work: UnitOfWork, row: OutboxLetter, question: Request) -> Post:
        """Return the question."""
        return Post(*await shown(work, row, question))

    async def is_over(self, work: UnitOfWork, row: OutboxLetter, question: Request, now: datetime) -> bool:
        """Tell whether the question is over before it was posted."""
        return question.state in {RequestState.CLOSED, RequestState.RESOLVED}

    async def channel(self, work: UnitOfWork, row: OutboxLetter) -> int | None:
        """Return the channel in which the thread is to be."""
        return await self.home(work, row)

    async def when_sent(self, work: UnitOfWork, row: OutboxLetter, now: datetime) -> None:
        """Note where the thread is."""
        question = await work.requests.hold(row.request_id) if row.request_id else None
        if question is not None:
            question.thread_id, question.post_id = row.channel_id, row.message_id
            if question.close_reason == CloseReason.WITHDRAWN:
                await letters.refresh_post(work, question, now)

    async def when_lost(
        self, work: UnitOfWork, row: OutboxLetter, question: Request, reason: str, now: datetime
    ) -> int | None:
        """Close what can't be posted, and tell its asker why."""
        if question.state != RequestState.CLOSED:
            await close(work, question, CloseReason.NOT_POSTED, now)
            text = NOT_POSTED.get(reason, "thread.not_posted")
            await letters.tell_member(work, question, question.asker_id, text, now)
        return None


class RefreshLetter(QuestionLetter):
    """The same message, brought in line with how the question stands."""

    kind = RequestLetter.REFRESH
    contents = (Refreshed,)
    pairs = no_pairs

    async def about(self, work: UnitOfWork, row: OutboxLetter, question: Request) -> Refreshed:
        """Return the question."""
        return Refreshed(*await shown(work, row, question))


class NoticeLetter(QuestionLetter):
    """A line of the catalogue: in a thread, or to one person, also about what is no question."""

    kind = RequestLetter.NOTICE
    contents = (Notice, QuestionNotice)
    pairs = no_pairs

    async def about(self, work: UnitOfWork, row: OutboxLetter, question: Request) -> QuestionNotice:
        """Return the line, and the question that it is about."""
        return QuestionNotice(*await shown(work, row, question), row.text or "", row.params)

    async def content(self, work: UnitOfWork, row: OutboxLetter, now: datetime) -> object | None:
        """Return the line."""
        return Notice(row.text or "", row.params) if row.request_id is None else await super().content(work, row, now)

    async def is_moot(self, work: UnitOfWork, row: OutboxLetter, now: datetime) -> bool:
        """Tell whether the question that it is about has moved on."""
        return row.request_id is not None and await super().is_moot(work, row, now)

    async def is_over(self, work: UnitOfWork, row: OutboxLetter, question: Request, now: datetime) -> bool:
        """Tell whether it is untrue by now, or would open a thread that was put away."""
        if row.text == "thread.closed_by_asker" and question.state != RequestState.CLOSED:
            return True
        is_put_away = row.member_id is None and question.state == RequestState.ARCHIVED
        return is_put_away or await super().is_over(work, row, question, now)

    async def channel(self, work: UnitOfWork, row: OutboxLetter) -> int | None:
        """Return the thread."""
        return await (Description if row.request_id is None else QuestionLetter).channel(self, work, row)

    async def may_be_public(self, work: UnitOfWork, row: OutboxLetter) -> bool:
        """Tell whether a line to one person may be said in the thread instead."""
        return row.text not in SAID_IN_PRIVATE and await super().may_be_public(work, row)

    async def guest(self, work: UnitOfWork, row: OutboxLetter) -> int | None:
        """Return also the helper, where a line in a private thread is about one."""
        question, helper = await question_of(work, row), row.params.get("helper")
        if question is None or row.member_id is not None or helper is None:
            return await super().guest(work, row)
        return int(helper) if Visibility(question.visibility).is_private else None

    async def concerned(self, work: UnitOfWork, row: OutboxLetter) -> Concerned:
        """Return also the helper, where a line in a thread is about one."""
        found = await super().concerned(work, row)
        if row.request_id is not None and row.member_id is None and "helper" in row.params:
            helper = await work.members.find(row.guild_id, int(row.params["helper"]))
            found.free |= {helper.id} if helper else set()
        return found


class PutAwayLetter(QuestionLetter):
    """The line with which a thread is put away."""

    kind = RequestLetter.ARCHIVE
    contents = (PutAway,)
    pairs = no_pairs

    async def about(self, work: UnitOfWork, row: OutboxLetter, question: Request) -> PutAway:
        """Return the question."""
        return PutAway(*await shown(work, row, question))

    async def is_over(self, work: UnitOfWork, row: OutboxLetter, question: Request, now: datetime) -> bool:
        """Tell whether the question was opened again, or has no thread."""
        return question.state != RequestState.ARCHIVED or question.thread_id is None


class ReplyLetter(AskersLetter):
    """What an asker says in the thread without their name."""

    kind = RequestLetter.REPLY
    contents = (HiddenReply,)
    pairs = no_pairs

    async def about(self, work: UnitOfWork, row: OutboxLetter, question: Request) -> HiddenReply:
        """Return their words."""
        return HiddenReply(*await shown(work, row, question), str(row.params.get("words", "")))

    async def is_over(self, work: UnitOfWork, row: OutboxLetter, question: Request, now: datetime) -> bool:
        """Tell whether a moderator closed the question, or its thread is gone."""
        return is_moderated(question) or await super().is_over(work, row, question, now)


DESCRIPTIONS: tuple[Description, ...] = (PostLetter(), RefreshLetter(), NoticeLetter(), PutAwayLetter(), ReplyLetter())
