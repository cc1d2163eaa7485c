"""What an asker types by themselves into the thread of their request without a name: nothing may point at it.

What others can see of the request afterwards is what they would see after a stranger's message, so it counts as an
answer in public; its asker alone reads, in private, how to stay unknown.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from bot.domain import lifecycle
from bot.domain.lifecycle import Act, RequestState, Visibility
from bot.services.ports import Messenger
from bot.services.requests import letters
from bot.services.results import Answer
from bot.store.requests import ThreadToRead
from bot.store.unit_of_work import ReadingWork, UnitOfWork
from models import Member, Request

BURST = timedelta(minutes=10)
"""Messages that follow each other within this bring one word about them."""


def is_hidden(request: Request) -> bool:
    """Tell whether the asker of a request stays unknown."""
    return Visibility(request.visibility).is_hidden


def shuts_out(request: Request) -> bool:
    """Tell whether the asker can't read their own thread, so that nothing typed there is an answer to them."""
    return Visibility(request.visibility).shuts_out


def unmasks(request: Request, writer: Member | None) -> bool:
    """Tell whether an asker's message, under their name, is in the thread of what they asked without it."""
    return writer is not None and is_hidden(request) and writer.id == request.asker_id


async def hear(work: UnitOfWork, request: Request, at: datetime, now: datetime) -> None:
    """Count what a hidden asker wrote as a stranger's first message would, and tell them so in private."""
    is_first = not await work.facts.moments("answered", request.id, request.asker_id)
    may_count = request.state != RequestState.CLOSED and not shuts_out(request)
    if may_count and (is_first or request.state == RequestState.ARCHIVED):
        work.facts.add("answered", request, at, request.asker_id)
        request.state = lifecycle.after(Act.ANSWER, RequestState(request.state))
    burst = int(at.timestamp() // BURST.total_seconds())
    await letters.tell_unmasked(work, request, burst, now)


async def missed_in(messenger: Messenger, thread: ThreadToRead, co_authors: Collection[int]) -> list[Answer]:
    """Return the first message in a thread that counts; where that is its asker's, another person's first as well.

    What its asker's `co_authors` write doesn't count.

    Raises:
        Undeliverable: the thread is gone or hidden.
        TryLater: Discord is out of order, or too busy.
    """
    asker = thread.asker_user_id
    authors = {*co_authors, asker or 0}
    first = await messenger.find_answer(thread.thread_id, co_authors if thread.counts_all else authors, thread.since)
    is_own = first is not None and first.user_id == asker
    other = await messenger.find_answer(thread.thread_id, authors, thread.since) if is_own else None
    return [each for each in (first, other) if each is not None]


async def heard(work: ReadingWork, request: Request, moments: Collection[datetime]) -> datetime | None:
    """Return when a hidden asker wrote what counts, if it was at one of these moments."""
    if not is_hidden(request) or request.state != RequestState.ANSWERED:
        return None
    counted = await work.facts.moments("answered", request.id, request.asker_id)
    return next((each for each in counted if each in moments), None)


async def unhear(work: UnitOfWork, request: Request, at: datetime, instead: datetime | None, now: datetime) -> None:
    """Let what a hidden asker wrote at a moment, and deleted, never have counted, or what they wrote later `instead`.

    As after a stranger's only answer that is gone, the request waits again.
    """
    await work.facts.take_back(request.id, "answered", at)
    if instead is not None:
        work.facts.add("answered", request, instead, request.asker_id)
    elif not await is_answered(work, request):
        request.state, request.next_look_at = lifecycle.after(Act.ASK_OTHERS, RequestState(request.state)), now


async def is_answered(work: UnitOfWork, request: Request) -> bool:
    """Tell whether there is a message that counts as an answer, also as a hidden asker's own does."""
    if any(part.answered_at for part in await work.help_interactions.of(request.id)):
        return True
    return is_hidden(request) and bool(await work.facts.moments("answered", request.id, request.asker_id))
