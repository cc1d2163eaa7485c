"""What it means that a person has answered a request, in its thread or in any other way; inside a transaction."""

from datetime import datetime

from bot.domain import lifecycle
from bot.domain.lifecycle import Act, InvitationState, RequestState
from bot.domain.policy import Policy
from bot.domain.wording import text_hash
from bot.routing.ports import Answered
from bot.services.requests import letters
from bot.services.requests.inviting import heard_from
from bot.services.requests.kinds import asked_how_at, kind_of, numbers_of
from bot.services.requests.taking import move
from bot.services.routing.community import News, news_of
from bot.store.statements import LEARNED
from bot.store.unit_of_work import ReadingWork, UnitOfWork
from models import Member, Request, Statement


async def is_new_answer(work: ReadingWork, request: Request, helper_id: int, at: datetime) -> bool:
    """Tell whether what a person says now counts: it is their first, or they took it again, or it is another round."""
    places = kind_of(request).places(request)
    since = places.since if places is not None else None
    parts = await work.help_interactions.of(request.id)
    answered = [part.answered_at for part in parts if part.helper_id == helper_id and part.answered_at]
    is_first = not answered or (since is not None and answered[0] < since)
    return is_first or await _has_taken_again(work, request, helper_id, at)


async def count_answer(
    work: UnitOfWork, request: Request, helper: Member, at: datetime, numbers: Policy, now: datetime
) -> News:
    """Count a person's answer: their claim has done its work, and the asker is asked how it went, once all is there.

    The request is held, its community locked, and the answer a new one. `numbers` are everyone's.

    Raises:
        Conflict: the request is closed.
    """
    is_first = await _is_first(work, request)
    part = await work.help_interactions.ensure(request, helper.id)
    # What was said of an earlier answer was not said of this one.
    part.answered_at, part.outcome, part.outcome_at = at, None, None
    await work.flush()
    if await work.invitations.take_by_answering(request.id, helper.id, now):
        heard_from(helper)
    if is_first:
        work.facts.add("answered", request, at, helper.id)
    await move(work, request, Act.ANSWER)
    if is_first and request.state == RequestState.ANSWERED:
        asked_at = await asked_how_at(work, request, now)
        await letters.ask_outcome(work, request, part, numbers_of(numbers, request, now), asked_at)
    await _learn(work, request, helper, at)
    return await news_of(work, request, [helper.id], Answered(helper.id, at))


async def _is_first(work: UnitOfWork, request: Request) -> bool:
    """Tell whether the asker is to hear of an answer: they wait for one, or only they themselves have written."""
    if lifecycle.awaits_answer(RequestState(request.state)):
        return True
    parts = await work.help_interactions.of(request.id)
    is_heard = any(part.answered_at and part.outcome is None for part in parts)
    return request.state == RequestState.ANSWERED and not is_heard


async def _has_taken_again(work: ReadingWork, request: Request, helper_id: int, at: datetime) -> bool:
    """Tell whether a person who answered before had a claim again when they wrote; an answer ends a claim."""
    invitations = await work.invitations.of(request.id)
    claims = [each for each in invitations if each.member_id == helper_id and each.expires_at is not None]
    return any(each.state == InvitationState.TAKEN and each.decided_at and each.decided_at <= at for each in claims)


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
