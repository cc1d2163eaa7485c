"""A booking as a file for people's calendars."""

from datetime import datetime

from bot.calendars.files import CalendarEntry, calendar_file
from bot.domain.wording import clean_line
from bot.services.office_hours.booking_results import BookingView
from bot.services.results import Attachment
from bot.texts import say

LONGEST_SUMMARY = 80
"""Characters shown of the question where calendars have room for a line."""


def calendar_of(booking: BookingView, now: datetime, other: str | None = None) -> Attachment:
    """Return an .ics file: the same booking always under the same name, a cancelled one cancelling it there too.

    `other` is the name of the person that the reader meets; None where Discord didn't say.
    """
    is_cancelled = booking.state == "cancelled"
    line = clean_line(booking.question)
    short = line if len(line) <= LONGEST_SUMMARY else f"{line[: LONGEST_SUMMARY - 1]}…"
    place = f"{booking.guild_id}/{booking.place_id}" if booking.place_id else f"{booking.guild_id}"
    url = f"https://discord.com/channels/{place}"
    key = "calendar.cancelled" if is_cancelled else "calendar.summary"
    about = {"other": clean_line(other or "") or say("calendar.somebody"), "user": booking.other_user_id, "place": url}
    meeting = CalendarEntry(
        uid=booking.uid,
        sequence=booking.sequence,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        summary=say(key, **about, question=short),
        description=say("calendar.words", **about, question=booking.question),
        url=url,
        is_cancelled=is_cancelled,
    )
    return Attachment(f"morsel-{booking.booking_id}.ics", calendar_file(meeting, now))
