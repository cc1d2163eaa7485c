"""What a member has going on, and the buttons for each part of it; pure, apart from needing a running event loop."""

from collections.abc import Mapping
from datetime import timedelta

import discord
from discord.utils import format_dt

from bot.domain.lifecycle import ANSWERED_STATES, InvitationState, RequestState
from bot.services.feedback.seats import OwnDraft, Seat
from bot.services.people.recognising import Home
from bot.services.people.tracking_results import Mine, OwnQuestion
from bot.services.results import DraftView, Duty, Pause
from bot.texts import own, say
from bot.ui import booking, limits
from bot.ui.items import Item, Press, button, pick, view
from bot.ui.looks import CHOICES, afterwards, to_read, whole, without_parts
from bot.ui.render import PRIMARY, SUCCESS, Rendered, fitting, link, outcome_view
from bot.ui.request_letters import invitation_view, reply_hint
from bot.ui.unveiled import revealed_because
from bot.ui.written import inline, plain

PAUSES: Mapping[str, timedelta | None] = {
    "day": timedelta(days=1),
    "week": timedelta(days=7),
    "month": timedelta(days=30),
    "open": None,
}
"""How long a pause a member may choose, by the last word of the text's key; None: until they say so."""
_SHOWN = 90
"""Characters shown of each question, so that all of them fit into a message."""
_CLOSEABLE = {RequestState.WAITING, RequestState.TAKEN, RequestState.ANSWERED, RequestState.ARCHIVED}
_LATE = {RequestState.WAITING, RequestState.ARCHIVED}
"""The states in which a draft's author may choose how to go on once its date has passed."""
_WITHDRAW = ("round", "withdraw")
_WAITING = {RequestState.WAITING, RequestState.TAKEN, RequestState.ARCHIVED}


def mine(result: Mine, home: Home, locale: str) -> Rendered:
    """Return everything of a person's that is going on in one community, with a select for each kind."""
    guild_id = home.guild_id
    questions = [each for each in result.questions if each.draft is None]
    lines = [say("mine.questions", locale), *(_question_line(each, guild_id, locale) for each in questions)]
    if not questions:
        lines.append(say("mine.no_questions", locale))
    if drafts := [each for each in result.questions if each.draft is not None]:
        lines += [say("mine.drafts", locale), *(_question_line(each, guild_id, locale) for each in drafts)]
    if result.duties:
        lines += [say("mine.duties", locale), *(_duty_line(each, guild_id, locale) for each in result.duties)]
    lines += booking.times_lines(result.times, locale)
    lines += [_budget(result, locale), *([pause(result.pause, locale)] if result.pause.is_paused else [])]
    items: list[Item] = []
    if result.questions:
        options = [_option(each.request_id, each.text) for each in result.questions]
        items.append(pick(Press("mine", "question"), say("mine.pick_question.placeholder", locale), options))
    if result.duties:
        options = [_option(each.invitation_id, each.request.text) for each in result.duties]
        items.append(pick(Press("mine", "duty"), say("mine.pick_duty.placeholder", locale), options))
    items += booking.times_items(result.times, locale)
    if result.offers_time:
        items.append(button(Press("hours", "list", home.member_id), say("hours.list.button", locale)))
    if result.pause.is_paused:
        items.append(_end_button(result.pause, locale))
    return Rendered(fitting(lines), view=view(*items) if items else None)


def own_question(question: OwnQuestion, guild_id: int, locale: str) -> Rendered:
    """Return one of a member's questions with everything they may do about it."""
    row, state = question.request_id, question.state
    lines = [_question_line(question, guild_id, locale)]
    lines += [_seat_line(number, each, locale) for number, each in enumerate(_seats(question), start=1)]
    content = "\n".join([*lines, *_how_to_reply(question, locale)])
    if question.revealed_because:
        content += "\n" + revealed_because(question.revealed_because, locale)
    if state is RequestState.UNPOSTED:
        return Rendered(content, view=view(*_unposted_buttons(question, locale)))
    shown = outcome_view(row, locale) if state is RequestState.ANSWERED else view()
    for item in _question_buttons(question, locale):
        shown.add_item(item)
    return Rendered(content, view=shown if shown.children else None)


def _unposted_buttons(question: OwnQuestion, locale: str) -> list[Item]:
    row = question.request_id
    if question.draft is not None:
        return [
            button(Press("drafting", "look", row), say("mine.look.button", locale), PRIMARY),
            button(Press("drafting", "drop", row), say("feedback.drop.button", locale)),
        ]
    return [
        button(Press("draft", "post", row), say("mine.post.button", locale), PRIMARY),
        button(Press("draft", "edit", row), say("advice.edit.button", locale)),
        button(Press("draft", "drop", row), say("mine.drop.button", locale)),
    ]


def _seats(question: OwnQuestion) -> tuple[Seat, ...]:
    is_unposted = question.state is RequestState.UNPOSTED
    return () if question.draft is None or is_unposted else question.draft.seats


def _seat_line(number: int, seat: Seat, locale: str) -> str:
    since = format_dt(seat.since, "R") if seat.since else "…"
    reader = f"<@{seat.reader_user_id}>"
    return say(f"draft.seat.{seat.state}", locale, number=number, since=since, reader=reader)


def _how_to_reply(question: OwnQuestion, locale: str) -> list[str]:
    """Say how a hidden asker answers in their thread, once there is one."""
    if not question.visibility.is_hidden or question.thread_id is None:
        return []
    if question.is_moderated:
        return [] if question.visibility.shuts_out else [say("reply.hint_closed", locale)]
    return [say(_own(question, reply_hint(question.visibility)), locale)]


def _own(question: OwnQuestion, key: str) -> str:
    """Return the key of a text in the words of a question's kind."""
    return own(key, "draft") if question.draft is not None else key


def _question_buttons(question: OwnQuestion, locale: str) -> list[Item]:
    row, state = question.request_id, question.state
    buttons: list[Item] = []
    if question.draft is not None and question.draft.has_feedback:
        buttons.append(button(Press("reading", "read", row), say("feedback.read.button", locale), SUCCESS))
    if question.is_moderated:
        return [*buttons, *_taking_back(question, locale)]
    if state in {RequestState.ARCHIVED, RequestState.CLOSED} and question.thread_id is not None:
        buttons.append(button(Press("question", "reopen", row), say("reopen.button", locale), PRIMARY))
    if state in _WAITING and question.draft is None:
        buttons.append(button(Press("question", "rephrase", row), say("choices.rephrase.button", locale)))
    if state in _WAITING:
        buttons.append(button(Press("question", "more", row), say("choices.more.button", locale)))
    if state in _CLOSEABLE:
        buttons.append(button(Press("question", "close", row), say("choices.close.button", locale)))
    buttons += _taking_back(question, locale)
    if question.visibility.is_hidden and question.thread_id is not None:
        buttons.append(button(Press("reply", "write", row), say(_own(question, "reply.button"), locale)))
    return buttons


def _taking_back(question: OwnQuestion, locale: str) -> list[Item]:
    """Return how the author of a draft takes it back or goes on: all that they may choose, once its date has passed."""
    if question.draft is None or not question.text:
        # Taken back, it says nothing any more.
        return []
    is_late = question.draft.is_late and question.state in _LATE
    own_choices = without_parts(CHOICES["draft"]) if question.draft.is_review else CHOICES["draft"]
    offered = [each for each in own_choices if is_late or each[:2] == _WITHDRAW]
    if question.state in ANSWERED_STATES:
        offered = [*afterwards("draft"), *offered]
    return [button(Press(kind, verb, question.request_id), say(key, locale)) for kind, verb, key in offered]


def own_duty(duty: Duty, guild_id: int, locale: str) -> Rendered:
    """Return one thing a member was asked or took, with everything they may do about it."""
    row, line = duty.invitation_id, _duty_line(duty, guild_id, locale)
    if duty.state is InvitationState.TAKEN:
        shown = view(button(Press("claim", "give_back", row), say("claim.give_back.button", locale)))
        if isinstance(duty.request, DraftView):
            write = Press("reading", "write", duty.request.request_id)
            shown = view(button(write, say("feedback.begin.button", locale), SUCCESS), *shown.children)
        return Rendered(line, view=shown)
    if duty.state is InvitationState.ALTERNATE:
        leave = button(Press("invitation", "pass", row), say("invitation.pass.button", locale))
        return Rendered(line, embed=whole(duty.request, locale), view=view(leave))
    # With closed direct messages a private question is read nowhere else before it is taken.
    return Rendered(line, embed=whole(duty.request, locale), view=invitation_view(row, locale))


def pause(result: Pause, locale: str) -> str:
    """Return whether a member is paused, and until when."""
    if not result.is_paused:
        return say("pause.not_paused", locale)
    if result.until is None:
        return say("pause.open_end", locale)
    return say("pause.until", locale, when=format_dt(result.until, "F"))


def pause_menu(result: Pause, home: Home, locale: str) -> discord.ui.View:
    """Return the lengths of a pause to choose from, and the button that ends one, while there is one."""
    lengths = [_option(place, say(f"pause.length.{each}", locale)) for place, each in enumerate(PAUSES)]
    shown = view(pick(Press("pause", "choose", home.member_id), say("pause.pick.placeholder", locale), lengths))
    if result.is_paused:
        shown.add_item(_end_button(result, locale))
    return shown


def pause_view(result: Pause, locale: str) -> discord.ui.View | None:
    """Return the button that ends a pause, while there is one."""
    if not result.is_paused:
        return None
    return view(_end_button(result, locale))


def _end_button(result: Pause, locale: str) -> Item:
    return button(Press("pause", "end", result.member_id), say("pause.end.button", locale), SUCCESS)


def _question_line(question: OwnQuestion, guild_id: int, locale: str) -> str:
    text, state = inline(question.text, _SHOWN), say(f"state.{question.state}", locale)
    if question.draft is not None:
        state = f"{state} · {_course(question.draft, locale)}"
    if question.led_to is None:
        return say("mine.question_without_thread", locale, question=text, state=state)
    return say("mine.question_line", locale, question=text, state=state, thread=link(guild_id, question.led_to))


def _course(draft: OwnDraft, locale: str) -> str:
    """Return which round a draft is in, and when it is needed."""
    parts = [say("draft.round", locale, round=draft.round)]
    if draft.needed_by is not None:
        parts.append(
            say("draft.needed", locale, by=format_dt(draft.needed_by, "f"), left=format_dt(draft.needed_by, "R"))
        )
    return " · ".join(parts)


def _duty_line(duty: Duty, guild_id: int, locale: str) -> str:
    text, until = inline(duty.request.text, _SHOWN), format_dt(duty.until, "f") if duty.until else "…"
    if isinstance(duty.request, DraftView):
        text = f"{text} ({to_read(duty.request, locale)})"
    if duty.state is InvitationState.ALTERNATE:
        return say("mine.alternate_line", locale, question=text)
    if duty.state is not InvitationState.TAKEN and duty.request.thread_id is None:
        return say("mine.asked_without_thread", locale, question=text, until=until)
    key = "mine.taken_line" if duty.state is InvitationState.TAKEN else "mine.asked_line"
    return say(key, locale, question=text, until=until, thread=link(guild_id, duty.request.thread_id))


def _budget(result: Mine, locale: str) -> str:
    if not result.is_helper:
        return say("mine.not_helping", locale)
    key = "mine.budget_halved" if result.is_halved else "mine.budget"
    rate = say(f"rate.{result.rate}", locale)
    return say(key, locale, rate=rate, day=result.asked_last_day, week=result.asked_last_week)


def _option(row: int, text: str) -> discord.SelectOption:
    return discord.SelectOption(label=plain(text, limits.OPTION_LABEL), value=str(row))
