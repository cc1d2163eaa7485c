"""How each kind of request looks to those who are asked, and in which words; a new kind is entered here."""

from collections.abc import Callable
from typing import Any, Final, Protocol

import discord
from discord.utils import format_dt

from bot.domain.draft_reading import band
from bot.domain.drafts import Stage
from bot.services.requests.kinds import KINDS
from bot.services.results import DraftView, QuestionView, RequestView
from bot.texts import own, say
from bot.ui import limits
from bot.ui.written import block, inline


def whole(request: RequestView, locale: str, footer: str | None = None) -> discord.Embed:
    """Return all that people see of a request, above a `footer` (a text's key) where there is one."""
    return LOOKS[request.type](request, locale, footer)


class OfKind(Protocol):
    """A request, or what became of one."""

    @property
    def type(self) -> str:
        """Return the name of its kind."""
        ...


def called(request: RequestView, locale: str) -> str:
    """Return what a request is called by, for a person who can't open its thread."""
    text = say("draft.withdrawn_title", locale) if request.is_withdrawn else inline(request.text, CALLED)
    return f"*{text}*"


def told(request: OfKind, key: str, locale: str, **params: object) -> str:
    """Return a text about a request, in the words of its kind where that has its own."""
    return say(key_for(request, key), locale, **params)


def key_for(request: OfKind, key: str) -> str:
    """Return the key of a text about a request: its kind's own where there is one, and of a review, the review's."""
    words = KINDS[request.type].words
    beginnings = (REVIEW, words) if isinstance(request, DraftView) and request.stage is Stage.REVIEW else (words,)
    return next((found for each in beginnings if (found := own(key, each)) != key), key)


Choice = tuple[str, str, str]
"""A group and a verb of buttons, and the key of what stands on this one."""


def choices_for(request: RequestView) -> tuple[Choice, ...]:
    """Return what an asker may do about a request that waits in vain."""
    offered = CHOICES.get(request.type, CHOICES["question"])
    is_review = isinstance(request, DraftView) and request.stage is Stage.REVIEW
    return without_parts(offered) if is_review else offered


def without_parts(offered: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """Return what may be chosen for a review: it is short, so there is no smaller piece of it."""
    return tuple(each for each in offered if each != SMALLER)


def afterwards(kind: str) -> tuple[Choice, ...]:
    """Return what an asker may do about a request of a kind once it is answered, beside saying how it went."""
    return AFTERWARDS.get(kind, ())


def answered(request: RequestView, people: int, locale: str) -> list[str]:
    """Return what is said of those who have answered a request that waits for more people."""
    if request.type != "draft":
        return []
    counted = ("draft.read_by_none", "draft.read_by_one")
    return [say(counted[people], locale) if people < len(counted) else say("draft.read_by", locale, count=people)]


def _question(question: QuestionView, locale: str, footer: str | None) -> discord.Embed:
    embed = discord.Embed(description=block(question.text, limits.EMBED_TEXT))
    if question.tried:
        embed.add_field(name=say("post.tried", locale), value=block(question.tried, limits.EMBED_FIELD), inline=False)
    if footer is not None:
        kind, urgency = say(f"kind.{question.kind}", locale), say(f"urgency.{question.urgency}", locale)
        embed.set_footer(text=say(footer, locale, kind=kind, urgency=urgency))
    return embed


def to_read(draft: DraftView, locale: str) -> str:
    """Return in one line how long a draft takes, and its two dates."""
    fewest, most = band(draft.words)
    if draft.needed_by is None:
        return say("draft.to_read", locale, fewest=fewest, most=most)
    aim, by = (format_dt(each, "d") for each in (draft.aim_for, draft.needed_by))
    return say("draft.to_read_by", locale, fewest=fewest, most=most, aim=aim, by=by)


def _draft(draft: DraftView, locale: str, _footer: str | None) -> discord.Embed:
    embed = discord.Embed()
    if draft.changes:
        embed.add_field(name=say("draft.changed", locale), value=block(draft.changes, limits.EMBED_FIELD), inline=False)
    asked = "\n".join(f"{number}. {each}" for number, each in enumerate(draft.questions, start=1))
    if asked:
        embed.add_field(name=say("draft.asked", locale), value=block(asked, limits.EMBED_FIELD), inline=False)
    if reading := _reading(draft, locale):
        embed.add_field(name=say("draft.reading", locale), value="\n".join(reading), inline=False)
    areas = ", ".join(say(f"draft.area.{each}", locale) for each in draft.areas) or say("draft.any_area", locale)
    embed.set_footer(text=say("draft.footer", locale, stage=say(f"draft.stage.{draft.stage}", locale), areas=areas))
    # What it is about is the longest of all, so it takes the room that is left.
    embed.description = block(draft.about, min(limits.EMBED_TEXT, limits.EMBED - len(embed)))
    return embed


def _reading(draft: DraftView, locale: str) -> list[str]:
    """Return what there is to read until when; nothing of its length while that isn't known."""
    lines = [say("draft.part", locale, part=inline(draft.part, 200))] if draft.part else []
    if draft.words:
        shortest, longest = band(draft.words)
        lines.append(say("draft.takes", locale, shortest=shortest, longest=longest))
    if draft.needed_by is not None:
        aim, by = (f"{format_dt(each, 'f')} ({format_dt(each, 'R')})" for each in (draft.aim_for, draft.needed_by))
        lines.append(say("draft.dates", locale, aim=aim, by=by))
    return lines


CALLED: Final = 90
"""Characters of what a request is called."""
REVIEW: Final = "review"
"""Beginning of the texts that stand in the place of a draft's own where it is a review."""
SMALLER: Final = ("round", "smaller", "draft.choices.smaller.button")
CHOICES: dict[str, tuple[Choice, ...]] = {
    "question": (
        ("question", "rephrase", "choices.rephrase.button"),
        ("question", "more", "choices.more.button"),
        ("book", "question", "choices.talk.button"),
        ("question", "close", "choices.close.button"),
    ),
    "draft": (
        SMALLER,
        ("round", "later", "draft.choices.later.button"),
        ("round", "new", "draft.choices.new.button"),
        ("book", "question", "choices.talk.button"),
        ("round", "withdraw", "draft.choices.withdraw.button"),
    ),
}
"""By kind; one that isn't named is treated as a question."""
AFTERWARDS: dict[str, tuple[Choice, ...]] = {"draft": (("round", "new", "draft.choices.new.button"),)}
"""By kind; one that isn't named has nothing more."""
LOOKS: dict[str, Callable[[Any, str, str | None], discord.Embed]] = {"question": _question, "draft": _draft}
"""By kind."""
