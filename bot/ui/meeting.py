"""Fifteen minutes in words and buttons: before, during and after; pure, apart from needing a running event loop."""

from collections.abc import Mapping
from datetime import UTC, datetime

import discord
from discord.utils import format_dt

from bot.services.office_hours.booking_results import BookingView
from bot.services.office_hours.contents import MeetingLine, MeetingRoom, RoomOver
from bot.services.office_hours.meeting_results import Arrival
from bot.services.results import Letter
from bot.texts import say
from bot.ui.items import Item, Press, button, view
from bot.ui.render import PRIMARY, SUCCESS, Rendered, Way

KIND = "meeting"
"""What the presses of a meeting are called."""
_BUTTONS: Mapping[str, tuple[str, ...]] = {
    "meeting.start": ("here",),
    "meeting.start_thread": ("here",),
    "meeting.ping": ("here",),
    "meeting.missing": ("not_here",),
    "meeting.check": ("helped", "partly", "not_yet", "note"),
    "meeting.unsure": ("helped", "partly", "not_yet", "note"),
    "meeting.no_shows": ("appeal",),
    "meeting.appeal": ("excuse", "leave"),
}
"""What can be pressed, by what is said."""
_LABELS: Mapping[str, str] = {
    "here": "meeting.here.button",
    "not_here": "meeting.not_here.button",
    "more": "meeting.more_time.button",
    "helped": "outcome.yes.button",
    "partly": "outcome.partly_button.button",
    "not_yet": "outcome.not_yet.button",
    "note": "meeting.note.button",
    "appeal": "meeting.appeal_button.button",
    "excuse": "meeting.excuse.button",
    "leave": "meeting.leave.button",
}
_STYLES: Mapping[str, discord.ButtonStyle] = {"here": SUCCESS, "helped": SUCCESS, "more": PRIMARY}


def line(letter: Letter[MeetingLine], locale: str) -> Rendered:
    """Return a line about a booking."""
    said = letter.content
    booking = said.booking
    content = _said(said.text, booking, locale, place=place(said.place_id, locale), until=_day(said.until))
    verbs = [*_BUTTONS.get(said.text, ())]
    if said.has_more:
        content += "\n" + say("meeting.check_more", locale)
        verbs.append("more")
    if said.was_alone:
        verbs.append("not_here")
    if said.settles:
        content += "\n" + say("meeting.check_settles", locale)
    return Rendered(
        content,
        view=buttons(booking.booking_id, verbs, locale) if verbs else None,
        pings=_both(booking) if said.is_for_both else (),
    )


def room(letter: Letter[MeetingRoom], locale: str) -> Rendered:
    """Return what opens a thread for two who meet."""
    booking, also = letter.content.booking, letter.content.also_in
    content = _said("meeting.room.opened", booking, locale)
    if also:
        content += "\n" + say("meeting.room.also", locale, channel=f"<#{also}>")
    return Rendered(
        content,
        pings=_both(booking),
        title=say("meeting.room.title", locale, number=booking.booking_id),
        way=Way.OPEN_ROOM,
        is_private=True,
        members=_both(booking),
    )


def room_over(_letter: Letter[RoomOver], _locale: str) -> Rendered:
    """Return how such a thread ends."""
    return Rendered("", way=Way.PUT_AWAY)


def arrived(arrival: Arrival, locale: str) -> Rendered:
    """Return what a person reads who said that they are there."""
    other, where = f"<@{arrival.booking.other_user_id}>", place(arrival.place or 0, locale)
    if arrival.is_other_here:
        return Rendered(say("meeting.here_both", locale, place=where))
    since = format_dt(arrival.may_miss_from, "t")
    return Rendered(
        say("meeting.here_first", locale, other=other, place=where, from_when=since),
        view=buttons(arrival.booking.booking_id, ["not_here"], locale),
    )


def place(channel_id: int, locale: str) -> str:
    """Return where two people meet; 0 is nowhere in particular."""
    if not channel_id:
        return say("meeting.no_place", locale)
    return say("meeting.place", locale, channel=f"<#{channel_id}>")


def buttons(booking_id: int, verbs: list[str], locale: str) -> discord.ui.View:
    """Return the buttons of a booking."""
    items: list[Item] = [
        button(
            Press(KIND, verb, booking_id),
            say(_LABELS[verb], locale),
            _STYLES.get(verb, discord.ButtonStyle.secondary),
        )
        for verb in verbs
    ]
    return view(*items)


def _day(stamp: int) -> str:
    return format_dt(datetime.fromtimestamp(stamp, UTC), "D")


def _both(booking: BookingView) -> tuple[int, int]:
    return booking.host_user_id, booking.asker_user_id


def _said(text: str, booking: BookingView, locale: str, **more: str) -> str:
    return say(
        text,
        locale,
        other=f"<@{booking.other_user_id}>",
        host=f"<@{booking.host_user_id}>",
        asker=f"<@{booking.asker_user_id}>",
        when=f"{format_dt(booking.starts_at, 'F')} ({format_dt(booking.starts_at, 'R')})",
        ends=format_dt(booking.ends_at, "t"),
        **more,
    )
