"""The doors for a reader who answers an author without a name."""

import discord

from bot.client import Morsel
from bot.domain.rows import Row
from bot.services.feedback.responding import LONGEST, Responding
from bot.texts import say
from bot.ui.doors import Door, Presses, on
from bot.ui.forms import words_form
from bot.ui.items import Press, fields


class Respond(Door):
    """The doors to `Responding`."""

    def __init__(self, presses: Presses, responding: Responding) -> None:
        """Take the use case behind these doors."""
        super().__init__(presses)
        self._responding = responding

    @on("reading", "respond", Row.QUESTION)
    async def write(self, interaction: discord.Interaction, draft_id: int) -> None:
        """Open the form; some rows are read first, for a form can't follow a deferral."""
        await self._responding.require_reader(draft_id, interaction.user.id)
        locale = interaction.locale.value
        label, description = say("feedback.respond.label", locale), say("feedback.respond.description", locale)
        press, title = Press("reading", "tell_author", draft_id), say("feedback.respond.title", locale)
        await interaction.response.send_modal(words_form(press, title, label, LONGEST, description))

    @on("reading", "tell_author", Row.QUESTION)
    async def send(self, interaction: discord.Interaction, draft_id: int) -> None:
        """Give it to the author."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        words = fields(interaction).get("words", "")
        await self._responding.respond(draft_id, interaction.user.id, interaction.id, words)
        await interaction.followup.send(say("feedback.respond.done", interaction.locale.value), ephemeral=True)


async def setup(bot: Morsel) -> None:
    """Open the doors."""
    await bot.add_cog(Respond(bot.presses, bot.use_cases.responding))
