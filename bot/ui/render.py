"""From results to what people see; pure, apart from needing a running event loop for views."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import discord
from babel.dates import format_timedelta
from discord.utils import escape_markdown

from bot.domain.wording import clean_line
from bot.services.results import Finding, Letter, QuestionView, Receipt, Resolved, StatsTable, Window
from bot.texts import say
from bot.ui import limits
from bot.ui.items import Press, button, view

NOBODY = discord.AllowedMentions.none()
"""People's words never ping anybody."""
_ISOLATE, _END = "\u2068", "\u2069"
"""Keep right-to-left words from turning a sentence around. Source: https://www.unicode.org/reports/tr9/"""

SUCCESS, PRIMARY = discord.ButtonStyle.success, discord.ButtonStyle.primary

Wordings = tuple[str, str, str]
"""The keys of a reason that is somebody's own line, that was learned, and that is gone."""
_REASONS: Wordings = ("invitation.reason", "invitation.learned_reason", "invitation.no_reason")


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message, ready to be sent."""

    content: str
    embed: discord.Embed | None = None
    view: discord.ui.View | None = None
    pings: tuple[int, ...] = ()
    """The users it may ping."""
    title: str = field(default="", repr=False)
    """A post's name."""

    @property
    def allowed_mentions(self) -> discord.AllowedMentions:
        """Ping those it is meant for, and nobody whom a person merely wrote."""
        return discord.AllowedMentions(
            everyone=False, roles=False, replied_user=False, users=[discord.Object(each) for each in self.pings]
        )


def words(key: str, locale: str, params: Mapping[str, object]) -> str:
    """Return a text whose parameters are shown as Discord shows them: channels and people as mentions."""
    return say(key, locale, **{name: _shown(name, value, locale) for name, value in params.items()})


def inline(written: str, longest: int = 200) -> str:
    """Return a person's words for the middle of a sentence: one line, shortened, nothing in it formatted."""
    line = clean_line(written)
    short = line if len(line) <= longest else f"{line[: longest - 1]}…"
    return f"{_ISOLATE}{escape_markdown(short)}{_END}"


def receipt(result: Receipt, channel_id: int | None, locale: str) -> str:
    """Return what an asker reads at once."""
    thread, channel = result.thread_id, channel_id
    first = (
        say("receipt.posted", locale, thread=f"<#{thread}>")
        if thread
        else say("receipt.posting", locale, channel=f"<#{channel}>")
    )
    fallback = [say("receipt.fallback", locale)] if result.is_fallback else []
    return " ".join([first, _invited(result.invited, locale), *fallback])


def similar(result: Receipt, guild_id: int, locale: str) -> Rendered:
    """Return the earlier questions that an asker may want to look at, before theirs is posted."""
    found = [f"- {link(guild_id, each.thread_id)} {inline(each.text)}" for each in result.similar]
    return Rendered(
        "\n".join([say("similar.intro", locale), *found, say("similar.ask", locale)]),
        view=view(
            button(Press("draft", "drop", result.request_id), say("similar.drop.button", locale), SUCCESS),
            button(Press("draft", "post", result.request_id), say("similar.post.button", locale), PRIMARY),
        ),
    )


def link(guild_id: int, channel_id: int | None) -> str:
    """Return an address that leads to a channel also from direct messages; without one, to the community."""
    place = guild_id if channel_id is None else f"{guild_id}/{channel_id}"
    return f"https://discord.com/channels/{place}"


def _invited(count: int, locale: str) -> str:
    keys = ("receipt.invited_none", "receipt.invited_one")
    return say(keys[count], locale) if count < len(keys) else say("receipt.invited_many", locale, invited=count)


def resolved(result: Resolved, locale: str) -> str:
    """Return what an asker reads after saying how it went."""
    if result.outcome == "not_yet":
        return say("outcome.not_yet_some" if result.invited else "outcome.not_yet_none", locale)
    return say("outcome.helped" if result.outcome == "helped" else "outcome.partly", locale)


def letter(letter: Letter, locale: str = "en") -> Rendered:
    """Return a letter's words and buttons."""
    return _LETTERS[letter.kind](letter, locale)


def _post(letter: Letter, locale: str) -> Rendered:
    question = _question(letter)
    return Rendered(
        content=say("post.by", locale, asker=f"<@{question.asker_user_id}>"),
        embed=_question_embed(question, "post.footer", locale),
        view=view(button(Press("question", "close", question.request_id), say("close.button", locale))),
        title=_title(question.text),
    )


def _invitation(letter: Letter, locale: str) -> Rendered:
    question, row = _question(letter), letter.invitation_id or 0
    because = reason(_REASONS, letter.reason, locale, is_learned=letter.is_learned)
    is_direct = letter.user_id is not None
    lines = [
        say("invitation.intro", locale, asker=f"<@{question.asker_user_id}>")
        if is_direct
        else say("invitation.in_thread", locale, helper=f"<@{letter.addressee_id}>"),
        because,
    ]
    if is_direct:
        lines.append(say("invitation.where", locale, thread=link(question.guild_id, question.thread_id)))
    if letter.tells_closed:
        lines.append(say("invitation.closed", locale))
    return Rendered(
        content="\n".join(lines),
        embed=_question_embed(question, "invitation.footer", locale) if is_direct else None,
        view=view(
            button(Press("invitation", "take", row), say("invitation.take.button", locale), SUCCESS),
            button(Press("invitation", "pass", row), say("invitation.pass.button", locale)),
            button(Press("invitation", "off_topic", row), say("invitation.off_topic.button", locale)),
            button(Press("invitation", "why", row), say("why.button", locale)),
        ),
        pings=(letter.addressee_id,) if letter.addressee_id and not is_direct else (),
    )


def reason(wordings: Wordings, statement: str | None, locale: str, *, is_learned: bool) -> str:
    """Return what somebody was asked for: their own line, earlier help, or something that is gone."""
    own, learned, gone = wordings
    if statement is None:
        return say(gone, locale)
    return say(learned if is_learned else own, locale, reason=inline(statement))


def off_topic(statement: str | None, locale: str) -> str:
    """Return what somebody reads after saying that it was no topic of theirs."""
    if statement is None:
        return say("invitation.passed", locale)
    return say("invitation.off_topic.done", locale, reason=inline(statement))


def off_topic_view(invitation_id: int, locale: str) -> discord.ui.View:
    """Return the button that takes back that it was no topic of theirs."""
    return view(button(Press("invitation", "on_topic", invitation_id), say("invitation.on_topic.button", locale)))


def _notice(letter: Letter, locale: str) -> Rendered:
    return Rendered(content=words(letter.text or "", locale, letter.params))


def _outcome(letter: Letter, locale: str) -> Rendered:
    question = _question(letter)
    asker, thread = f"<@{question.asker_user_id}>", link(question.guild_id, question.thread_id)
    if letter.user_id is None:
        content = say("outcome.in_thread", locale, asker=asker)
    else:
        content = f"{say('outcome.intro', locale, thread=thread)}\n{say('outcome.ask', locale)}"
    return Rendered(
        content=content,
        view=outcome_view(question.request_id, locale),
        pings=() if letter.user_id else (question.asker_user_id,),
    )


def outcome_view(request_id: int, locale: str) -> discord.ui.View:
    """Return the buttons that say how it went."""
    return view(
        button(Press("outcome", "helped", request_id), say("outcome.yes.button", locale), SUCCESS),
        button(Press("outcome", "partly", request_id), say("outcome.partly_button.button", locale)),
        button(Press("outcome", "not_yet", request_id), say("outcome.not_yet.button", locale)),
    )


def _check(letter: Letter, locale: str) -> Rendered:
    arrived = button(Press("check", "arrived", letter.member_id or 0), say("check.button", locale), SUCCESS)
    return Rendered(content=say("check.text", locale), view=view(arrived))


def _panel(_letter: Letter, locale: str) -> Rendered:
    return Rendered(
        content=say("panel.text", locale),
        view=view(
            button(Press("panel", "ask"), say("panel.ask.button", locale), PRIMARY),
            button(Press("panel", "profile"), say("panel.profile.button", locale)),
        ),
        title=say("ask.title", locale),
    )


_LETTERS: dict[str, Callable[[Letter, str], Rendered]] = {
    "post": _post,
    "invitation": _invitation,
    "notice": _notice,
    "outcome": _outcome,
    "direct_message_check": _check,
    "panel": _panel,
}


def stats(table: StatsTable, locale: str) -> str:
    """Return the statistics as a small table of text."""
    now, before = table.now, table.before
    shown = [
        ("", say("stats.now", locale), say("stats.before", locale)),
        (say("stats.asked", locale), str(now.asked), str(before.asked)),
        (say("stats.taken", locale), str(now.taken), str(before.taken)),
        (say("stats.answered", locale), str(now.answered), str(before.answered)),
        (say("stats.helped", locale), str(now.helped), str(before.helped)),
        (say("stats.median_wait", locale), _wait(now, locale), _wait(before, locale)),
        (say("stats.open", locale), str(now.open), str(before.open)),
    ]
    wide = [max(len(row[column]) for row in shown) for column in range(3)]
    lines = [f"{row[0]:<{wide[0]}}  {row[1]:>{wide[1]}}  {row[2]:>{wide[2]}}".rstrip() for row in shown]
    title = say("stats.heading", locale, weeks=table.weeks)
    return "\n".join([f"**{title}**", "```", *lines, "```", say("stats.note", locale)])


def _wait(window: Window, locale: str) -> str:
    if window.median_wait is None:
        return say("stats.nothing", locale)
    return span(window.median_wait, locale)


def span(length: timedelta, locale: str) -> str:
    """Return a stretch of time in the reader's language, such as "5 hr"."""
    return format_timedelta(length, format="short", threshold=1.5, locale=locale.partition("-")[0])


def findings(found: Sequence[Finding], locale: str) -> str:
    """Return what was looked at: in order or not, each with its fix."""
    lines = [f"{'✓' if each.is_in_order else '✗'} {words(each.key, locale, each.params)}" for each in found]
    return "\n".join([say("doctor.title", locale), *lines])[: limits.MESSAGE]


def permissions(names: Sequence[str], locale: str) -> str:
    """Return names of permissions as Discord's settings call them."""
    return ", ".join(f"*{say(f'permission.{name}', locale)}*" for name in names)


def _question(letter: Letter) -> QuestionView:
    if letter.question is None:
        msg = f"a letter of kind {letter.kind} needs its question"
        raise ValueError(msg)
    return letter.question


def _question_embed(question: QuestionView, footer: str, locale: str) -> discord.Embed:
    embed = discord.Embed(description=question.text)
    if question.tried:
        embed.add_field(name=say("post.tried", locale), value=question.tried, inline=False)
    kind, urgency = say(f"kind.{question.kind}", locale), say(f"urgency.{question.urgency}", locale)
    return embed.set_footer(text=say(footer, locale, kind=kind, urgency=urgency))


def _title(text: str) -> str:
    line = clean_line(text)
    return line if len(line) <= limits.THREAD_NAME else f"{line[: limits.THREAD_NAME - 1]}…"


def _shown(name: str, value: object, locale: str) -> object:
    match name:
        case "channel" | "thread":
            return f"<#{value}>"
        case "helper" | "asker":
            return f"<@{value}>"
        case "threads" if isinstance(value, tuple):
            return " · ".join(f"<#{each}>" for each in value) or "…"
        case "permission":
            return say(f"permission.{value}", locale)
    return inline(value) if isinstance(value, str) else value
