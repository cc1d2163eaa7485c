"""A booking as a file for people's calendars."""

from datetime import datetime

from bot.calendars.files import Meeting, calendar_file
from bot.domain.wording import clean_line
from bot.services.booking_results import Attachment, BookingView
from bot.texts import say

LONGEST_SUMMARY = 80
"""Characters shown of the question where calendars have room for a line."""


def calendar_of(booking: BookingView, now: datetime) -> Attachment:
    """Return an .ics file: the same booking always under the same name, a cancelled one cancelling it there too."""
    is_cancelled = booking.state == "cancelled"
    line = clean_line(booking.question)
    short = line if len(line) <= LONGEST_SUMMARY else f"{line[: LONGEST_SUMMARY - 1]}…"
    place = booking.guild_id if booking.thread_id is None else f"{booking.guild_id}/{booking.thread_id}"
    key = "calendar.cancelled" if is_cancelled else "calendar.summary"
    meeting = Meeting(
        uid=f"booking-{booking.booking_id}@morsel",
        sequence=booking.sequence,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        summary=say(key, question=short),
        description=booking.question,
        url=f"https://discord.com/channels/{place}",
        is_cancelled=is_cancelled,
    )
    return Attachment(f"morsel-{booking.booking_id}.ics", calendar_file(meeting, now))
