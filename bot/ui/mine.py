"""What a member has going on, and the buttons for each part of it; pure, apart from needing a running event loop."""

from collections.abc import Mapping
from datetime import timedelta

import discord
from discord.utils import format_dt

from bot.domain.lifecycle import InvitationState, RequestState
from bot.services.people.recognising import Home
from bot.services.people.tracking_results import Mine
from bot.services.results import Duty, OwnQuestion, Pause
from bot.texts import say
from bot.ui import booking, limits
from bot.ui.items import Item, Press, button, pick, view
from bot.ui.looks import whole
from bot.ui.render import PRIMARY, SUCCESS, Rendered, fitting, link, outcome_view
from bot.ui.request_letters import invitation_view
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
_WAITING = {RequestState.WAITING, RequestState.TAKEN, RequestState.ARCHIVED}


def mine(result: Mine, home: Home, locale: str) -> Rendered:
    """Return everything of a person's that is going on in one community, with a select for each kind."""
    guild_id = home.guild_id
    lines = [say("mine.questions", locale)]
    lines += [_question_line(each, guild_id, locale) for each in result.questions]
    if not result.questions:
        lines.append(say("mine.no_questions", locale))
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
    content = _question_line(question, guild_id, locale)
    if question.visibility.is_hidden and question.thread_id is not None:
        content += "\n" + say("reply.hint_closed" if question.is_moderated else "reply.hint", locale)
    if question.revealed_because:
        content += "\n" + revealed_because(question.revealed_because, locale)
    if state is RequestState.UNPOSTED:
        return Rendered(
            content,
            view=view(
                button(Press("draft", "post", row), say("mine.post.button", locale), PRIMARY),
                button(Press("draft", "edit", row), say("advice.edit.button", locale)),
                button(Press("draft", "drop", row), say("mine.drop.button", locale)),
            ),
        )
    shown = outcome_view(row, locale) if state is RequestState.ANSWERED else view()
    for item in _question_buttons(question, locale):
        shown.add_item(item)
    return Rendered(content, view=shown if shown.children else None)


def _question_buttons(question: OwnQuestion, locale: str) -> list[Item]:
    row, state = question.request_id, question.state
    buttons: list[Item] = []
    if question.is_moderated:
        return buttons
    if state in {RequestState.ARCHIVED, RequestState.CLOSED} and question.thread_id is not None:
        buttons.append(button(Press("question", "reopen", row), say("reopen.button", locale), PRIMARY))
    if state in _WAITING:
        buttons.append(button(Press("question", "rephrase", row), say("choices.rephrase.button", locale)))
        buttons.append(button(Press("question", "more", row), say("choices.more.button", locale)))
    if state in _CLOSEABLE:
        buttons.append(button(Press("question", "close", row), say("choices.close.button", locale)))
    if question.visibility.is_hidden and question.thread_id is not None:
        buttons.append(button(Press("reply", "write", row), say("reply.button", locale)))
    return buttons


def own_duty(duty: Duty, guild_id: int, locale: str) -> Rendered:
    """Return one thing a member was asked or took, with everything they may do about it."""
    row, line = duty.invitation_id, _duty_line(duty, guild_id, locale)
    if duty.state is InvitationState.TAKEN:
        give_back = button(Press("claim", "give_back", row), say("claim.give_back.button", locale))
        return Rendered(line, view=view(give_back))
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
    if question.thread_id is None:
        return say("mine.question_without_thread", locale, question=text, state=state)
    return say("mine.question_line", locale, question=text, state=state, thread=link(guild_id, question.thread_id))


def _duty_line(duty: Duty, guild_id: int, locale: str) -> str:
    text, until = inline(duty.request.text, _SHOWN), format_dt(duty.until, "f") if duty.until else "…"
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
