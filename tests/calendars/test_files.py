"""Calendar files, read back by two libraries that know nothing of each other."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from ical.calendar_stream import IcsCalendarStream
from icalendar import Calendar

from bot.calendars.files import PRODUCT, CalendarEntry, calendar_file
from bot.domain.wording import clean_line, clean_paragraph, without_turns

NOW = datetime(2026, 11, 24, 12, 30, 45, 678_900, tzinfo=UTC)
STARTS_AT = datetime(2026, 12, 1, 17, tzinfo=UTC)
BOOKED = CalendarEntry(
    uid="booking-17@morsel",
    sequence=0,
    starts_at=STARTS_AT,
    ends_at=STARTS_AT + timedelta(minutes=15),
    summary="15 minutes about CTC loss",
    description="What is the difference between CTC and RNN-T loss?",
    url="https://discord.com/channels/1/2",
)
LONGEST_LINE = 75
"""Octets, without the line break. Source: RFC 5545, 3.1."""

PIECES = [
    *"\r\n\t,;:\\\"'^ ", "\r\n", "\\n", "\\N", "\u2028", "\u2029", "\x85", "\x0b", "\x00",
    "BEGIN:VEVENT", "\r\nEND:VCALENDAR\r\n",
    "🙂", "\U0001f469\u200d\U0001f52c", "e\u0301", "שלום", "مرحبا", "\u202e", "\u200f", "word",
]  # fmt: skip
"""What a format of lines, commas and escapes may stumble over, and what people write from right to left."""
ODD = st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=60).map("".join)
MOMENTS = st.datetimes(
    datetime(1990, 1, 1),  # noqa: DTZ001
    datetime(2090, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from(sorted(available_timezones())).map(ZoneInfo),
)


@dataclass(frozen=True, slots=True)
class Read:
    """What a program makes of a file."""

    method: str | None
    product: str
    meeting: CalendarEntry
    stamp: datetime
    status: str
    transparency: str | None
    place: str = BOOKED.url


Reader = Callable[[bytes], Read]


def read_by_icalendar(file: bytes) -> Read:
    calendar = Calendar.from_ical(file)
    assert isinstance(calendar, Calendar)
    [event] = calendar.events
    assert isinstance(event.start, datetime)
    assert isinstance(event.end, datetime)
    assert isinstance(event.stamp, datetime)
    meeting = CalendarEntry(
        event.uid, event.sequence, event.start, event.end, str(event["SUMMARY"]), str(event["DESCRIPTION"]),
        event.url, is_cancelled=event.status == "CANCELLED",
    )  # fmt: skip
    said = (str(event.status), str(event.transparency), str(event["LOCATION"]))
    return Read(calendar.method, calendar.prodid, meeting, event.stamp, *said)


def read_by_ical(file: bytes) -> Read:
    calendar = IcsCalendarStream.calendar_from_ics(file.decode())
    [event] = calendar.events
    assert isinstance(event.dtstart, datetime)
    assert isinstance(event.dtend, datetime)
    assert isinstance(event.dtstamp, datetime)
    assert event.uid is not None
    assert event.sequence is not None
    assert event.status is not None
    meeting = CalendarEntry(
        event.uid, event.sequence, event.dtstart, event.dtend, event.summary or "", event.description or "",
        str(event.url), is_cancelled=event.status == "CANCELLED",
    )  # fmt: skip
    said = (event.status.value, event.transparency, event.location or "")
    return Read(calendar.method, calendar.prodid, meeting, event.dtstamp, *said)


READERS = pytest.mark.parametrize("read", [read_by_icalendar, read_by_ical])


@READERS
def test_a_booking_is_published_as_it_is(read: Reader) -> None:
    assert read(calendar_file(BOOKED, NOW)) == Read(
        "PUBLISH", PRODUCT, BOOKED, NOW.replace(microsecond=0), "CONFIRMED", "OPAQUE"
    )


@READERS
def test_a_change_keeps_the_name_and_raises_the_sequence(read: Reader) -> None:
    later = replace(BOOKED, sequence=1, starts_at=STARTS_AT + timedelta(days=1), ends_at=STARTS_AT + timedelta(days=2))
    before, after = (read(calendar_file(each, NOW)) for each in (BOOKED, later))
    assert after.meeting == later
    assert after.meeting.uid == before.meeting.uid
    assert after.meeting.sequence > before.meeting.sequence


@READERS
def test_a_cancellation_cancels_and_takes_no_time(read: Reader) -> None:
    cancelled = replace(BOOKED, sequence=2, is_cancelled=True)
    found = read(calendar_file(cancelled, NOW))
    assert found.meeting == cancelled
    assert (found.method, found.status, found.transparency) == ("CANCEL", "CANCELLED", "TRANSPARENT")


@given(ODD, ODD)
@example("é" * 1_500, "🙂" * 1_500)
@example("a, b; c: d\\", "line one\r\nline two\n\n\\n is no break, nor is \\N")
@example("", "")
@example("\r\nEND:VEVENT\r\nBEGIN:VALARM", "\nEND:VCALENDAR\n")
def test_any_words_arrive_whole(summary: str, description: str) -> None:
    written = replace(BOOKED, summary=summary, description=description)
    file = calendar_file(written, NOW)
    for read in (read_by_icalendar, read_by_ical):
        found = read(file).meeting
        assert found.summary == clean_line(without_turns(summary)).replace(r"\N", "\\\u2060N")
        assert found.description == clean_paragraph(without_turns(description)).replace(r"\N", "\\\u2060N")
        assert replace(found, summary=summary, description=description) == written


@given(ODD, ODD)
@example("é" * 1_500, "🙂" * 1_500)
def test_lines_are_short_and_end_as_they_must(summary: str, description: str) -> None:
    file = calendar_file(replace(BOOKED, summary=summary, description=description), NOW)
    assert file.endswith(b"END:VCALENDAR\r\n")
    lines = file.split(b"\r\n")
    assert all(len(line) <= LONGEST_LINE for line in lines)
    assert not any(byte < 0x20 and byte != 0x09 for line in lines for byte in line)
    assert all(line.decode() for line in lines[:-1])


@given(MOMENTS, st.timedeltas(timedelta(minutes=1), timedelta(days=1)), MOMENTS)
def test_moments_are_the_same_everywhere(starts_at: datetime, length: timedelta, now: datetime) -> None:
    starts_at = starts_at.astimezone(UTC).replace(microsecond=0)
    ends_at = starts_at + timedelta(seconds=int(length.total_seconds()))
    zone = now.tzinfo
    meeting = replace(BOOKED, starts_at=starts_at.astimezone(zone), ends_at=ends_at.astimezone(zone))
    file = calendar_file(meeting, now)
    assert b"TZID" not in file
    for read in (read_by_icalendar, read_by_ical):
        found = read(file)
        assert (found.meeting.starts_at, found.meeting.ends_at) == (starts_at, ends_at)
        assert found.stamp == now.astimezone(UTC).replace(microsecond=0)


def test_the_same_meeting_at_the_same_moment_is_the_same_file() -> None:
    assert calendar_file(BOOKED, NOW) == calendar_file(replace(BOOKED), NOW)


def test_nobodys_address_is_made_up() -> None:
    for meeting in (BOOKED, replace(BOOKED, is_cancelled=True)):
        file = calendar_file(meeting, NOW).upper()
        assert b"ORGANIZER" not in file
        assert b"ATTENDEE" not in file
        assert b"MAILTO" not in file
