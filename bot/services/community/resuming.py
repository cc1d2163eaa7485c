"""Going on in a community that the bot was removed from for a while: everyone's time stood still."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.services.requests import letters
from bot.store.unit_of_work import UnitOfWork
from models import Booking, Guild, Request


async def resume(work: UnitOfWork, guild: Guild, requests: Iterable[Request], now: datetime) -> None:
    """Let waits go on from where they stood; the requests are held and the community is locked.

    Fifteen minutes that were over by then are over without a word: both know best how that went.
    """
    since, guild.left_at = guild.left_at or now, None
    for request in requests:
        await _wait_on(work, request, now - since)
    for invitation in await work.absences.invitations(guild.id):
        invitation.expires_at = invitation.expires_at and invitation.expires_at + (now - since)
    for letter in await work.absences.reminders(guild.id, letters.REMINDERS, since):
        letter.due_at = letter.due_at and letter.due_at + (now - since)
    for booking in await work.absences.over(guild.id, now):
        await _end(work, booking)


async def _wait_on(work: UnitOfWork, request: Request, length: timedelta) -> None:
    """Let a request have waited for so much less; what its asker was asked already, they aren't asked again."""
    before = request.waiting_since or request.created_at
    asked = await work.outbox.find(letters.choices_key(request.id, before))
    request.waiting_since = before + length
    if asked is not None:
        asked.key = letters.choices_key(request.id, request.waiting_since)


async def _end(work: UnitOfWork, booking: Booking) -> None:
    await work.bookings.set_free(booking.id)
    is_anybody_here = booking.host_here_at is not None or booking.asker_here_at is not None
    booking.state, booking.missing = ("held", None) if is_anybody_here else ("not_found", "both")
    booking.next_look_at = None
    work.facts.note(booking.state, booking.guild_id, booking.ends_at, booking.asker_id, booking.request_id)
