"""What holds for every letter about a question, where its kind says nothing else."""

from abc import abstractmethod
from datetime import datetime

from bot.domain.lifecycle import Visibility
from bot.services.outbox.describing import Concerned, Description
from bot.services.ports import LOCKED
from bot.services.requests.closing import lock
from bot.services.requests.unmasking import is_hidden
from bot.services.requests.views import request_view
from bot.services.results import RequestView
from bot.store.unit_of_work import UnitOfWork
from models import OutboxLetter, Request


class QuestionLetter(Description):
    """A letter about a question: to its asker, to a helper, or into its thread."""

    @abstractmethod
    async def about(self, work: UnitOfWork, row: OutboxLetter, question: Request) -> object | None:
        """Return what the words are made of; None where there is nothing to say any more."""

    async def is_over(self, work: UnitOfWork, row: OutboxLetter, question: Request, now: datetime) -> bool:
        """Tell whether the question has moved on from what the letter says about it."""
        # A line for a thread follows its post, so where there is no thread by now it was deleted.
        return row.member_id is None and question.thread_id is None

    async def when_lost(
        self, work: UnitOfWork, row: OutboxLetter, question: Request, reason: str, now: datetime
    ) -> int | None:
        """Draw the consequences for a question that is held; returns its id if a seat became free."""
        return None

    async def content(self, work: UnitOfWork, row: OutboxLetter, now: datetime) -> object | None:
        """Return what the words are made of."""
        question = await question_of(work, row)
        return await self.about(work, row, question) if question is not None else None

    async def is_moot(self, work: UnitOfWork, row: OutboxLetter, now: datetime) -> bool:
        """Tell whether the question is gone, or has moved on."""
        question = await question_of(work, row)
        return question is None or await self.is_over(work, row, question, now)

    async def channel(self, work: UnitOfWork, row: OutboxLetter) -> int | None:
        """Return the question's thread."""
        question = await question_of(work, row)
        return question.thread_id if question else None

    async def may_be_public(self, work: UnitOfWork, row: OutboxLetter) -> bool:
        """Tell whether a letter to one person may be said in the thread instead.

        Nothing private is, nor what is for a hidden asker. In a private thread only its asker is spoken to: to let
        another person in tells that they were asked.
        """
        question = await question_of(work, row)
        if question is None or self.is_private or is_to_hidden(row, question):
            return False
        return not Visibility(question.visibility).is_private or row.member_id == question.asker_id

    async def prefers_channel(self, work: UnitOfWork, row: OutboxLetter) -> bool:
        """Tell whether there is a thread in which it may be said."""
        question = await question_of(work, row)
        return question is not None and question.thread_id is not None and await self.may_be_public(work, row)

    async def guest(self, work: UnitOfWork, row: OutboxLetter) -> int | None:
        """Return its asker, if they are to read it in their private thread."""
        question = await question_of(work, row)
        if question is None or is_hidden(question) or row.member_id != question.asker_id:
            return None
        if not Visibility(question.visibility).is_private:
            return None
        asker = await work.members.get(question.asker_id)
        return asker.user_id if asker else None

    async def home(self, work: UnitOfWork, row: OutboxLetter) -> int | None:
        """Return the channel for threads like the question's."""
        question, settings = await question_of(work, row), await work.guilds.settings(row.guild_id)
        if question is None or settings is None:
            return None
        is_private = Visibility(question.visibility).is_private
        return (settings.private_channel_id if is_private else None) or settings.help_channel_id

    async def concerned(self, work: UnitOfWork, row: OutboxLetter) -> Concerned:
        """Return its addressee, and whether the words may tell who asked."""
        found, question = await super().concerned(work, row), await question_of(work, row)
        found.is_secret = question is not None and is_hidden(question)
        return found

    async def when_given_up(self, work: UnitOfWork, row: OutboxLetter, reason: str, now: datetime) -> int | None:
        """Close a question whose thread was locked, and draw the consequences of the kind."""
        question = await work.requests.hold(row.request_id) if row.request_id else None
        if question is None:
            return None
        if reason == LOCKED:
            await lock(work, question, now)
        return await self.when_lost(work, row, question, reason, now)


class AskersLetter(QuestionLetter):
    """A letter in the words, or in the name, of the person who asked."""

    async def concerned(self, work: UnitOfWork, row: OutboxLetter) -> Concerned:
        """Return also who asked."""
        found, question = await super().concerned(work, row), await question_of(work, row)
        found.free |= {question.asker_id} if question else set()
        return found


async def question_of(work: UnitOfWork, row: OutboxLetter) -> Request | None:
    """Return the question that a letter is about."""
    return await work.requests.get(row.request_id) if row.request_id else None


async def shown(work: UnitOfWork, row: OutboxLetter, question: Request) -> tuple[RequestView, bool]:
    """Return what every letter about a question is made of: the question, and whether it goes to a hidden asker."""
    return await request_view(work, question), is_to_hidden(row, question)


def is_to_hidden(row: OutboxLetter, question: Request) -> bool:
    """Tell whether a letter goes to the asker about what they asked without their name."""
    return is_hidden(question) and row.member_id == question.asker_id
