"""From letters to what people see: what a letter is made of has one way to be shown."""

from collections.abc import Mapping
from typing import Any

from bot.services.community.letters import Panel, SharedPanel
from bot.services.office_hours.booking_results import WaitlistPlaceView
from bot.services.office_hours.contents import BookingNews, MeetingLine, MeetingRoom, QueueLine, RoomOver, WhichClock
from bot.services.office_hours.offering_results import EventPlan
from bot.services.outbox.removing import Removal
from bot.services.people.letters import MessageCheck
from bot.services.results import Letter
from bot.texts import say
from bot.ui import booking, events, feedback_letters, hours, meeting, queue, request_letters, statistics
from bot.ui.items import Press, button, view
from bot.ui.render import PRIMARY, SUCCESS, Rendered, Show, Way


def letter(letter: Letter[Any], locale: str = "en") -> Rendered:
    """Return a letter's words and buttons; one that leads a hidden asker into their thread says how to stay unknown."""
    shown = SHOWN[type(letter.content)](letter, locale)
    return request_letters.staying_unknown(shown, letter, locale)


def _check(letter: Letter[MessageCheck], locale: str) -> Rendered:
    arrived = button(Press("check", "arrived", letter.content.member_id), say("check.button", locale), SUCCESS)
    return Rendered(content=say("check.text", locale), view=view(arrived))


def _removal(letter: Letter[Removal], locale: str) -> Rendered:
    title = letter.content.title
    return Rendered("", title=say(title, locale) if title else "", way=Way.REMOVE, renames=title is not None)


def _panel(_letter: Letter[Panel], locale: str) -> Rendered:
    return Rendered(
        content=say("panel.text", locale),
        view=view(
            button(Press("panel", "ask"), say("panel.ask.button", locale), PRIMARY),
            button(Press("panel", "feedback"), say("panel.feedback.button", locale)),
            button(Press("panel", "book"), say("panel.book.button", locale)),
            button(Press("panel", "offer"), say("panel.offer.button", locale)),
            button(Press("panel", "profile"), say("panel.profile.button", locale)),
            button(Press("panel", "mine"), say("panel.mine.button", locale)),
        ),
        title=say("ask.title", locale),
        way=Way.PIN,
    )


SHOWN: Mapping[type, Show] = {
    **request_letters.SHOWN,
    **feedback_letters.SHOWN,
    BookingNews: booking.booking_letter,
    WaitlistPlaceView: booking.slot_offer,
    MeetingLine: meeting.line,
    QueueLine: queue.line,
    MeetingRoom: meeting.room,
    RoomOver: meeting.room_over,
    EventPlan: events.event,
    WhichClock: hours.which_clock,
    MessageCheck: _check,
    Removal: _removal,
    Panel: _panel,
    SharedPanel: statistics.shared,
}
"""How each content becomes a message."""
