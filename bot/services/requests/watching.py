"""Watching the threads of requests: the answers in them, and whether one was closed or is gone."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from bot.clock import Clock
from bot.domain import threads
from bot.domain.lifecycle import RequestState
from bot.domain.threads import Shut
from bot.services.ports import Begin, Messenger, Nudge, Read, TryLater, Undeliverable
from bot.services.requests.answering import count_answer, is_new_answer
from bot.services.requests.closing import lock, lose_thread, shut_away
from bot.services.requests.inviting import Inviting
from bot.services.requests.kinds import co_authors_of
from bot.services.requests.reopening import reopen
from bot.services.requests.unmasking import hear, is_hidden, missed_in, shuts_out, unmasks
from bot.services.results import Answer
from bot.services.routing.community import News, news_of
from bot.store.requests import ThreadToRead
from bot.store.unit_of_work import ReadingWork, UnitOfWork
from models import Request


@dataclass(frozen=True, slots=True)
class Watching:
    """Use cases around threads; holds no state of its own."""

    begin: Begin
    read: Read
    inviting: Inviting
    messenger: Messenger
    nudge: Nudge
    clock: Clock

    async def notice(self, answer: Answer) -> bool:
        """Note a person's first message in a request's thread, and ask the asker how it went.

        The first since they took it again counts as well. With any writer, a request that was put away unanswered is
        open again; in one without a name, no message has another public effect than any other person's would have.
        Where its asker can't read the thread, nothing typed there is an answer.
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
            answers = await missed_in(self.messenger, thread, await self._co_authors(thread.request_id))
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

    async def _co_authors(self, request_id: int) -> Collection[int]:
        async with self.read() as work:
            request = await work.requests.get(request_id)
            return await co_authors_of(work, request) if request is not None else ()

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

    async def _is_news(self, work: ReadingWork, request: Request, answer: Answer) -> bool:
        """Tell cheaply, before any writing, whether a message can change anything."""
        member = await work.members.find(request.guild_id, answer.user_id)
        if unmasks(request, member):
            return True
        if request.state == RequestState.CLOSED or shuts_out(request):
            return False
        if answer.user_id in await co_authors_of(work, request):
            return False
        if member is None or (is_hidden(request) and request.state == RequestState.ARCHIVED):
            return True
        return member.id != request.asker_id and await is_new_answer(work, request, member.id, answer.at)

    async def _note(self, work: UnitOfWork, request_id: int, answer: Answer) -> News | None:
        request = await work.requests.hold(request_id)
        if request is None:
            return None
        await work.lock(request.guild_id)
        helper = await work.members.ensure(request.guild_id, answer.user_id, self.clock.now())
        if unmasks(request, helper):
            await hear(work, request, answer.at, self.clock.now())
            if not shuts_out(request):
                return await news_of(work, request, ())
        if shuts_out(request) or not await self._is_news(work, request, answer):
            if request.state == RequestState.ARCHIVED:
                await reopen(work, request, self.inviting.numbers, self.clock.now())
            return None
        return await count_answer(work, request, helper, answer.at, self.inviting.numbers, self.clock.now())
