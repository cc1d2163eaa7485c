"""From results to what people see; pure, apart from needing a running event loop for views."""

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from typing import Any

import discord
from babel.dates import format_timedelta
from discord.utils import format_dt

from bot.services.office_hours.booking_results import BookingView
from bot.services.results import Attachment, Finding, Letter, Receipt, Resolved, SimilarQuestion
from bot.texts import own, say
from bot.ui import limits
from bot.ui.items import Item, Press, button, pick_person, view
from bot.ui.looks import told
from bot.ui.written import inline

NOBODY = discord.AllowedMentions.none()
"""People's words never ping anyone."""

_SHORTER = (200, 100, 50)
"""Characters shown of earlier questions and answers: the most with which all of them fit into a message."""

SUCCESS, PRIMARY = discord.ButtonStyle.success, discord.ButtonStyle.primary

Wordings = tuple[str, str, str]
"""The keys of a reason that is the member's own line, that was learned, and that is gone."""


class Way(Enum):
    """How a message reaches Discord."""

    SAY = "said where it goes"
    SAY_LAST = "said in a thread, which is put away with it"
    OPEN = "a thread of its own"
    OPEN_ROOM = "a private thread for an hour or so"
    PIN = "pinned where it goes"
    REWRITE = "in the place of the message that opened a thread"
    PUT_AWAY = "without a word: the thread is put away"
    EVENT = "a scheduled event"
    REMOVE = "taken back: the message goes"


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
    way: Way = Way.SAY
    is_private: bool = False
    """Its thread is seen only by those who are let in."""
    members: tuple[int, ...] = ()
    """The users who belong into its thread from the beginning."""
    invites_to: BookingView | None = None
    """The booking whose file goes with it; making that takes a look at Discord."""
    attachment: Attachment | None = None
    renames: bool = False
    """In the place of the message that opened a thread: the thread is called by the title, too."""
    known_by: str = ""
    """The custom_id by which an earlier attempt is known whose words are gone; "": its words or buttons tell."""

    @property
    def file(self) -> discord.File | None:
        """Return what goes with it, new each time: a file is read once."""
        if self.attachment is None:
            return None
        kept = self.attachment
        return discord.File(io.BytesIO(kept.content), kept.name, description=kept.description)

    @property
    def allowed_mentions(self) -> discord.AllowedMentions:
        """Ping those it is meant for, and no one that a person merely wrote."""
        return discord.AllowedMentions(
            everyone=False, roles=False, replied_user=False, users=[discord.Object(each) for each in self.pings]
        )


Show = Callable[[Letter[Any], str], Rendered]
"""Makes a message of a letter, in a language."""


def news(user_id: int | None, locale: str) -> Rendered:
    """Tell a person that there is news, where others read it too: the same words for any news."""
    return Rendered(say("news.elsewhere", locale, member=f"<@{user_id}>"), pings=(user_id,) if user_id else ())


def words(key: str, locale: str, params: Mapping[str, object], linked_in: int | None = None) -> str:
    """Return a text whose parameters are shown as Discord shows them: channels and people as mentions.

    For a reader in direct messages, channels are addresses in the community that they are `linked_in`.
    """
    return say(key, locale, **{name: _shown(name, value, locale, linked_in) for name, value in params.items()})


def place(channel_id: int | None, linked_in: int | None) -> str:
    """Return the way to a channel: a mention, or in direct messages, where that may lead nowhere, an address."""
    return f"<#{channel_id}>" if linked_in is None else link(linked_in, channel_id)


def receipt(result: Receipt, channel_id: int | None, locale: str, linked_in: int | None = None, kind: str = "") -> str:
    """Return what an asker reads at once; in direct messages, with addresses in the community `linked_in`.

    A `kind` of requests may have words of its own for it.
    """
    if result.is_outside:
        first = say("receipt.outside", locale)
    elif result.thread_id:
        first = say(own("receipt.posted", kind), locale, thread=place(result.thread_id, linked_in))
    else:
        first = say(own("receipt.posting", kind), locale, channel=place(channel_id, linked_in))
    is_beside = result.is_hidden and not result.is_outside
    more = {"receipt.hidden": is_beside, "receipt.fallback": result.is_fallback}
    rest = (say(own(key, kind), locale) for key, is_so in more.items() if is_so)
    return " ".join([first, _invited(result, locale, kind), *rest])


def before_posting(result: Receipt, guild_id: int, locale: str) -> Rendered:
    """Return what an asker may want to look at before their question is posted; nothing in it stops them."""
    row, buttons = result.request_id, list[Item]()
    posting = "similar.post.button" if result.similar else "advice.post.button"
    if result.similar:
        buttons.append(button(Press("draft", "drop", row), say("similar.drop.button", locale), SUCCESS))
    if result.hint is not None:
        buttons.append(button(Press("draft", "edit", row), say("advice.edit.button", locale), SUCCESS))
    buttons.append(button(Press("draft", "post", row), say(posting, locale), PRIMARY))
    drafts = (_worth_a_look(result, guild_id, locale, longest) for longest in _SHORTER)
    return Rendered(next(each for each in drafts if len(each) <= limits.MESSAGE), view=view(*buttons))


def _worth_a_look(result: Receipt, guild_id: int, locale: str, longest: int) -> str:
    lines = list[str]()
    if result.similar:
        intro = "similar.intro_one" if len(result.similar) == 1 else "similar.intro"
        lines += [say(intro, locale), *(_earlier(each, guild_id, locale, longest) for each in result.similar)]
    if result.hint is not None:
        lines += [say(f"advice.{result.hint}", locale), say(f"advice.example_{result.hint}", locale)]
    return "\n".join([*lines, say("similar.ask", locale)])


def _earlier(question: SimilarQuestion, guild_id: int, locale: str, longest: int) -> str:
    line = f"- {link(guild_id, question.thread_id)} {inline(question.text, longest)}"
    if question.answer is None:
        return line
    return f"{line}\n  {say('similar.kept', locale, answer=inline(question.answer, longest))}"


def fitting(lines: list[str]) -> str:
    """Leave out lines from the middle until the rest fits into a message; the first and the last stay."""
    while len("\n".join(lines)) > limits.MESSAGE:
        del lines[len(lines) // 2]
    return "\n".join(lines)


def link(guild_id: int, channel_id: int | None) -> str:
    """Return an address that leads to a channel also from direct messages; without one, to the community."""
    place = guild_id if channel_id is None else f"{guild_id}/{channel_id}"
    return f"https://discord.com/channels/{place}"


def _invited(result: Receipt, locale: str, kind: str) -> str:
    if result.invited == 0 and result.first_chance is not None:
        return say(own("receipt.invited_later", kind), locale, when=format_dt(result.first_chance, "R"))
    keys = ("receipt.invited_none", "receipt.invited_one")
    count = result.invited
    if count < len(keys):
        return say(own(keys[count], kind), locale)
    return say(own("receipt.invited_many", kind), locale, invited=count)


def outcome_view(request_id: int, locale: str) -> discord.ui.View:
    """Return the buttons that say how it went."""
    return view(
        button(Press("outcome", "helped", request_id), say("outcome.yes.button", locale), SUCCESS),
        button(Press("outcome", "partly", request_id), say("outcome.partly_button.button", locale)),
        button(Press("outcome", "not_yet", request_id), say("outcome.not_yet.button", locale)),
    )


def whom(invitation_id: int, locale: str) -> Rendered:
    """Return the select by which a person names another."""
    chosen = pick_person(Press("referral", "pick", invitation_id), say("referral.pick.placeholder", locale))
    return Rendered(say("referral.ask", locale), view=view(chosen))


def after_help(request_id: int, locale: str, *, can_keep: bool = True) -> discord.ui.View:
    """Return what a person may like to do who was helped."""
    shown = view(button(Press("thanks", "write", request_id), say("thanks.write.button", locale), SUCCESS))
    if can_keep:
        shown.add_item(button(Press("keep", "write", request_id), say("keep.write.button", locale)))
    return shown


def after_taking(request_id: int, invitation_id: int, locale: str) -> discord.ui.View:
    """Return what a person may like to do who took a question."""
    return view(
        button(Press("question", "talk", request_id), say("talk.button", locale)),
        button(Press("claim", "give_back", invitation_id), say("claim.give_back.button", locale)),
    )


def resolved(result: Resolved, locale: str) -> str:
    """Return what an asker reads after saying how it went."""
    if result.outcome == "not_yet":
        return told(result, "outcome.not_yet_some" if result.invited else "outcome.not_yet_none", locale)
    return told(result, "outcome.helped" if result.outcome == "helped" else "outcome.partly", locale)


def reason(wordings: Wordings, statement: str | None, locale: str, *, is_learned: bool) -> str:
    """Return what a person was asked for: their own line, earlier help, or something that is gone."""
    own, learned, gone = wordings
    if statement is None:
        return say(gone, locale)
    return say(learned if is_learned else own, locale, reason=inline(statement))


def off_topic(statement: str | None, locale: str) -> str:
    """Return what a person reads after saying that it was no topic of theirs."""
    if statement is None:
        return say("invitation.passed", locale)
    return say("invitation.off_topic.done", locale, reason=inline(statement))


def off_topic_view(invitation_id: int, locale: str) -> discord.ui.View:
    """Return the button that takes back that it was no topic of theirs."""
    return view(button(Press("invitation", "on_topic", invitation_id), say("invitation.on_topic.button", locale)))


def second_thoughts(invitation_id: int, locale: str) -> discord.ui.View:
    """Return the button for a person who passed, or gave it back, and would like to help after all."""
    return view(button(Press("invitation", "take", invitation_id), say("invitation.take_after_all.button", locale)))


def span(length: timedelta, locale: str) -> str:
    """Return a stretch of time in the reader's language, such as "5 hr"."""
    return format_timedelta(length, format="short", threshold=1.5, locale=locale.partition("-")[0])


def findings(found: Sequence[Finding], locale: str) -> str:
    """Return what was looked at: in order or not, each with its fix."""
    lines = [f"{'✓' if each.is_in_order else '✗'} {words(each.key, locale, each.params)}" for each in found]
    return fitting([say("doctor.heading", locale), *lines])


def permissions(names: Sequence[str], locale: str) -> str:
    """Return names of permissions as Discord's settings call them."""
    return ", ".join(f"*{say(f'permission.{name}', locale)}*" for name in names)


def _shown(name: str, value: object, locale: str, linked_in: int | None) -> object:
    match name:
        case "channel" | "thread" if isinstance(value, int):
            return place(value, linked_in)
        case "helper" | "asker":
            return f"<@{value}>"
        case "threads" | "series" | "zones" if isinstance(value, tuple):
            return _listed(name, value, linked_in)
        case "permission":
            return say(f"permission.{value}", locale)
    return inline(value) if isinstance(value, str) else value


def _listed(name: str, values: tuple[Any, ...], linked_in: int | None) -> str:
    if name == "zones":
        return ", ".join(f"`{each}`" for each in values)
    return " · ".join(place(each, linked_in) if name == "threads" else inline(each, 60) for each in values) or "…"
