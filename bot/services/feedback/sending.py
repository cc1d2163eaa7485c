"""Sending: what a reader says goes to the author, once, and counts as their answer."""

from datetime import datetime

from bot.domain.policy import Policy
from bot.services.feedback import letters
from bot.services.requests.answering import count_answer, is_new_answer
from bot.services.requests.kinds import asked_how_at
from bot.services.requests.letters import hasten_outcome
from bot.services.requests.parting import end_claim, is_apart, is_unseen
from bot.services.routing.community import News, news_of
from bot.store.unit_of_work import UnitOfWork
from models import Draft, Feedback, Member


async def send(
    work: UnitOfWork, draft: Draft, feedback: Feedback, reader: Member, numbers: Policy, now: datetime
) -> News | None:
    """Give an author what a reader says, and return what the router is to know of it.

    `numbers` are everyone's.
    """
    news = None
    feedback.round, feedback.sent_at = draft.round, now
    if await is_apart(work, draft, reader.id):
        return await _send_apart(work, draft, feedback, reader, numbers, now)
    await letters.tell_sent(work, draft, feedback, reader.user_id, now)
    await work.flush()
    if await is_new_answer(work, draft, reader.id, now):
        news = await count_answer(work, draft, reader, now, numbers, now)
    else:
        await hasten_outcome(work, draft, await asked_how_at(work, draft, now))
    work.facts.add("feedback", draft, now, reader.id)
    return news


async def _send_apart(
    work: UnitOfWork, draft: Draft, feedback: Feedback, reader: Member, numbers: Policy, now: datetime
) -> News:
    """Keep what a reader sends to an author who is kept away from them: it counts for no one, and others are asked.

    The reader sees the same as ever, unless they themselves keep an author away whom they know.
    """
    is_own = {each.id for each in await work.blocks.of(reader.id)}
    if draft.asker_id not in is_own or await is_unseen(work, draft, reader.id):
        await letters.tell_thread_sent(work, draft, feedback, reader.user_id, now)
    await end_claim(work, draft, reader.id, numbers, now)
    return await news_of(work, draft, [reader.id])
