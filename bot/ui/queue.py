"""The queue of a walk-in hour in words and buttons; pure, apart from needing a running event loop."""

from datetime import UTC, datetime

import discord
from discord.utils import format_dt

from bot.services.office_hours.contents import QueueLine
from bot.services.office_hours.meeting_results import OwnQueuePlace, Turn
from bot.services.results import Letter
from bot.texts import say
from bot.ui import limits
from bot.ui.items import Press, button, view
from bot.ui.meeting import place
from bot.ui.render import PRIMARY, Rendered
from bot.ui.written import inline

_SHOWN = (1_500, 800)
"""Characters shown of a question: whole, or as many as fit however much of it has to be escaped."""


def line(letter: Letter[QueueLine], locale: str) -> Rendered:
    """Return a line about a queue."""
    said = letter.content
    if letter.user_id is None:
        told = letter.addressee_id or 0
        return Rendered(say("queue.elsewhere", locale, member=f"<@{told}>"), pings=(told,))
    content = say(
        said.text,
        locale,
        host=f"<@{said.host_user_id}>",
        place=place(said.channel_id, locale),
        when=format_dt(datetime.fromtimestamp(said.when, UTC), "F"),
    )
    match said.text:
        case "queue.begin":
            return Rendered(content, view=_next(said.occurrence_id, locale))
        case "queue.turn" | "queue.hold_over":
            return Rendered(content, view=_waiting(said.place_id, locale))
    return Rendered(content)


def own_place(found: OwnQueuePlace, locale: str) -> Rendered:
    """Return where a person stands, and what they may do about it."""
    host = f"<@{found.host_user_id}>"
    if found.state == "held" and found.held_until is not None:
        back = button(Press("queue", "back", found.place_id), say("queue.back.button", locale), PRIMARY)
        leave = button(Press("queue", "leave", found.place_id), say("queue.leave.button", locale))
        return Rendered(say("queue.held", locale, until=format_dt(found.held_until, "t")), view=view(back, leave))
    if found.state == "invited":
        content = say("queue.invited", locale, host=host)
    elif found.ahead:
        content = say("queue.joined", locale, host=host, ahead=found.ahead)
    else:
        content = say("queue.joined_first", locale, host=host)
    return Rendered(content, view=_waiting(found.place_id, locale))


def turn(found: Turn, locale: str) -> Rendered:
    """Return whose turn it is, for the host."""
    again = _next(found.occurrence_id, locale)
    if found.user_id is None:
        return Rendered(say("queue.nobody", locale, held=found.held), view=again)
    rest = say("queue.waiting_after", locale, waiting=found.waiting, held=found.held)
    drafts = (
        say("queue.next", locale, asker=f"<@{found.user_id}>", question=inline(found.question, longest)) + "\n" + rest
        for longest in _SHOWN
    )
    return Rendered(next(each for each in drafts if len(each) <= limits.MESSAGE), view=again)


def own_hour(occurrence_id: int, locale: str) -> Rendered:
    """Return what a host sees of their own walk-in hour: with closed direct messages they have the button only here."""
    return Rendered(say("queue.own_hour", locale), view=_next(occurrence_id, locale))


def _next(occurrence_id: int, locale: str) -> discord.ui.View:
    return view(button(Press("queue", "next", occurrence_id), say("queue.invite.button", locale), PRIMARY))


def _waiting(place_id: int, locale: str) -> discord.ui.View:
    return view(
        button(Press("queue", "hold", place_id), say("queue.hold.button", locale)),
        button(Press("queue", "leave", place_id), say("queue.leave.button", locale)),
    )
