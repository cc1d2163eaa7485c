"""What people read before, during and after fifteen minutes; each occasion has one name, so that it comes once."""

from datetime import datetime

from bot.domain.lifecycle import RequestState, Visibility
from bot.domain.meeting import ROOM_FOR, Step
from bot.services.office_hours.letters import HoursLetter
from bot.services.office_hours.views import place_of, thread_of
from bot.store.unit_of_work import UnitOfWork
from models import Booking, OutboxLetter, Request

REMINDERS = {
    Step.DAY_BEFORE: ("meeting.tomorrow", "meeting.tomorrow_thread"),
    Step.SOON: ("meeting.soon", "meeting.soon_thread"),
}


async def remind(work: UnitOfWork, booking: Booking, step: Step, now: datetime) -> None:
    """Remind both of what they agreed on, also in the thread it came from."""
    direct, public = REMINDERS[step]
    place = await place_of(work, booking)
    for member_id in (booking.host_id, booking.asker_id):
        await work.outbox.write_once(_to(member_id, _letter(booking, HoursLetter.REMINDER, direct, now, place=place)))
    if await thread_of(work, booking) is not None:
        await work.outbox.write_once(_letter(booking, HoursLetter.REMINDER, public, now))


async def open_room(work: UnitOfWork, booking: Booking, now: datetime) -> None:
    """Give both a thread of their own, where the community wants that."""
    settings = await work.guilds.settings(booking.guild_id)
    if settings is None or settings.room_channel_id is None:
        return
    also = settings.meeting_channel_id if settings.meeting_channel_id != settings.room_channel_id else None
    await work.outbox.write_once(_letter(booking, HoursLetter.ROOM, "meeting.room.opened", now, also=also or 0))


async def room_made(work: UnitOfWork, booking_id: int, room_id: int, now: datetime) -> None:
    """Note where both meet, and have it put away after a while."""
    await work.meetings.note_room(booking_id, room_id)
    booking = await work.bookings.get(booking_id)
    if booking is not None:
        await work.outbox.write_once(
            _letter(booking, HoursLetter.ROOM_OVER, "room_over", max(now, booking.ends_at + ROOM_FOR))
        )


async def ask_in(work: UnitOfWork, booking: Booking, now: datetime) -> None:
    """Let both say that they are there."""
    place = await place_of(work, booking)
    for member_id in (booking.host_id, booking.asker_id):
        await work.outbox.write_once(
            _to(member_id, _letter(booking, HoursLetter.CHECK_IN, "meeting.start", now, place=place))
        )
    if booking.room_id is not None or await thread_of(work, booking) is not None:
        await work.outbox.write_once(_letter(booking, HoursLetter.CHECK_IN, "meeting.start_thread", now))


async def ping(work: UnitOfWork, booking: Booking, now: datetime) -> None:
    """Tell the person who isn't there that the other is, once."""
    missing_id = booking.asker_id if booking.host_here_at else booking.host_id
    place = await place_of(work, booking)
    await work.outbox.write_once(
        _to(missing_id, _letter(booking, HoursLetter.CHECK_IN, "meeting.ping", now, place=place))
    )


async def offer_to_miss(work: UnitOfWork, booking: Booking, now: datetime) -> None:
    """Let the person who is there say that the other isn't."""
    here_id = booking.host_id if booking.host_here_at else booking.asker_id
    await work.outbox.write_once(_to(here_id, _letter(booking, HoursLetter.CHECK_IN, "meeting.missing", now)))


async def ask_how(work: UnitOfWork, booking: Booking, now: datetime, *, has_more: bool) -> None:
    """Ask both how it was; with `has_more` they may also go on for a little."""
    for member_id, other_came in ((booking.host_id, booking.asker_here_at), (booking.asker_id, booking.host_here_at)):
        own = booking.host_here_at if member_id == booking.host_id else booking.asker_here_at
        params = {"more": int(has_more), "alone": int(own is not None and other_came is None)}
        params["settles"] = await _settles(work, booking, member_id)
        await work.outbox.write_once(
            _to(member_id, _letter(booking, HoursLetter.CHECK, "meeting.check", now, **params))
        )


async def ask_whether(work: UnitOfWork, booking: Booking, now: datetime) -> None:
    """Ask both whether they met, where neither said that they were there."""
    for member_id in (booking.host_id, booking.asker_id):
        settles = await _settles(work, booking, member_id)
        await work.outbox.write_once(
            _to(member_id, _letter(booking, HoursLetter.CHECK, "meeting.unsure", now, settles=settles))
        )


async def tell_more(work: UnitOfWork, booking: Booking, member_id: int, now: datetime) -> None:
    """Tell one of both that the other would like to go on for a little."""
    await work.outbox.write_once(_to(member_id, _letter(booking, HoursLetter.CHECK, "meeting.more", now)))


async def tell_missed(work: UnitOfWork, booking: Booking, member_id: int, now: datetime) -> None:
    """Tell one of both kindly that the other waited."""
    text = "meeting.missed_host" if member_id == booking.host_id else "meeting.missed_asker"
    await work.outbox.write_once(_to(member_id, _letter(booking, HoursLetter.CHECK, text, now)))


async def tell_no_shows(work: UnitOfWork, booking: Booking, until: datetime, now: datetime) -> None:
    """Tell an asker privately, once for each last straw, what follows from not coming, and how they may object."""
    params = {"until": int(until.timestamp())}
    await work.outbox.write_once(
        _to(booking.asker_id, _letter(booking, HoursLetter.CHECK, "meeting.no_shows", now, **params))
    )


async def appeal(work: UnitOfWork, booking: Booking, until: datetime, now: datetime) -> None:
    """Ask the moderators to let it pass, once."""
    await work.outbox.write_once(
        _letter(booking, HoursLetter.CHECK, "meeting.appeal", now, until=int(until.timestamp()))
    )


async def tell_appeal(work: UnitOfWork, booking: Booking, text: str, until: datetime, now: datetime) -> None:
    """Tell an asker what the moderators decided, once for each decision."""
    params = {"until": int(until.timestamp())}
    await work.outbox.write_once(_to(booking.asker_id, _letter(booking, HoursLetter.CHECK, text, now, **params)))


async def open_question(work: UnitOfWork, booking: Booking) -> Request | None:
    """Return the question a booking came from, where it is open and everyone may know whose it is."""
    question = await work.requests.get(booking.request_id) if booking.request_id else None
    if question is None or Visibility(question.visibility).is_hidden:
        return None
    return None if question.state in {RequestState.CLOSED, RequestState.RESOLVED} else question


async def _settles(work: UnitOfWork, booking: Booking, member_id: int) -> int:
    return int(member_id == booking.asker_id and await open_question(work, booking) is not None)


def _letter(booking: Booking, kind: HoursLetter, text: str, now: datetime, **params: str | int) -> OutboxLetter:
    return OutboxLetter(
        guild_id=booking.guild_id,
        kind=kind,
        key=f"{text}:{booking.id}",
        due_at=now,
        booking_id=booking.id,
        text=text,
        params=params,
    )


def _to(member_id: int, letter: OutboxLetter) -> OutboxLetter:
    letter.member_id, letter.key = member_id, f"{letter.key}:{member_id}"
    return letter
