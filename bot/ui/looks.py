"""How each kind of request looks to those who are asked; a new kind is entered here."""

from collections.abc import Callable
from typing import Any

import discord

from bot.services.results import QuestionView, RequestView
from bot.texts import say
from bot.ui import limits
from bot.ui.written import block


def whole(request: RequestView, locale: str, footer: str | None = None) -> discord.Embed:
    """Return all that people see of a request, above a `footer` (a text's key) where there is one."""
    return LOOKS[request.type](request, locale, footer)


def _question(question: QuestionView, locale: str, footer: str | None) -> discord.Embed:
    embed = discord.Embed(description=block(question.text, limits.EMBED_TEXT))
    if question.tried:
        embed.add_field(name=say("post.tried", locale), value=block(question.tried, limits.EMBED_FIELD), inline=False)
    if footer is not None:
        kind, urgency = say(f"kind.{question.kind}", locale), say(f"urgency.{question.urgency}", locale)
        embed.set_footer(text=say(footer, locale, kind=kind, urgency=urgency))
    return embed


LOOKS: dict[str, Callable[[Any, str, str | None], discord.Embed]] = {"question": _question}
"""By kind."""
