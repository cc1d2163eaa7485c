"""From an outbox row to a letter: what it says is decided when it leaves, from the tables as they are then."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain import lifecycle
from bot.domain.lifecycle import InvitationState, RequestState, Visibility
from bot.services.office_hours import announcing, booking_letters, meeting_letters, queue_letters
from bot.services.office_hours.views import booking_view
from bot.services.outbox.concerned import concerned, user_ids
from bot.services.requests import letters
from bot.services.requests.closing import is_moderated
from bot.services.requests.letters import LISTED, LISTED_AFTER, RequestLetter
from bot.services.requests.unmasking import is_hidden
from bot.services.requests.views import reason_of, request_view, text_of
from bot.services.results import Exchange, Letter, RequestView, WaitingQuestion
from bot.store.statements import LEARNED
from bot.store.unit_of_work import UnitOfWork
from models import Booking, Invitation, Member, OutboxLetter, Request, Statement

TELLS_CLOSED_EVERY = timedelta(days=30)
"""How often a member reads, at most, that their direct messages are closed."""
LOOKS_BACK = timedelta(minutes=1)
"""How far before its first attempt a letter is looked for, and more: clocks may differ."""
PRIVATE = {"nudge", "thanks", "keep", "silence", "which_clock", "direct_message_check"}
"""What is for one person's eyes: with closed direct messages it isn't said at all."""
SAID_IN_PRIVATE = {"asker.put_away", "asker.thread_gone", "claim.over", "keep.over"}
"""Notices of which the same is true: in the thread they would open what a person closed, or tell what only two know."""
_FOR_MODERATORS = {"moderator_digest", "reveal"}


async def compose(work: UnitOfWork, row: OutboxLetter, now: datetime) -> Letter | None:
    """Return the letter, or None when there is no reason to send it any more.

    One that was tried before may have arrived, so it is returned all the same, marked as moot, to be looked for.
    Notes on the member that they are being told about closed direct messages, where the letter does so.
    """
    question = await work.requests.get(row.request_id) if row.request_id else None
    invitation = await work.invitations.get(row.invitation_id) if row.invitation_id else None
    booking = await work.bookings.get(row.booking_id) if row.booking_id else None
    is_moot = await _is_moot(work, row, question, invitation, now) or await _is_past(work, row, booking, now)
    if is_moot and (row.attempts <= 1 or (row.request_id is not None and question is None)):
        return None
    letter = await _letter(work, row, question, invitation, booking, now)
    return replace(letter, is_moot=True) if letter and is_moot else letter


async def _letter(
    work: UnitOfWork,
    row: OutboxLetter,
    question: Request | None,
    invitation: Invitation | None,
    booking: Booking | None,
    now: datetime,
) -> Letter | None:
    view = await request_view(work, question) if question else None
    member = await work.members.get(row.member_id) if row.member_id else None
    waiting = await _waiting(work, row, now)
    exchange = await _exchange(work, row, question) if row.kind == "keep" else None
    if (row.kind in LISTED_AFTER and not waiting) or (row.kind == "keep" and exchange is None):
        return None
    reason = await _reason(work, invitation)
    is_direct = member is not None and not row.is_public and not _prefers_thread(member, row, question)
    people = await concerned(work, row, question, invitation, booking)
    return Letter(
        letter_id=row.id,
        kind=row.kind,
        nonce=row.nonce,
        guild_id=row.guild_id,
        attempts=row.attempts,
        first_attempt_at=row.first_attempt_at or now,
        user_id=member.user_id if member and is_direct else None,
        channel_id=None if is_direct else await _channel_of(work, row, question, view, booking),
        addressee_id=member.user_id if member else None,
        people=await user_ids(work, people.there | people.free),
        unsilenced=await user_ids(work, people.free),
        question=view,
        invitation_id=row.invitation_id,
        member_id=row.member_id,
        reason=reason.text if reason else None,
        is_learned=reason is not None and reason.source == LEARNED,
        text=row.text,
        others=await _others(work, row),
        params=row.params,
        referrer_user_id=await _referrer(work, invitation),
        guest_user_id=None if is_direct else _guest(row, question, member),
        waiting=waiting[:LISTED],
        more_waiting=max(len(waiting) - LISTED, 0),
        exchange=exchange,
        booking=await booking_view(work, booking, row.member_id) if booking else None,
        place=await booking_letters.offer_of(work, row),
        event=await announcing.event_plan(work, row, now),
        is_to_hidden=_is_to_hidden(row, question),
        home_id=await _home(work, row, view),
        tells_closed=member is not None and not is_direct and await _tell_closed(work, member.id, now),
    )


def may_be_public(row: OutboxLetter, question: Request | None) -> bool:
    """Tell whether a letter to one person may be said elsewhere instead: in its thread, or as news.

    Nothing private is, nor what is for a hidden asker; and only its asker is spoken to in a private thread, for to let
    a person in tells that they were asked.
    """
    if _is_news(row, question):
        return True
    is_private = row.kind in PRIVATE or row.text in SAID_IN_PRIVATE
    if question is None or is_private or _is_to_hidden(row, question):
        return False
    return question.visibility != Visibility.MATCHED or row.member_id == question.asker_id


def _is_to_hidden(row: OutboxLetter, question: Request | None) -> bool:
    return question is not None and is_hidden(question) and row.member_id == question.asker_id


def _is_news(row: OutboxLetter, question: Request | None) -> bool:
    """Tell whether a letter says elsewhere only that there is news: no one waits for a person who never heard of it.

    What is offered unasked isn't even that: it may follow from a question without a name.
    """
    match row.kind:
        case "booking":
            return True
        case "invitation":
            return question is not None and question.visibility == Visibility.MATCHED
        case "slot_offer":
            return bool(row.params.get("kept"))
        case "check_in":
            return row.text in {"queue.begin", "queue.turn"}
    return False


async def _is_moot(
    work: UnitOfWork, row: OutboxLetter, question: Request | None, invitation: Invitation | None, now: datetime
) -> bool:
    if row.request_id is not None and question is None:
        return True
    match row.kind:
        case "silence":
            member = await work.members.get(row.member_id) if row.member_id else None
            return member is None or member.paused_at is None
        case "reveal":
            return not await _wants_second_moderator(work, row)
        case "invitation":
            return invitation is None or invitation.state != InvitationState.ASKED
        case "nudge":
            return question is None or invitation is None or not _needs_reminder(question, invitation, now)
    return question is not None and (_is_over(row, question) or await _is_taken_back(work, row, question))


async def _is_past(work: UnitOfWork, row: OutboxLetter, booking: Booking | None, now: datetime) -> bool:
    if row.kind in {"booking", "slot_offer"}:
        return await booking_letters.is_moot(work, row, now)
    if row.kind in {"event", "which_clock"}:
        return await announcing.is_moot(work, row, now)
    if booking is not None:
        return await meeting_letters.is_moot(work, row, booking, now)
    occurrence = await work.office_hours.occurrence(row.occurrence_id) if row.occurrence_id else None
    return occurrence is not None and await queue_letters.is_moot(work, row, occurrence, now)


def _needs_reminder(question: Request, invitation: Invitation, now: datetime) -> bool:
    """Tell whether a claim has stood long enough, on a question that no one has answered yet."""
    if invitation.state != InvitationState.TAKEN or invitation.expires_at is None:
        return False
    # A claim that was given back and taken again has a later reminder of its own.
    is_old = now >= invitation.expires_at - letters.CLAIMED_FOR + letters.NUDGED_AFTER
    return is_old and lifecycle.is_open(RequestState(question.state))


async def _is_taken_back(work: UnitOfWork, row: OutboxLetter, question: Request) -> bool:
    """Tell whether a letter asks about an answer that was deleted."""
    if row.kind != "outcome" or not row.key.startswith("outcome:"):
        return False
    return all(row.key != letters.outcome_key(part) for part in await work.help_interactions.of(question.id))


def _is_over(row: OutboxLetter, question: Request) -> bool:
    """Tell whether a question has moved on from what a letter says about it."""
    match row.kind:
        case "outcome" if row.text is not None:
            return question.state != RequestState.ANSWERED
        case "post" | "outcome":
            return question.state in {RequestState.CLOSED, RequestState.RESOLVED}
        case "choices":
            return question.state != RequestState.WAITING
        case "archive":
            return question.state != RequestState.ARCHIVED or question.thread_id is None
        case "notice" if row.text == "thread.closed_by_asker" and question.state != RequestState.CLOSED:
            return True
    # A line for a thread follows its post, so where there is no thread by now it was deleted; and no line opens one
    # that was put away.
    is_put_away = row.kind == "notice" and question.state == RequestState.ARCHIVED
    is_silenced = row.kind == "reply" and is_moderated(question)
    return is_silenced or (row.member_id is None and (question.thread_id is None or is_put_away))


async def _wants_second_moderator(work: UnitOfWork, row: OutboxLetter) -> bool:
    reveal = await work.reveals.get(int(row.params.get("reveal", 0)))
    return reveal is not None and reveal.moderator_id is not None and reveal.revealed_at is None


def _prefers_thread(member: Member, row: OutboxLetter, question: Request | None) -> bool:
    is_closed = member.direct_messages == "closed"
    return is_closed and question is not None and question.thread_id is not None and may_be_public(row, question)


async def _channel_of(
    work: UnitOfWork, row: OutboxLetter, question: Request | None, view: RequestView | None, booking: Booking | None
) -> int | None:
    if _is_news(row, question):
        return await booking_letters.channel_of(work, row)
    if booking is not None:
        return await meeting_letters.channel_of(work, row, booking)
    return await _channel(work, row, view)


async def _home(work: UnitOfWork, row: OutboxLetter, view: RequestView | None) -> int | None:
    """Return the channel in which a question's thread is, as far as the community's choice tells."""
    settings = await work.guilds.settings(row.guild_id) if view is not None else None
    if view is None or settings is None:
        return None
    is_private = view.visibility == Visibility.MATCHED
    return (settings.private_channel_id if is_private else None) or settings.help_channel_id


async def _channel(work: UnitOfWork, row: OutboxLetter, view: RequestView | None) -> int | None:
    if row.kind == "post":
        return await _home(work, row, view)
    if view is not None and row.kind != "reveal":
        return view.thread_id
    settings = await work.guilds.settings(row.guild_id)
    if settings is None:
        return None
    if row.kind in _FOR_MODERATORS:
        return settings.moderator_channel_id
    if row.kind == "digest":
        # A forum takes no messages of its own: there, the panel's post does.
        return settings.panel_channel_id or settings.help_channel_id
    return settings.help_channel_id


def _guest(row: OutboxLetter, question: Request | None, member: Member | None) -> int | None:
    """Return who has to be let into a private thread: its asker, or the helper that a line in it is about."""
    if question is None or question.visibility != Visibility.MATCHED:
        return None
    if member is not None:
        return member.user_id if member.id == question.asker_id else None
    helper = row.params.get("helper")
    return int(helper) if helper is not None else None


async def _others(work: UnitOfWork, row: OutboxLetter) -> frozenset[int]:
    """Return what a look for an earlier attempt must not take for it; a first attempt looks for nothing."""
    if row.attempts <= 1 or row.first_attempt_at is None:
        return frozenset()
    return await work.outbox.messages_since(row.guild_id, row.first_attempt_at - LOOKS_BACK)


async def _reason(work: UnitOfWork, invitation: Invitation | None) -> Statement | None:
    return await reason_of(work, invitation) if invitation else None


async def _referrer(work: UnitOfWork, invitation: Invitation | None) -> int | None:
    referrer = await work.members.get(invitation.referrer_id) if invitation and invitation.referrer_id else None
    return referrer.user_id if referrer else None


async def _waiting(work: UnitOfWork, row: OutboxLetter, now: datetime) -> tuple[WaitingQuestion, ...]:
    if row.kind not in LISTED_AFTER:
        return ()
    before = now - LISTED_AFTER[RequestLetter(row.kind)]
    waiting = await work.requests.waiting(row.guild_id, before, is_public=row.kind == "digest")
    return tuple(
        WaitingQuestion(
            each.thread_id,
            None if each.visibility == Visibility.MATCHED else text_of(each),
            each.waiting_since or each.created_at,
        )
        for each in waiting
        if each.thread_id is not None
    )


async def _exchange(work: UnitOfWork, row: OutboxLetter, question: Request | None) -> Exchange | None:
    """Return what is to be kept, or None where there is nothing to agree to any more."""
    kept = await work.kept_answers.find(row.request_id or 0)
    if kept is None or question is None or kept.declined_at is not None:
        return None
    agreed = kept.asker_agreed_at if row.member_id == question.asker_id else kept.helper_agreed_at
    return None if agreed else Exchange(question.id, kept.question, kept.answer, question.thread_id, kept.id)


async def _tell_closed(work: UnitOfWork, member_id: int, now: datetime) -> bool:
    member = await work.members.hold(member_id)
    is_told = member and member.told_closed_at and now - member.told_closed_at < TELLS_CLOSED_EVERY
    if member is None or is_told:
        return False
    member.told_closed_at = now
    return True
