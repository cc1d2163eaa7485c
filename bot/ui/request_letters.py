"""From letters about questions to what people see; pure, apart from needing a running event loop for views."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import discord
from discord.utils import format_dt

from bot.domain.lifecycle import RequestState, Visibility
from bot.services.requests.contents import (
    AboutQuestion,
    BeingAsked,
    ChoicesOffered,
    HiddenReply,
    Notice,
    OutcomeAsked,
    Post,
    PutAway,
    QuestionNotice,
    Refreshed,
    Reminded,
    RevealWanted,
    Silence,
    Thanks,
    ToKeep,
    WaitingList,
)
from bot.services.results import Letter, RequestView, WaitingQuestion
from bot.texts import say
from bot.ui import limits
from bot.ui.items import Item, Press, button, view
from bot.ui.looks import CALLED, afterwards, answered, choices_for, key_for, told, whole
from bot.ui.render import (
    PRIMARY,
    SUCCESS,
    Rendered,
    Show,
    Way,
    Wordings,
    link,
    news,
    outcome_view,
    reason,
    words,
)
from bot.ui.written import block, inline, plain, quoted

_KEPT = limits.EMBED_TEXT // 2 - 100
"""Characters of each half of an exchange, beside what they are called."""
_OVER = {RequestState.CLOSED: "post.closed", RequestState.RESOLVED: "post.settled"}
"""States in which a post says so and has no buttons."""
_LISTED = ("digest.intro_one", "digest.intro")
"""How a list for everyone begins, of one question and of several."""
_REASONS: Wordings = ("invitation.reason", "invitation.learned_reason", "invitation.no_reason")


def staying_unknown(shown: Rendered, letter: Letter[Any], locale: str) -> Rendered:
    """Tell a hidden asker how to stay unknown, if a letter leads them into their thread."""
    content = letter.content
    if not isinstance(content, AboutQuestion) or not content.is_to_hidden:
        return shown
    question = content.question
    is_led = way_to(content) in shown.content
    return with_reply(shown, question, locale) if is_led else shown


def with_reply(shown: Rendered, question: RequestView, locale: str) -> Rendered:
    """Tell a hidden asker how to stay unknown where something leads them into their thread."""
    if question.is_moderated:
        if question.visibility.shuts_out:
            return shown
        return replace(shown, content=f"{shown.content}\n{told(question, 'reply.hint_closed', locale)}")
    buttons = shown.view or view()
    buttons.add_item(button(Press("reply", "write", question.request_id), told(question, "reply.button", locale)))
    hint = told(question, reply_hint(question.visibility), locale)
    return replace(shown, content=f"{shown.content}\n{hint}", view=buttons)


def reply_hint(visibility: Visibility) -> str:
    """Return the key of how a hidden asker answers: beside the thread, or from outside."""
    return "reply.hint_outside" if visibility.shuts_out else "reply.hint"


def way_to(about: AboutQuestion) -> str:
    """Return the way to a question's thread; for an asker who can't open it, what it is called."""
    question = about.question
    if about.is_to_shut_out:
        return f"*{inline(question.text, CALLED)}*"
    return link(question.guild_id, question.thread_id)


def _post(letter: Letter[Post], locale: str) -> Rendered:
    question = letter.content.question
    if question.is_withdrawn:
        return Rendered(
            say("draft.withdrawn", locale),
            title=say("draft.withdrawn_title", locale),
            is_private=question.visibility.is_private,
            way=Way.OPEN,
            renames=True,
            known_by=str(Press("question", "close", question.request_id)),
        )
    asker = question.asker_user_id
    content = _named("post.anonymous", "post.by", question, locale)
    footer = "post.footer_over" if question.state in _OVER else "post.footer"
    close = button(Press("question", "close", question.request_id), told(question, "close.button", locale))
    buttons: list[Item] = [close]
    if asker is None and not question.visibility.shuts_out:
        buttons.insert(0, button(Press("reply", "write", question.request_id), told(question, "reply.button", locale)))
    if question.state in _OVER:
        content, buttons = f"{told(question, _OVER[question.state], locale)} {content}", []
    return Rendered(
        content=content,
        embed=whole(question, locale, footer),
        view=view(*buttons),
        title=plain(question.text, limits.THREAD_NAME),
        is_private=question.visibility.is_private,
        members=() if asker is None else (asker,),
        way=Way.OPEN,
    )


def _refreshed(letter: Letter[Refreshed], locale: str) -> Rendered:
    return replace(_post(letter, locale), way=Way.REWRITE)


def _invitation(letter: Letter[BeingAsked], locale: str) -> Rendered:
    question, is_direct = letter.content.question, letter.user_id is not None
    if question.visibility.is_private and not is_direct:
        return news(letter.addressee_id, locale)
    lines = [_introduction(letter, locale)]
    if letter.content.is_again:
        lines = [say("draft.again", locale)]
    elif letter.content.referrer_user_id is not None:
        lines.append(told(question, "invitation.referred", locale, referrer=f"<@{letter.content.referrer_user_id}>"))
    else:
        lines.append(reason(_REASONS, letter.content.reason, locale, is_learned=letter.content.is_learned))
    if is_direct:
        where = "invitation.where_private" if question.visibility.is_private else "invitation.where"
        lines.append(told(question, where, locale, thread=link(question.guild_id, question.thread_id)))
    if letter.tells_closed:
        lines.append(told(question, "invitation.closed", locale))
    return Rendered(
        content="\n".join(lines),
        embed=whole(question, locale, "invitation.footer") if is_direct else None,
        view=invitation_view(letter.content.invitation_id, locale),
        pings=(letter.addressee_id,) if letter.addressee_id and not is_direct else (),
    )


def _introduction(letter: Letter[BeingAsked], locale: str) -> str:
    question = letter.content.question
    if letter.user_id is None:
        return told(question, "invitation.in_thread", locale, helper=f"<@{letter.addressee_id}>")
    return _named("invitation.intro_anonymous", "invitation.intro", question, locale)


def _named(anonymous: str, named: str, question: RequestView, locale: str) -> str:
    """Return one of two texts about a request: without its asker's name, or with it."""
    if question.asker_user_id is None:
        return told(question, anonymous, locale)
    return told(question, named, locale, asker=f"<@{question.asker_user_id}>")


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


def _notice(letter: Letter[Notice], locale: str) -> Rendered:
    return Rendered(words(letter.content.text, locale, letter.content.params)[: limits.MESSAGE])


def _question_notice(letter: Letter[QuestionNotice], locale: str) -> Rendered:
    question, text = letter.content.question, letter.content.text
    lines, shown = [words(key_for(question, text), locale, letter.content.params)], None
    if text == "asker.wrote" and question.state is RequestState.ANSWERED and not question.visibility.shuts_out:
        lines.append(told(question, "asker.wrote_counts", locale))
        shown = view(
            button(Press("question", "more", question.request_id), told(question, "choices.more.button", locale))
        )
    if letter.user_id is not None:
        lines.append(way_to(letter.content))
    return Rendered("\n".join(lines)[: limits.MESSAGE], view=shown)


def _outcome(letter: Letter[OutcomeAsked], locale: str) -> Rendered:
    question = letter.content.question
    asker, thread = f"<@{letter.addressee_id}>", way_to(letter.content)
    if letter.user_id is None:
        content = told(question, "outcome.in_thread", locale, asker=asker)
    else:
        intro = "outcome.again" if letter.content.is_again else "outcome.intro"
        content = f"{told(question, intro, locale, thread=thread)}\n{told(question, 'outcome.ask', locale)}"
    pings = () if letter.user_id else (letter.addressee_id or 0,)
    shown = outcome_view(question.request_id, locale)
    for group, verb, key in afterwards(question.type):
        shown.add_item(button(Press(group, verb, question.request_id), say(key, locale)))
    return Rendered(content, view=shown, pings=pings)


def _nudge(letter: Letter[Reminded], locale: str) -> Rendered:
    question = letter.content.question
    return Rendered(
        content=told(question, "claim.nudge", locale, thread=link(question.guild_id, question.thread_id)),
        view=view(
            button(
                Press("claim", "give_back", letter.content.invitation_id),
                told(question, "claim.give_back.button", locale),
            ),
            button(Press("question", "talk", question.request_id), told(question, "talk.button", locale)),
        ),
    )


def _choices(letter: Letter[ChoicesOffered], locale: str) -> Rendered:
    question, row = letter.content.question, letter.content.question.request_id
    is_direct = letter.user_id is not None
    intro = told(question, "choices.intro", locale, thread=way_to(letter.content)) if is_direct else ""
    (first, *others), said = choices_for(question), answered(question, letter.content.answers, locale)
    return Rendered(
        content="\n".join(
            [intro or told(question, "choices.in_thread", locale, asker=f"<@{letter.addressee_id}>"), *said]
        ),
        view=view(
            button(Press(*first[:2], row), told(question, first[2], locale), PRIMARY),
            *(button(Press(*each[:2], row), told(question, each[2], locale)) for each in others),
        ),
        pings=() if is_direct else (letter.addressee_id or 0,),
    )


def _archive(letter: Letter[PutAway], locale: str) -> Rendered:
    question = letter.content.question
    reopen = button(
        Press("question", "reopen", question.request_id),
        told(question, "reopen.button", locale),
        PRIMARY,
    )
    return Rendered(told(question, "thread.archived", locale), view=view(reopen), way=Way.SAY_LAST)


def _waiting_list(letter: Letter[WaitingList], locale: str) -> Rendered:
    listed = letter.content
    one, many = ("digest.moderators_one", "digest.moderators") if listed.is_for_moderators else _LISTED
    intro = one if len(listed.waiting) == 1 else many
    lines = [say(intro, locale), *(_line(each, letter.guild_id, locale) for each in listed.waiting)]
    if listed.more:
        lines.append(say("digest.more", locale, count=listed.more))
    return Rendered("\n".join(lines)[: limits.MESSAGE])


def _line(question: WaitingQuestion, guild_id: int, locale: str) -> str:
    where, since = link(guild_id, question.thread_id), format_dt(question.since, "R")
    if question.text is None:
        return say("digest.private_line", locale, thread=where, since=since)
    return say("digest.line", locale, thread=where, since=since, question=inline(question.text, 120))


def _reply(letter: Letter[HiddenReply], locale: str) -> Rendered:
    question = letter.content.question
    room = limits.MESSAGE - len(told(question, "reply.said", locale, words=""))
    said = told(question, "reply.said", locale, words=quoted(letter.content.words, room))
    if not question.visibility.shuts_out:
        return Rendered(said)
    # Words in the thread don't reach who asked.
    respond = Press("reading", "respond", question.request_id)
    return Rendered(said, view=view(button(respond, say("feedback.respond.button", locale))))


def _thanks(letter: Letter[Thanks], locale: str) -> Rendered:
    question = letter.content.question
    intro = _named("thanks.anonymous", "thanks.from", question, locale)
    if letter.content.helper_user_id is not None:
        intro = words("thanks.returned", locale, {"helper": letter.content.helper_user_id})
    lines = [
        intro,
        quoted(letter.content.words, limits.MESSAGE // 2),
        way_to(letter.content),
    ]
    return Rendered("\n".join(lines))


def _keep(letter: Letter[ToKeep], locale: str) -> Rendered:
    exchange, row = letter.content.exchange, letter.content.question.request_id
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


def _silence(letter: Letter[Silence], locale: str) -> Rendered:
    back = button(Press("pause", "end", letter.content.member_id), say("pause.end.button", locale), SUCCESS)
    return Rendered(say("pause.after_silences", locale), view=view(back))


def _reveal(letter: Letter[RevealWanted], locale: str) -> Rendered:
    question, row = letter.content.question, letter.content.reveal_id
    agree = button(Press("reveal", "look", row), say("reveal.look.button", locale))
    return Rendered(say("reveal.wanted", locale, thread=link(question.guild_id, question.thread_id)), view=view(agree))


SHOWN: Mapping[type, Show] = {
    Post: _post,
    Refreshed: _refreshed,
    BeingAsked: _invitation,
    Reminded: _nudge,
    Notice: _notice,
    QuestionNotice: _question_notice,
    OutcomeAsked: _outcome,
    ChoicesOffered: _choices,
    PutAway: _archive,
    WaitingList: _waiting_list,
    HiddenReply: _reply,
    Thanks: _thanks,
    ToKeep: _keep,
    Silence: _silence,
    RevealWanted: _reveal,
}
"""How each content becomes a message."""
