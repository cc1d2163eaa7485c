"""From letters to what people see; pure, apart from needing a running event loop for views."""

from collections.abc import Callable
from dataclasses import replace

import discord
from discord.utils import format_dt

from bot.domain.lifecycle import RequestState, Visibility
from bot.services.results import Letter, RequestView, WaitingQuestion
from bot.texts import say
from bot.ui import booking, hours, limits, meeting, queue
from bot.ui.items import Item, Press, button, view
from bot.ui.looks import whole
from bot.ui.render import PRIMARY, SUCCESS, Rendered, Wordings, link, news, outcome_view, reason, words
from bot.ui.written import block, inline, plain, quoted

_KEPT = limits.EMBED_TEXT // 2 - 100
"""Characters of each half of an exchange, beside what they are called."""
_OVER = {RequestState.CLOSED: "post.closed", RequestState.RESOLVED: "post.settled"}
"""States in which a post says so and has no buttons."""
_REASONS: Wordings = ("invitation.reason", "invitation.learned_reason", "invitation.no_reason")


def letter(letter: Letter, locale: str = "en") -> Rendered:
    """Return a letter's words and buttons; one that leads a hidden asker into their thread says how to stay unknown."""
    shown = _LETTERS[letter.kind](letter, locale)
    question = letter.question
    is_led = question is not None and link(question.guild_id, question.thread_id) in shown.content
    return _staying_unknown(shown, letter, locale) if letter.is_to_hidden and is_led else shown


def _staying_unknown(shown: Rendered, letter: Letter, locale: str) -> Rendered:
    if _question(letter).is_moderated:
        return replace(shown, content=f"{shown.content}\n{say('reply.hint_closed', locale)}")
    buttons = shown.view or view()
    buttons.add_item(button(Press("reply", "write", _question(letter).request_id), say("reply.button", locale)))
    return replace(shown, content=f"{shown.content}\n{say('reply.hint', locale)}", view=buttons)


def _post(letter: Letter, locale: str) -> Rendered:
    question = _question(letter)
    asker = question.asker_user_id
    content = say("post.anonymous", locale) if asker is None else say("post.by", locale, asker=f"<@{asker}>")
    footer = "post.footer_over" if question.state in _OVER else "post.footer"
    buttons: list[Item] = [button(Press("question", "close", question.request_id), say("close.button", locale))]
    if asker is None:
        buttons.insert(0, button(Press("reply", "write", question.request_id), say("reply.button", locale)))
    if question.state in _OVER:
        content, buttons = f"{say(_OVER[question.state], locale)} {content}", []
    return Rendered(
        content=content,
        embed=whole(question, locale, footer),
        view=view(*buttons),
        title=plain(question.text, limits.THREAD_NAME),
    )


def _invitation(letter: Letter, locale: str) -> Rendered:
    question, is_direct = _question(letter), letter.user_id is not None
    if question.visibility is Visibility.MATCHED and not is_direct:
        return news(letter.addressee_id, locale)
    lines = [_introduction(letter, locale)]
    if letter.referrer_user_id is not None:
        lines.append(say("invitation.referred", locale, referrer=f"<@{letter.referrer_user_id}>"))
    else:
        lines.append(reason(_REASONS, letter.reason, locale, is_learned=letter.is_learned))
    if is_direct:
        where = "invitation.where_private" if question.visibility is Visibility.MATCHED else "invitation.where"
        lines.append(say(where, locale, thread=link(question.guild_id, question.thread_id)))
    if letter.tells_closed:
        lines.append(say("invitation.closed", locale))
    return Rendered(
        content="\n".join(lines),
        embed=whole(question, locale, "invitation.footer") if is_direct else None,
        view=invitation_view(letter.invitation_id or 0, locale),
        pings=(letter.addressee_id,) if letter.addressee_id and not is_direct else (),
    )


def _introduction(letter: Letter, locale: str) -> str:
    question = _question(letter)
    if letter.user_id is None:
        return say("invitation.in_thread", locale, helper=f"<@{letter.addressee_id}>")
    if question.asker_user_id is None:
        return say("invitation.intro_anonymous", locale)
    return say("invitation.intro", locale, asker=f"<@{question.asker_user_id}>")


def invitation_view(row: int, locale: str) -> discord.ui.View:
    """Return what a person may do who is asked."""
    return view(
        button(Press("invitation", "take", row), say("invitation.take.button", locale), SUCCESS),
        button(Press("invitation", "pass", row), say("invitation.pass.button", locale)),
        button(Press("invitation", "know", row), say("referral.button", locale)),
        button(Press("invitation", "off_topic", row), say("invitation.off_topic.button", locale)),
        button(Press("invitation", "pause", row), say("pause.button", locale)),
        button(Press("invitation", "why", row), say("why.button", locale)),
    )


def _notice(letter: Letter, locale: str) -> Rendered:
    question, lines = letter.question, [words(letter.text or "", locale, letter.params)]
    shown = None
    if letter.text == "asker.wrote" and question is not None and question.state is RequestState.ANSWERED:
        lines.append(say("asker.wrote_counts", locale))
        shown = view(button(Press("question", "more", question.request_id), say("choices.more.button", locale)))
    if letter.user_id is not None and question is not None:
        lines.append(link(question.guild_id, question.thread_id))
    return Rendered("\n".join(lines)[: limits.MESSAGE], view=shown)


def _outcome(letter: Letter, locale: str) -> Rendered:
    question = _question(letter)
    asker, thread = f"<@{letter.addressee_id}>", link(question.guild_id, question.thread_id)
    if letter.user_id is None:
        content = say("outcome.in_thread", locale, asker=asker)
    else:
        intro = "outcome.again" if letter.text else "outcome.intro"
        content = f"{say(intro, locale, thread=thread)}\n{say('outcome.ask', locale)}"
    pings = () if letter.user_id else (letter.addressee_id or 0,)
    return Rendered(content, view=outcome_view(question.request_id, locale), pings=pings)


def _nudge(letter: Letter, locale: str) -> Rendered:
    question = _question(letter)
    return Rendered(
        content=say("claim.nudge", locale, thread=link(question.guild_id, question.thread_id)),
        view=view(
            button(Press("claim", "give_back", letter.invitation_id or 0), say("claim.give_back.button", locale)),
            button(Press("question", "talk", question.request_id), say("talk.button", locale)),
        ),
    )


def _choices(letter: Letter, locale: str) -> Rendered:
    question, row = _question(letter), _question(letter).request_id
    is_direct = letter.user_id is not None
    where = link(question.guild_id, question.thread_id)
    told = say("choices.intro", locale, thread=where) if is_direct else ""
    return Rendered(
        content=told or say("choices.in_thread", locale, asker=f"<@{letter.addressee_id}>"),
        view=view(
            button(Press("question", "rephrase", row), say("choices.rephrase.button", locale), PRIMARY),
            button(Press("question", "more", row), say("choices.more.button", locale)),
            button(Press("book", "question", row), say("choices.talk.button", locale)),
            button(Press("question", "close", row), say("choices.close.button", locale)),
        ),
        pings=() if is_direct else (letter.addressee_id or 0,),
    )


def _archive(letter: Letter, locale: str) -> Rendered:
    reopen = button(Press("question", "reopen", _question(letter).request_id), say("reopen.button", locale), PRIMARY)
    return Rendered(say("thread.archived", locale), view=view(reopen))


def _digest(letter: Letter, locale: str) -> Rendered:
    intro = "digest.intro_one" if len(letter.waiting) == 1 else "digest.intro"
    return Rendered(_listed(intro, letter, locale), title=say("ask.title", locale))


def _moderator_digest(letter: Letter, locale: str) -> Rendered:
    intro = "digest.moderators_one" if len(letter.waiting) == 1 else "digest.moderators"
    return Rendered(_listed(intro, letter, locale))


def _listed(intro: str, letter: Letter, locale: str) -> str:
    lines = [say(intro, locale), *(_line(each, letter.guild_id, locale) for each in letter.waiting)]
    if letter.more_waiting:
        lines.append(say("digest.more", locale, count=letter.more_waiting))
    return "\n".join(lines)[: limits.MESSAGE]


def _line(question: WaitingQuestion, guild_id: int, locale: str) -> str:
    where, since = link(guild_id, question.thread_id), format_dt(question.since, "R")
    if question.text is None:
        return say("digest.private_line", locale, thread=where, since=since)
    return say("digest.line", locale, thread=where, since=since, question=inline(question.text, 120))


def _reply(letter: Letter, locale: str) -> Rendered:
    room = limits.MESSAGE - len(say("reply.said", locale, words=""))
    return Rendered(say("reply.said", locale, words=quoted(str(letter.params.get("words", "")), room)))


def _thanks(letter: Letter, locale: str) -> Rendered:
    question = _question(letter)
    who = question.asker_user_id
    intro = say("thanks.anonymous", locale) if who is None else say("thanks.from", locale, asker=f"<@{who}>")
    if letter.text == "thanks.returned":
        intro = words(letter.text, locale, {"helper": letter.params.get("helper", 0)})
    lines = [
        intro,
        quoted(str(letter.params.get("words", "")), limits.MESSAGE // 2),
        link(question.guild_id, question.thread_id),
    ]
    return Rendered("\n".join(lines))


def _keep(letter: Letter, locale: str) -> Rendered:
    exchange, row = letter.exchange, _question(letter).request_id
    if exchange is None:
        msg = "a letter that asks to keep an exchange needs the exchange"
        raise ValueError(msg)
    parts = [
        say("keep.question", locale, words=block(exchange.question, _KEPT)),
        say("keep.answer", locale, words=block(exchange.answer, _KEPT)),
    ]
    return Rendered(
        say("keep.intro", locale),
        # A message of 2,000 characters can't hold both, and no one agrees to words they haven't seen.
        embed=discord.Embed(description="\n\n".join(parts)),
        view=view(
            button(Press("keep", "agree", exchange.kept_id), say("keep.agree.button", locale), SUCCESS),
            button(Press("keep", "write", row), say("keep.change.button", locale)),
            button(Press("keep", "decline", row), say("keep.decline.button", locale)),
        ),
    )


def _silence(letter: Letter, locale: str) -> Rendered:
    back = button(Press("pause", "end", letter.member_id or 0), say("pause.end.button", locale), SUCCESS)
    return Rendered(say("pause.after_silences", locale), view=view(back))


def _reveal(letter: Letter, locale: str) -> Rendered:
    question, row = _question(letter), int(letter.params.get("reveal", 0))
    agree = button(Press("reveal", "look", row), say("reveal.look.button", locale))
    return Rendered(say("reveal.wanted", locale, thread=link(question.guild_id, question.thread_id)), view=view(agree))


def _check_in(letter: Letter, locale: str) -> Rendered:
    return queue.letter(letter, locale) if letter.booking is None else meeting.letter(letter, locale)


def _check(letter: Letter, locale: str) -> Rendered:
    arrived = button(Press("check", "arrived", letter.member_id or 0), say("check.button", locale), SUCCESS)
    return Rendered(content=say("check.text", locale), view=view(arrived))


def _panel(_letter: Letter, locale: str) -> Rendered:
    return Rendered(
        content=say("panel.text", locale),
        view=view(
            button(Press("panel", "ask"), say("panel.ask.button", locale), PRIMARY),
            button(Press("panel", "book"), say("panel.book.button", locale)),
            button(Press("panel", "offer"), say("panel.offer.button", locale)),
            button(Press("panel", "profile"), say("panel.profile.button", locale)),
            button(Press("panel", "mine"), say("panel.mine.button", locale)),
        ),
        title=say("ask.title", locale),
    )


_LETTERS: dict[str, Callable[[Letter, str], Rendered]] = {
    "post": _post,
    "refresh": _post,
    "invitation": _invitation,
    "notice": _notice,
    "outcome": _outcome,
    "direct_message_check": _check,
    "panel": _panel,
    "nudge": _nudge,
    "choices": _choices,
    "archive": _archive,
    "digest": _digest,
    "moderator_digest": _moderator_digest,
    "reply": _reply,
    "thanks": _thanks,
    "keep": _keep,
    "silence": _silence,
    "reveal": _reveal,
    "which_clock": hours.which_clock,
    "booking": booking.booking_letter,
    "slot_offer": booking.slot_offer,
    "reminder": meeting.letter,
    "check_in": _check_in,
    "check": meeting.letter,
    "room": meeting.letter,
}


def _question(letter: Letter) -> RequestView:
    if letter.question is None:
        msg = f"a letter of kind {letter.kind} needs its question"
        raise ValueError(msg)
    return letter.question
