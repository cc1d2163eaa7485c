"""Letters around an hour: reminders, the queue, whether both came and how it was, and Discord's event."""

from datetime import datetime
from typing import ClassVar

from bot.domain.meeting import DAY_BEFORE_UNTIL, Step
from bot.services.office_hours import announcing, meeting_letters
from bot.services.office_hours.contents import MeetingLine, MeetingRoom, QueueLine, RoomOver, WhichClock
from bot.services.office_hours.letters import HoursLetter
from bot.services.office_hours.meeting_letters import REMINDERS
from bot.services.office_hours.offering_results import EventPlan
from bot.services.office_hours.views import booking_of, booking_view, thread_of
from bot.services.outbox.describing import Concerned, Description, Pairs, news_channel, no_pairs
from bot.store.bookings import GOING_ON
from bot.store.unit_of_work import UnitOfWork
from models import Booking, Occurrence, OutboxLetter

_ONLY_IF = {
    "meeting.check": "held",
    "meeting.more": "held",
    "meeting.unsure": "not_found",
    "meeting.appeal": "not_found",
}
"""The states of a booking in which a letter about how it went still says something."""
_OWN_MATTER = {"meeting.no_shows", "meeting.excused", "meeting.kept", "meeting.appeal"}
"""About not having come, to the person or to moderators."""
_NEWS = {"queue.begin", "queue.turn"}
"""Lines about a queue that others may read of: that there is news."""
_OF_THE_HOUR = {*_NEWS, "queue.hold_over"}
"""Lines about a queue that its host still works through."""


class MeetingLetter(Description):
    """A letter about a booking, to one of both or into the thread that it came from."""

    is_before: ClassVar[bool] = True
    """It is about two who are going to meet, rather than about how it was."""

    async def content(self, work: UnitOfWork, row: OutboxLetter, now: datetime) -> object | None:
        """Return the line."""
        booking = await booking_of(work, row)
        if booking is None:
            return None
        return MeetingLine(
            row.text or "",
            await booking_view(work, booking, row.member_id),
            place_id=int(row.params.get("place", 0)),
            until=int(row.params.get("until", 0)),
            has_more=bool(row.params.get("more")),
            was_alone=bool(row.params.get("alone")),
            settles=bool(row.params.get("settles")),
            is_for_both=self.is_before and row.member_id is None,
        )

    async def is_moot(self, work: UnitOfWork, row: OutboxLetter, now: datetime) -> bool:
        """Tell whether it comes too late, or to a booking that is off."""
        booking = await booking_of(work, row)
        return booking is None or self.is_past(row, booking, now)

    def is_past(self, row: OutboxLetter, booking: Booking, now: datetime) -> bool:
        """Tell whether it says nothing any more about a booking."""
        return booking.state not in GOING_ON or now >= booking.starts_at

    async def channel(self, work: UnitOfWork, row: OutboxLetter) -> int | None:
        """Return the thread that the booking came from."""
        booking = await booking_of(work, row)
        return await thread_of(work, booking) if booking is not None else None

    async def pairs(self, work: UnitOfWork, row: OutboxLetter) -> Pairs:
        """Put both before each other."""
        booking = await booking_of(work, row)
        return {(booking.host_id, booking.asker_id)} if booking is not None else set()

    async def concerned(self, work: UnitOfWork, row: OutboxLetter) -> Concerned:
        """Return also both, while they are going to meet."""
        found, booking = await super().concerned(work, row), await booking_of(work, row)
        if self.is_before and booking is not None and booking.state in GOING_ON:
            found.there |= {booking.host_id, booking.asker_id}
        return found


class ReminderLetter(MeetingLetter):
    """What both agreed on, the day before and soon before."""

    kind = HoursLetter.REMINDER
    contents = (MeetingLine,)

    def is_past(self, row: OutboxLetter, booking: Booking, now: datetime) -> bool:
        """Tell whether it is too late to remind them."""
        is_of_the_day_before = row.text in REMINDERS[Step.DAY_BEFORE]
        latest = booking.starts_at - DAY_BEFORE_UNTIL if is_of_the_day_before else booking.starts_at
        return booking.state not in GOING_ON or now >= latest


class CheckInLetter(MeetingLetter):
    """What comes as an hour begins: whether both of a booking are there, or whose turn it is in a queue."""

    kind = HoursLetter.CHECK_IN
    contents = (MeetingLine, QueueLine)

    async def content(self, work: UnitOfWork, row: OutboxLetter, now: datetime) -> object | None:
        """Return the line."""
        if row.booking_id is not None:
            return await super().content(work, row, now)
        params = {name: int(value) for name, value in row.params.items()}
        return QueueLine(
            row.text or "",
            params.get("occurrence", 0),
            place_id=params.get("place", 0),
            host_user_id=params.get("host", 0),
            channel_id=params.get("channel", 0),
            when=params.get("when", 0),
        )

    async def is_moot(self, work: UnitOfWork, row: OutboxLetter, now: datetime) -> bool:
        """Tell whether the hour, or this turn in it, is over."""
        if row.booking_id is not None:
            return await super().is_moot(work, row, now)
        if row.text == "queue.turn":
            place = await work.queue_places.hold(int(row.params.get("place", 0)))
            if place is None or place.state != "invited":
                return True
        hour = await _occurrence_of(work, row)
        return row.text in _OF_THE_HOUR and hour is not None and (now >= hour.ends_at or hour.state != "planned")

    def is_past(self, row: OutboxLetter, booking: Booking, now: datetime) -> bool:
        """Tell whether it is over, or who is there makes it needless."""
        if booking.state not in GOING_ON or now >= booking.ends_at:
            return True
        here = {booking.host_id: booking.host_here_at, booking.asker_id: booking.asker_here_at}
        if row.text == "meeting.missing" or row.member_id not in here:
            return all(here.values())
        return here[row.member_id] is not None

    async def channel(self, work: UnitOfWork, row: OutboxLetter) -> int | None:
        """Return the room of both, or the thread that the booking came from; of a queue, where news is read."""
        booking = await booking_of(work, row)
        if booking is None:
            return await news_channel(work, row.guild_id)
        return booking.room_id or await super().channel(work, row)

    async def may_be_public(self, work: UnitOfWork, row: OutboxLetter) -> bool:
        """Tell whether others may read that there is news, so that no one is waited for who never heard of it."""
        return row.text in _NEWS

    async def pairs(self, work: UnitOfWork, row: OutboxLetter) -> Pairs:
        """Put both before each other; in a queue, a person before the host."""
        hour = await _occurrence_of(work, row) if row.booking_id is None else None
        if hour is None:
            return await super().pairs(work, row)
        return {(row.member_id, hour.host_id)} if row.member_id is not None else set()

    async def concerned(self, work: UnitOfWork, row: OutboxLetter) -> Concerned:
        """Return also the host of a queue, while they work through it."""
        found, hour = await super().concerned(work, row), await _occurrence_of(work, row)
        if hour is not None and hour.state == "planned" and row.text in _OF_THE_HOUR:
            found.there.add(hour.host_id)
        return found


class CheckLetter(MeetingLetter):
    """How it was, and what follows from not having come; also to moderators."""

    kind = HoursLetter.CHECK
    contents = (MeetingLine,)
    is_before: ClassVar[bool] = False

    def is_past(self, row: OutboxLetter, booking: Booking, now: datetime) -> bool:
        """Tell whether it is known by now how it was."""
        return row.text in _ONLY_IF and (booking.state != _ONLY_IF[row.text] or booking.is_excused)

    async def channel(self, work: UnitOfWork, row: OutboxLetter) -> int | None:
        """Return the moderators' channel."""
        settings = await work.guilds.settings(row.guild_id)
        return settings.moderator_channel_id if settings else None

    async def pairs(self, work: UnitOfWork, row: OutboxLetter) -> Pairs:
        """Put both before each other, unless it is about one of them alone."""
        return set() if row.text in _OWN_MATTER else await super().pairs(work, row)


class RoomLetter(MeetingLetter):
    """The message that opens a thread of their own for two who meet."""

    kind = HoursLetter.ROOM
    contents = (MeetingRoom,)
    opens_thread: ClassVar[bool] = True

    async def content(self, work: UnitOfWork, row: OutboxLetter, now: datetime) -> object | None:
        """Return the booking."""
        booking = await booking_of(work, row)
        if booking is None:
            return None
        return MeetingRoom(await booking_view(work, booking, row.member_id), int(row.params.get("also", 0)))

    async def is_moot(self, work: UnitOfWork, row: OutboxLetter, now: datetime) -> bool:
        """Tell whether it is too late, or the community wants no rooms any more."""
        return await super().is_moot(work, row, now) or await self.channel(work, row) is None

    async def channel(self, work: UnitOfWork, row: OutboxLetter) -> int | None:
        """Return the channel for rooms."""
        settings = await work.guilds.settings(row.guild_id)
        return settings.room_channel_id if settings else None

    async def when_sent(self, work: UnitOfWork, row: OutboxLetter, now: datetime) -> None:
        """Note where both meet, and have it put away after a while."""
        if row.booking_id is not None and row.channel_id is not None:
            await meeting_letters.room_made(work, row.booking_id, row.channel_id, now)


class RoomOverLetter(MeetingLetter):
    """The end of such a thread, without a word."""

    kind = HoursLetter.ROOM_OVER
    contents = (RoomOver,)
    is_before: ClassVar[bool] = False
    pairs = no_pairs

    async def content(self, work: UnitOfWork, row: OutboxLetter, now: datetime) -> object | None:
        """Return that it is over."""
        return RoomOver()

    def is_past(self, row: OutboxLetter, booking: Booking, now: datetime) -> bool:
        """Tell whether there is no such thread."""
        return booking.room_id is None

    async def channel(self, work: UnitOfWork, row: OutboxLetter) -> int | None:
        """Return the thread."""
        booking = await booking_of(work, row)
        return booking.room_id if booking is not None else None


class EventLetter(Description):
    """What Discord's event about an hour is to be like."""

    kind = HoursLetter.EVENT
    contents = (EventPlan,)
    pairs = no_pairs

    async def content(self, work: UnitOfWork, row: OutboxLetter, now: datetime) -> EventPlan | None:
        """Return the plan; None where there is nothing to do about the event any more."""
        return await announcing.event_plan(work, row, now)

    async def concerned(self, work: UnitOfWork, row: OutboxLetter) -> Concerned:
        """Return also the host of an hour that takes place."""
        found, hour = await super().concerned(work, row), await _occurrence_of(work, row)
        if hour is not None and hour.state == "planned":
            found.there.add(hour.host_id)
        return found

    async def when_sent(self, work: UnitOfWork, row: OutboxLetter, now: datetime) -> None:
        """Note which event it is."""
        if row.occurrence_id is not None and row.message_id is not None:
            await announcing.event_made(work, row.occurrence_id, row.message_id)


class WhichClockLetter(Description):
    """The question to a host who moved, which clock their hours are to follow."""

    kind = HoursLetter.WHICH_CLOCK
    contents = (WhichClock,)
    is_private: ClassVar[bool] = True
    pairs = no_pairs

    async def content(self, work: UnitOfWork, row: OutboxLetter, now: datetime) -> WhichClock:
        """Return both clocks."""
        old, new = (str(row.params.get(each, "")) for each in ("old", "new"))
        return WhichClock(row.member_id or 0, old, new)

    async def is_moot(self, work: UnitOfWork, row: OutboxLetter, now: datetime) -> bool:
        """Tell whether all their hours follow one clock."""
        member = await work.members.get(row.member_id) if row.member_id else None
        return member is None or not await announcing.clocks_of(work, member)


DESCRIPTIONS: tuple[Description, ...] = (
    ReminderLetter(),
    CheckInLetter(),
    CheckLetter(),
    RoomLetter(),
    RoomOverLetter(),
    EventLetter(),
    WhichClockLetter(),
)


async def _occurrence_of(work: UnitOfWork, row: OutboxLetter) -> Occurrence | None:
    return await work.office_hours.occurrence(row.occurrence_id) if row.occurrence_id else None
