"""Fifteen minutes in words and buttons: before, during and after; pure, apart from needing a running event loop."""

from collections.abc import Mapping
from datetime import UTC, datetime

import discord
from discord.utils import format_dt

from bot.services.office_hours.meeting_results import Arrival
from bot.services.results import Letter
from bot.texts import say
from bot.ui.items import Item, Press, button, view
from bot.ui.render import PRIMARY, SUCCESS, Rendered

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


def letter(letter: Letter, locale: str) -> Rendered:
    """Return a letter about a booking."""
    booking, text = letter.booking, letter.text or ""
    if booking is None:
        msg = f"a letter that says {text} needs its booking"
        raise ValueError(msg)
    host, asker = f"<@{booking.host_user_id}>", f"<@{booking.asker_user_id}>"
    content = say(
        text,
        locale,
        other=f"<@{booking.other_user_id}>",
        host=host,
        asker=asker,
        when=f"{format_dt(booking.starts_at, 'F')} ({format_dt(booking.starts_at, 'R')})",
        ends=format_dt(booking.ends_at, "t"),
        place=place(int(letter.params.get("place", 0)), locale),
        until=_day(int(letter.params.get("until", 0))),
    )
    verbs = [*_BUTTONS.get(text, ())]
    if letter.params.get("more"):
        content += "\n" + say("meeting.check_more", locale)
        verbs.append("more")
    if letter.params.get("alone"):
        verbs.append("not_here")
    if letter.params.get("settles"):
        content += "\n" + say("meeting.check_settles", locale)
    if also := int(letter.params.get("also", 0)):
        content += "\n" + say("meeting.room.also", locale, channel=f"<#{also}>")
    is_for_both = letter.addressee_id is None and letter.kind != "check"
    return Rendered(
        content,
        view=buttons(booking.booking_id, verbs, locale) if verbs else None,
        pings=(booking.host_user_id, booking.asker_user_id) if is_for_both else (),
        title=say("meeting.room.title", locale, number=booking.booking_id) if letter.kind == "room" else "",
    )


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
