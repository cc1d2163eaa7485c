"""Calendar files: one meeting each, to be opened in any calendar program.

Bookings are published (METHOD:PUBLISH) and cancellations cancel (METHOD:CANCEL). A REQUEST would be an invitation from
one mail address to another, which programs answer by mail or refuse where the reader isn't invited. No one's address is
known here and none is made up, so there is no ORGANIZER either: RFC 5546 (3.2) wants one, RFC 5545 (3.6.1) doesn't, and
calendars take such a file as an entry of the reader's own, which they may move and delete.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from icalendar import Calendar, Event
from icalendar.enums import STATUS, TRANSP

from bot.domain.wording import clean_line, clean_paragraph, without_turns

PRODUCT = "-//Morsel//Office hours//EN"
"""Names the program that made the file, in the form of a formal public identifier."""

WORD_JOINER = "\u2060"


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """What a calendar is told about a booking."""

    uid: str
    """Unique in the whole world, and the same through every change: by it a calendar finds what it has already."""
    sequence: int
    """0 at first, raised by every change and by the cancellation; a calendar keeps the highest."""
    starts_at: datetime
    ends_at: datetime
    summary: str = field(repr=False)
    description: str = field(repr=False)
    url: str
    """Where the two meet, which stands in the file as its place too: not every calendar shows both."""
    is_cancelled: bool = False


def calendar_file(meeting: CalendarEntry, now: datetime) -> bytes:
    """Return an .ics file of type text/calendar, in UTF-8; `now` is the moment that it speaks of.

    Control characters, which the format has no way to write, are dropped. A program that only imports files may show a
    cancelled meeting struck out instead of removing it, so that its summary should say so too.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if meeting.is_cancelled else "PUBLISH")
    calendar.add_component(_event(meeting, now))
    written: bytes = calendar.to_ical()
    return written


def _event(meeting: CalendarEntry, now: datetime) -> Event:
    return Event.new(
        uid=meeting.uid,
        sequence=meeting.sequence,
        stamp=now.astimezone(UTC),
        start=meeting.starts_at.astimezone(UTC),
        end=meeting.ends_at.astimezone(UTC),
        summary=_spelled(clean_line(without_turns(meeting.summary))),
        description=_spelled(clean_paragraph(without_turns(meeting.description))),
        url=meeting.url,
        location=meeting.url,
        status=STATUS.CANCELLED if meeting.is_cancelled else STATUS.CONFIRMED,
        # What is cancelled no longer takes anyone's time, even where it stays on show.
        transparency=TRANSP.TRANSPARENT if meeting.is_cancelled else TRANSP.OPAQUE,
    )


def _spelled(text: str) -> str:
    # icalendar takes a backslash before N for a line break; an invisible joiner keeps "C:\New" on one line.
    return text.replace("\\N", f"\\{WORD_JOINER}N")
