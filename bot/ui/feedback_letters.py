"""From letters about drafts to what people see; pure, apart from needing a running event loop for views."""

from collections.abc import Mapping

import discord

from bot.domain.drafts import Stage
from bot.services.feedback.contents import Guide
from bot.services.results import DraftView, Letter
from bot.texts import say
from bot.ui import limits
from bot.ui.items import Item, view
from bot.ui.render import Rendered, Show
from bot.ui.written import block


def guide_buttons(_draft: DraftView, _locale: str) -> list[Item]:
    """Return what readers may press below the guide."""
    return []


def _guide(letter: Letter[Guide], locale: str) -> Rendered:
    draft, review = letter.content.question, letter.content.review
    lines = [say("feedback.guide.reviews" if draft.stage is Stage.REVIEW else "feedback.guide.drafts", locale)]
    if draft.visibility.shuts_out:
        lines.append(say("feedback.guide.outside", locale))
    if draft.link is not None:
        lines.append(say("feedback.guide.link", locale, link=block(draft.link, limits.EMBED_FIELD)))
    if letter.content.file is not None:
        lines.append(say("feedback.guide.file", locale))
    return Rendered(
        "\n".join(lines),
        embed=discord.Embed(description=block(review, limits.EMBED_TEXT)) if review else None,
        view=view(*guide_buttons(draft, locale)),
        attachment=letter.content.file,
    )


SHOWN: Mapping[type, Show] = {Guide: _guide}
"""How each content becomes a message."""
