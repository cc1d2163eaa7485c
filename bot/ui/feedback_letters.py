"""From letters about drafts to what people see; pure, apart from needing a running event loop for views."""

from collections.abc import Mapping

import discord

from bot.domain.drafts import Stage
from bot.services.feedback.contents import (
    BecameOf,
    FeedbackCame,
    Guide,
    NotesCompared,
    NoteTogether,
    PointsUnsettled,
    ReaderAnswered,
    Unread,
)
from bot.services.feedback.reviewing_results import Received
from bot.services.results import DraftView, Letter
from bot.texts import say
from bot.ui import limits
from bot.ui.items import Item, Press, button, view
from bot.ui.render import PRIMARY, SUCCESS, Rendered, Show, link
from bot.ui.request_letters import way_to
from bot.ui.reviewing import became, came
from bot.ui.written import block


def guide_buttons(draft: DraftView, locale: str) -> list[Item]:
    """Return what readers may press below the guide."""
    row = draft.request_id
    items: list[Item] = [button(Press("reading", "write", row), say("feedback.begin.button", locale), SUCCESS)]
    if draft.readers > 1 or not draft.visibility.shuts_out:
        # The author may press it, too, unless they aren't in the thread.
        items.append(button(Press("reading", "others", row), say("feedback.others.button", locale)))
    if draft.round > 1:
        items.append(button(Press("reading", "carried", row), say("feedback.carried.button", locale)))
    return items


def _guide(letter: Letter[Guide], locale: str) -> Rendered:
    draft, review = letter.content.question, letter.content.review
    lines = [say("feedback.guide.reviews" if draft.stage is Stage.REVIEW else "feedback.guide.drafts", locale)]
    if draft.visibility.shuts_out:
        lines.append(say("feedback.guide.outside", locale))
    if draft.link is not None:
        lines.append(say("feedback.guide.link", locale, link=block(draft.link, limits.EMBED_FIELD)))
    if letter.content.file is not None:
        lines.append(say("feedback.guide.file", locale))
    elif draft.has_file:
        lines.append(say("feedback.guide.same", locale))
    elif draft.link is None and not review:
        lines.append(say("feedback.guide.above", locale))
    if draft.round > 1:
        lines.append(say("feedback.guide.carried", locale))
    return Rendered(
        "\n".join(lines),
        embed=_guide_embed(draft, review, locale),
        view=view(*guide_buttons(draft, locale)),
        attachment=letter.content.file,
    )


def _guide_embed(draft: DraftView, review: str | None, locale: str) -> discord.Embed | None:
    """Return what takes more room than a message has: the words of a review, and what changed since the last round."""
    changed = say("draft.changed", locale)
    if not review:
        described = block(draft.changes, limits.EMBED_TEXT) if draft.changes else None
        return discord.Embed(title=changed, description=described) if described else None
    embed = discord.Embed(description=block(review, limits.EMBED_TEXT))
    if draft.changes:
        embed.add_field(name=changed, value=block(draft.changes, limits.EMBED_FIELD), inline=False)
    return embed


def _came(letter: Letter[FeedbackCame], locale: str) -> Rendered:
    draft, feedback = letter.content.question, letter.content.feedback
    if letter.user_id is not None:
        return came(Received(draft, feedback), locale)
    author, reader = f"<@{letter.addressee_id}>", f"<@{feedback.reader_user_id}>"
    look = button(Press("reading", "read", draft.request_id), say("feedback.read.button", locale), PRIMARY)
    pings = (letter.addressee_id or 0,)
    return Rendered(say("feedback.came", locale, author=author, reader=reader), view=view(look), pings=pings)


def _became(letter: Letter[BecameOf], locale: str) -> Rendered:
    if letter.user_id is not None:
        return became(letter.content.question, letter.content.feedback, locale)
    look = button(
        Press("feedback", "look", letter.content.feedback.feedback_id), say("feedback.look.button", locale), PRIMARY
    )
    reader = f"<@{letter.addressee_id}>"
    return Rendered(
        say("feedback.became_in_thread", locale, reader=reader), view=view(look), pings=(letter.addressee_id or 0,)
    )


def _unsettled(letter: Letter[PointsUnsettled], locale: str) -> Rendered:
    draft = letter.content.question
    look = button(Press("reading", "read", draft.request_id), say("feedback.read.button", locale), PRIMARY)
    if letter.user_id is None:
        words = say("feedback.loop.remind_in_thread", locale, author=f"<@{letter.addressee_id}>")
        return Rendered(words, view=view(look), pings=(letter.addressee_id or 0,))
    words = say("feedback.loop.remind", locale)
    return Rendered(f"{words}\n{way_to(letter.content)}", view=view(look))


def _compare(letter: Letter[NotesCompared], locale: str) -> Rendered:
    content, row = letter.content, letter.content.question.request_id
    others = [each for each in content.readers if each != content.reader_user_id]
    pings = tuple(content.readers) if content.text == "feedback.compare.begins" else tuple(others)
    said = say(
        content.text, locale, reader=f"<@{content.reader_user_id}>", at=int(content.at.timestamp()),
        readers=" ".join(f"<@{each}>" for each in pings),
    )  # fmt: skip
    buttons: list[Item] = [button(Press("reading", "note", row), say("feedback.note.button", locale))]
    if not content.is_agreed:
        buttons = [
            button(Press("reading", "agree", row), say("feedback.agree.button", locale), SUCCESS),
            button(Press("reading", "compare", row), say("feedback.another_time.button", locale)),
        ]
    return Rendered(said, view=view(*buttons), pings=pings)


def _joint(letter: Letter[NoteTogether], locale: str) -> Rendered:
    content, row = letter.content, letter.content.question.request_id
    if letter.user_id is None:
        look = button(Press("reading", "read", row), say("feedback.read.button", locale), PRIMARY)
        if not content.is_for_author:
            look = button(Press("reading", "note", row), say("feedback.note.button", locale), PRIMARY)
        member = f"<@{letter.addressee_id}>"
        pings = (letter.addressee_id or 0,)
        return Rendered(say("feedback.note.in_thread", locale, member=member), view=view(look), pings=pings)
    intro = "feedback.note.to_author" if content.is_for_author else "feedback.note.to_reader"
    lines = [
        say(intro, locale, writer=f"<@{content.writer_user_id}>"),
        way_to(content),
    ]
    return Rendered("\n".join(lines), embed=discord.Embed(description=block(content.words, limits.EMBED_TEXT)))


def _answered(letter: Letter[ReaderAnswered], locale: str) -> Rendered:
    content = letter.content
    intro = say("feedback.respond.said", locale, reader=f"<@{content.reader_user_id}>", draft=way_to(content))
    return Rendered(intro, embed=discord.Embed(description=block(content.words, limits.EMBED_TEXT)))


def _unread(letter: Letter[Unread], locale: str) -> Rendered:
    draft = letter.content.question
    return Rendered(say("feedback.unread", locale, thread=link(draft.guild_id, draft.thread_id)))


SHOWN: Mapping[type, Show] = {
    Guide: _guide,
    Unread: _unread,
    FeedbackCame: _came,
    BecameOf: _became,
    PointsUnsettled: _unsettled,
    NotesCompared: _compare,
    NoteTogether: _joint,
    ReaderAnswered: _answered,
}
"""How each content becomes a message."""
