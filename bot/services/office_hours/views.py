"""From a booking's row to what leaves a transaction."""

from bot.domain.lifecycle import Visibility
from bot.services.office_hours.booking_results import BookingState, BookingView
from bot.store.unit_of_work import ReadingWork
from models import Booking, OutboxLetter


async def booking_view(work: ReadingWork, booking: Booking, reader_id: int | None) -> BookingView:
    """Return a booking as one of both sees it, named by their member id; anyone else sees what its asker does."""
    host, asker = await work.members.get(booking.host_id), await work.members.get(booking.asker_id)
    assert host is not None, "a booking goes before its people"  # noqa: S101
    assert asker is not None, "a booking goes before its people"  # noqa: S101
    state: BookingState = booking.state  # type: ignore[assignment]  # the table's constraint holds the same values
    return BookingView(
        booking_id=booking.id,
        guild_id=booking.guild_id,
        host_user_id=host.user_id,
        asker_user_id=asker.user_id,
        question=booking.question,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        state=state,
        sequence=booking.sequence,
        uid=booking.uid,
        place_id=await place_of(work, booking),
        request_id=booking.request_id,
        thread_id=booking.thread_id,
        cancelled_by=booking.cancelled_by,
        note=booking.note,
        side="host" if reader_id == booking.host_id else "asker",
    )


async def place_of(work: ReadingWork, booking: Booking) -> int:
    """Return the channel in which both meet; 0 where the community has none and there is no thread."""
    if booking.room_id is not None:
        return booking.room_id
    settings = await work.guilds.settings(booking.guild_id)
    chosen = settings.meeting_channel_id if settings else None
    return chosen or await thread_of(work, booking) or 0


async def thread_of(work: ReadingWork, booking: Booking) -> int | None:
    """Return the thread a booking came from; None where naming both there would tell who asked."""
    question = await work.requests.get(booking.request_id) if booking.request_id else None
    is_hidden = question is not None and Visibility(question.visibility).is_hidden
    return None if is_hidden else booking.thread_id


async def booking_of(work: ReadingWork, row: OutboxLetter) -> Booking | None:
    """Return the booking that a letter is about."""
    return await work.bookings.get(row.booking_id) if row.booking_id else None
