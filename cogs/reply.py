"""The doors for an asker who replies without their name."""

import discord

from bot.client import Morsel
from bot.domain.rows import Row
from bot.services.requests.replying import LONGEST, Replying
from bot.texts import say
from bot.ui.doors import Door, Presses, on
from bot.ui.forms import words_form
from bot.ui.items import Press, fields


class Reply(Door):
    """The doors to `Replying`."""

    def __init__(self, presses: Presses, replying: Replying) -> None:
        """Take the use cases behind these doors."""
        super().__init__(presses)
        self._replying = replying

    @on("reply", "write", Row.QUESTION)
    async def write(self, interaction: discord.Interaction, request_id: int) -> None:
        """Open the form for the asker; one row is read first, for a form can't follow a deferral."""
        await self._replying.require_asker(request_id, interaction.user.id)
        locale = interaction.locale.value
        label, description = say("reply.field.label", locale), say("reply.field.description", locale)
        form = words_form(Press("reply", "send", request_id), say("reply.title", locale), label, LONGEST, description)
        await interaction.response.send_modal(form)

    @on("reply", "send", Row.QUESTION)
    async def send(self, interaction: discord.Interaction, request_id: int) -> None:
        """Say it in the thread."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        words = fields(interaction).get("words", "")
        await self._replying.reply(request_id, interaction.user.id, interaction.id, words)
        await interaction.followup.send(say("reply.done", interaction.locale.value), ephemeral=True)


async def setup(bot: Morsel) -> None:
    """Open the doors."""
    await bot.add_cog(Reply(bot.presses, bot.use_cases.replying))
