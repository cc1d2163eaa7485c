"""What follows from a letter that arrived, that couldn't be said in private, or that was given up."""

from datetime import datetime, timedelta

from bot.domain.hours import after_awake
from bot.domain.lifecycle import CloseReason, InvitationState, RequestState, Urgency
from bot.domain.policy import Policy
from bot.services.office_hours import announcing, meeting_letters
from bot.services.outbox.composing import may_be_public
from bot.services.ports import CROWDED, LOCKED, PLACE, TAGS, WORDS
from bot.services.requests import letters
from bot.services.requests.closing import close, lock
from bot.store.unit_of_work import UnitOfWork
from models import OutboxLetter, Request

LATE = timedelta(minutes=1)
"""From this long on, the time an addressee has to answer begins when they could read it."""
SHUT_OUT = "moot"
"""The reason of a letter that may not reach its addressee any more; the same as of any that says nothing any more."""
NOT_POSTED = {
    CROWDED: "thread.not_posted_crowded",
    PLACE: "thread.not_posted_place",
    WORDS: "thread.not_posted_words",
    TAGS: "thread.not_posted_tags",
}
"""What an asker reads whose question can't be posted, by reason; any other is a channel out of reach."""


async def drop(work: UnitOfWork, row: OutboxLetter) -> None:
    """Note that there is no reason to send a letter any more."""
    row.due_at, row.leased_until, row.failure = None, None, "moot"
    forget_people(row)
    await work.outbox.give_up_after(row.id, "moot")


def forget_people(row: OutboxLetter) -> None:
    """Let nothing that a person wrote, and no id of theirs, stay with a letter."""
    # A line may name a person by id, or be their words; once it is said, or never will be, nothing of them stays here.
    row.params = {}


async def when_sent(work: UnitOfWork, row: OutboxLetter, numbers: Policy, now: datetime) -> None:
    """Note what follows from a letter that arrived."""
    if row.kind == "post" and row.request_id is not None:
        question = await work.requests.hold(row.request_id)
        if question is not None:
            question.thread_id, question.post_id = row.channel_id, row.message_id
    if row.kind == "invitation" and row.invitation_id is not None:
        await _keep_place_from(work, row.invitation_id, numbers, now)
    if row.kind == "event" and row.occurrence_id is not None and row.message_id is not None:
        await announcing.event_made(work, row.occurrence_id, row.message_id)
    if row.kind == "room" and row.booking_id is not None and row.channel_id is not None:
        await meeting_letters.room_made(work, row.booking_id, row.channel_id, now)
    if row.kind == "panel":
        settings = await work.guilds.settings(row.guild_id)
        if settings is not None:
            settings.panel_channel_id, settings.panel_message_id = row.channel_id, row.message_id


async def _keep_place_from(work: UnitOfWork, invitation_id: int, numbers: Policy, now: datetime) -> None:
    """Let a person have been asked when they could read it: Discord may have been out of order meanwhile."""
    invitation = await work.invitations.get(invitation_id)
    if invitation is None or invitation.expires_at is None or now - invitation.created_at < LATE:
        return
    question = await work.requests.hold(invitation.request_id)
    await work.refresh(invitation)
    member = await work.members.get(invitation.member_id)
    if question is not None and member is not None and invitation.state == InvitationState.ASKED:
        invitation.created_at, wait = now, numbers.wait(Urgency(question.urgency), invitation.wave)
        invitation.expires_at = after_awake(now, wait, member.zone, member.begins, member.ends)


async def when_closed(work: UnitOfWork, row: OutboxLetter, now: datetime) -> None:
    """Send it to the request's thread instead, if others may read it; a test message has done its work by failing."""
    member = await work.members.hold(row.member_id) if row.member_id else None
    if member is not None:
        member.direct_messages = "closed"
    row.leased_until = None
    question = await work.requests.get(row.request_id) if row.request_id else None
    if may_be_public(row, question):
        row.due_at, row.is_public = now, True
    else:
        row.due_at, row.failure = None, "closed"
        await _give_words_back(work, row, question, now)
        forget_people(row)


async def _give_words_back(work: UnitOfWork, row: OutboxLetter, question: Request | None, now: datetime) -> None:
    """Tell the writer of a note that it reached no one; where that can't be said in private either, it isn't."""
    if row.kind == "thanks" and row.text is None and question is not None:
        await letters.return_thanks(work, question, row, now)


async def when_given_up(work: UnitOfWork, row: OutboxLetter, reason: str, now: datetime) -> int | None:
    """Give a letter up, and draw the consequence; returns the request in which a seat became free."""
    row.due_at, row.leased_until, row.failure = None, None, reason
    await work.outbox.give_up_after(row.id, reason)
    question = await work.requests.hold(row.request_id) if row.request_id else None
    if reason != SHUT_OUT:
        # Else giving them back would tell that one of both keeps the other away.
        await _give_words_back(work, row, question, now)
    forget_people(row)
    if question is None:
        return None
    if reason == LOCKED:
        await lock(work, question, now)
    if row.kind == "post" and question.state != RequestState.CLOSED:
        await close(work, question, CloseReason.NOT_POSTED, now)
        await letters.tell_member(work, question, question.asker_id, NOT_POSTED.get(reason, "thread.not_posted"), now)
    invitation = await work.invitations.get(row.invitation_id) if row.invitation_id else None
    if invitation is None or invitation.state != InvitationState.ASKED:
        return None
    invitation.state, invitation.decided_at = InvitationState.UNDELIVERED, now
    question.next_look_at = now
    work.facts.add("undelivered", question, now, invitation.member_id)
    return question.id
