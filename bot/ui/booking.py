"""Free times, bookings and the waitlist as people see them; pure, apart from needing a running event loop."""

from datetime import datetime
from functools import cache

import discord
from babel import Locale, UnknownLocaleError
from babel.dates import format_skeleton
from discord.utils import format_dt

from bot.domain.hours import own_clock
from bot.services.office_hours.booking_results import (
    Booked,
    BookingView,
    Choices,
    OpenSlot,
    OwnTimes,
    WaitlistPlaceView,
)
from bot.services.office_hours.contents import BookingNews
from bot.services.results import Letter
from bot.texts import say
from bot.ui import limits
from bot.ui.items import Item, Press, button, pick, pick_person, view
from bot.ui.render import SUCCESS, Rendered, news
from bot.ui.written import inline, plain, quoted

_REASONS = (60, 30, 0)
"""Characters shown of what speaks for each host: the most with which all of them fit into a message."""
_LINE = 50
"""Characters of a line without it."""
_QUOTED = 900
"""Characters shown of a question or a note."""
_SHOWN = 60
"""Characters shown of a question in a list."""


def choices(result: Choices, locale: str) -> Rendered:
    """Return what is free, with a select whose options say the hour in words: timestamps stay raw there."""
    items: list[Item] = []
    if result.slots:
        options = [_option(each, place, result.zone, locale) for place, each in enumerate(result.slots, 1)]
        items.append(pick(Press("book", "pick", result.waiting_id), say("book.pick.placeholder", locale), options))
    if result.has_more:
        items.append(button(Press("book", "more", result.waiting_id), say("book.more.button", locale)))
    items += [
        button(Press("waitlist", "join", result.waiting_id), say("waitlist.join.button", locale)),
        pick_person(Press("waitlist", "host", result.waiting_id), say("waitlist.host.placeholder", locale)),
    ]
    lengths = (each for each in _REASONS if len(result.slots) * (_LINE + each) <= limits.MESSAGE or not each)
    drafts = (_listed(result, locale, longest) for longest in lengths)
    return Rendered(next(each for each in drafts if len(each) <= limits.MESSAGE), view=view(*items))


def booked(result: Booked, locale: str) -> Rendered:
    """Return the receipt; `bot.ui.calendars` adds the file."""
    content = say("book.done", locale, **_params(result.booking))
    return Rendered(content, view=_cancel_view(result.booking, locale))


def own_booking(booking: BookingView, locale: str) -> Rendered:
    """Return one booking with everything one may do about it."""
    shown = _cancel_view(booking, locale)
    # A person without direct messages has this button nowhere else.
    shown.add_item(button(Press("meeting", "here", booking.booking_id), say("meeting.here.button", locale)))
    return Rendered(_said(booking, locale), view=shown)


def joined(place: WaitlistPlaceView, locale: str) -> Rendered:
    """Return what a member reads who waits from now on."""
    key = "waitlist.joined" if place.host_user_id is None else "waitlist.joined_one"
    return Rendered(say(key, locale, host=f"<@{place.host_user_id}>"), view=_leave_view(place, locale))


def own_place(place: WaitlistPlaceView, locale: str) -> Rendered:
    """Return one place on the waitlist, with what is offered now."""
    if place.offered is not None and place.is_kept:
        return _offer(place, locale)
    return Rendered(_place_line(place, locale), view=_leave_view(place, locale))


def times_lines(times: OwnTimes, locale: str) -> list[str]:
    """Return a member's bookings and places on the waitlist, a line each; nothing where there are none."""
    lines = list[str]()
    if times.bookings:
        lines += [say("mine.bookings", locale), *(_booking_line(each, locale) for each in times.bookings)]
    if times.places:
        lines += [say("mine.places", locale), *(_place_line(each, locale) for each in times.places)]
    return lines


def times_items(times: OwnTimes, locale: str) -> list[Item]:
    """Return one select of a member's bookings, and of their places on the waitlist with their ids below zero."""
    options = [_row_option(each.booking_id, each.question) for each in times.bookings]
    options += [_row_option(-each.waiting_id, each.question) for each in times.places]
    return [pick(Press("mine", "time"), say("mine.pick_time.placeholder", locale), options)] if options else []


def booking_letter(letter: Letter[BookingNews], locale: str) -> Rendered:
    """Return how a booking stands after a change, with its file."""
    booking = letter.content.booking
    if letter.user_id is None:
        return news(letter.addressee_id, locale)
    is_on = booking.state != "cancelled"
    shown = _cancel_view(booking, locale) if is_on else None
    return Rendered(_said(booking, locale), view=shown, invites_to=booking)


def slot_offer(letter: Letter[WaitlistPlaceView], locale: str) -> Rendered:
    """Return a slot that a member may take."""
    return news(letter.addressee_id, locale) if letter.user_id is None else _offer(letter.content, locale)


def local_hour(moment: datetime, zone: str | None, locale: str) -> str:
    """Return a moment in words, on the reader's clock and naming it: "Tue, Nov 25, 18:00 (Europe/Paris)"."""
    clock = own_clock(zone)
    day, hour = (format_skeleton(each, moment, tzinfo=clock, locale=_babel(locale)) for each in ("MMMEd", "Hm"))
    return f"{day}, {hour} ({clock.key})"


def _offer(place: WaitlistPlaceView, locale: str) -> Rendered:
    slot, row = place.offered, place.waiting_id
    assert slot is not None, "only what is offered is shown"  # noqa: S101
    until = format_dt(place.offer_ends_at, "t") if place.offer_ends_at else "…"
    key = "waitlist.offer" if place.is_kept else "waitlist.offer_open"
    intro = say(key, locale, host=f"<@{slot.host_user_id}>", when=format_dt(slot.starts_at, "F"), until=until)
    buttons: list[Item] = [
        button(Press("waitlist", "take", row), say("waitlist.take.button", locale), SUCCESS),
        button(Press("waitlist", "pass", row), say("waitlist.pass.button", locale)),
    ]
    if place.is_kept:
        buttons.append(button(Press("waitlist", "leave", row), say("waitlist.leave.button", locale)))
    return Rendered(f"{intro}\n{quoted(place.question, _QUOTED)}", view=view(*buttons))


def _said(booking: BookingView, locale: str) -> str:
    params = _params(booking)
    if booking.state == "cancelled":
        return cancelled(booking, locale)
    key = "book.moved" if booking.sequence else f"book.booked_{booking.side}"
    lines = [say(key, locale, **params), quoted(booking.question, _QUOTED)]
    return "\n".join(lines)


def cancelled(booking: BookingView, locale: str) -> str:
    """Return what one of both reads about a booking that was cancelled."""
    params = _params(booking)
    if booking.cancelled_by == booking.side:
        return say("book.cancelled_by_you", locale, **params)
    key = "book.cancelled_by_moderator" if booking.cancelled_by == "moderator" else "book.cancelled"
    lines = [say(key, locale, **params)]
    if booking.note and booking.cancelled_by != "moderator":
        lines += [say("book.note", locale, note=inline(booking.note, _QUOTED))]
    if booking.side == "asker":
        lines.append(say("book.again", locale))
    return "\n".join(lines)


def _params(booking: BookingView) -> dict[str, object]:
    starts_at = booking.starts_at
    return {
        "other": f"<@{booking.other_user_id}>",
        "when": format_dt(starts_at, "F"),
        "in_a_while": format_dt(starts_at, "R"),
    }


def _listed(result: Choices, locale: str, longest: int) -> str:
    lines = [_introduction(result, locale)]
    if result.same_day_until is not None:
        lines.append(say("book.same_day", locale, until=format_dt(result.same_day_until, "D")))
    # What speaks for a host is said once, however many of their times are listed.
    told = set[tuple[int, str | None]]()
    for place, each in enumerate(result.slots, 1):
        why = (each.host_user_id, each.reason)
        lines.append(_line(each, place, locale, 0 if why in told else longest))
        told.add(why)
    if result.slots and result.zone is None:
        lines.append(say("book.no_zone", locale))
    return "\n".join(lines)


def _introduction(result: Choices, locale: str) -> str:
    if result.is_just_taken:
        return say("book.just_taken" if result.slots else "book.just_taken_all", locale)
    return say("book.intro" if result.slots else "book.nothing_free", locale)


def _line(slot: OpenSlot, number: int, locale: str, longest: int) -> str:
    host, when = f"<@{slot.host_user_id}>", format_dt(slot.starts_at, "f")
    if slot.reason and longest:
        reason = inline(slot.reason, longest)
        return say("book.line_with_reason", locale, number=number, host=host, when=when, reason=reason)
    return say("book.line", locale, number=number, host=host, when=when)


def _option(slot: OpenSlot, number: int, zone: str | None, locale: str) -> discord.SelectOption:
    label = f"{number}. {local_hour(slot.starts_at, zone, locale)}"
    return discord.SelectOption(
        label=label[: limits.OPTION_LABEL],
        value=str(slot.slot_id),
        description=plain(slot.reason, limits.OPTION_LABEL) if slot.reason else None,
    )


def _row_option(row: int, text: str) -> discord.SelectOption:
    return discord.SelectOption(label=plain(text, limits.OPTION_LABEL), value=str(row))


def _booking_line(booking: BookingView, locale: str) -> str:
    question = inline(booking.question, _SHOWN)
    return say("mine.booking_line", locale, question=question, **_params(booking))


def _place_line(place: WaitlistPlaceView, locale: str) -> str:
    question = inline(place.question, _SHOWN)
    if place.host_user_id is None:
        return say("mine.place_line", locale, question=question)
    return say("mine.place_with_line", locale, question=question, host=f"<@{place.host_user_id}>")


def _cancel_view(booking: BookingView, locale: str) -> discord.ui.View:
    return view(button(Press("book", "cancel", booking.booking_id), say("book.cancel.button", locale)))


def _leave_view(place: WaitlistPlaceView, locale: str) -> discord.ui.View:
    return view(button(Press("waitlist", "leave", place.waiting_id), say("waitlist.leave.button", locale)))


@cache
def _babel(locale: str) -> Locale:
    try:
        return Locale.parse(locale, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")
