"""The doors on an invitation."""

import discord

from bot.client import Morsel
from bot.services.helping import Helping
from bot.texts import say
from bot.ui import render
from bot.ui.doors import Door, Presses, on, settle


class Invitation(Door):
    """The doors to `Helping` for somebody who was asked."""

    def __init__(self, presses: Presses, helping: Helping) -> None:
        """Take the use cases behind these doors."""
        super().__init__(presses)
        self._helping = helping

    @on("invitation", "take")
    async def take(self, interaction: discord.Interaction, invitation_id: int) -> None:
        """Take it, and show the way to the thread."""
        await interaction.response.defer()
        question = await self._helping.take(invitation_id, interaction.user.id)
        where = render.link(question.guild_id, question.thread_id)
        await settle(interaction, say("invitation.taken", interaction.locale.value, thread=where))

    @on("invitation", "pass")
    async def pass_on(self, interaction: discord.Interaction, invitation_id: int) -> None:
        """Pass; somebody else is asked."""
        await interaction.response.defer()
        await self._helping.pass_on(invitation_id, interaction.user.id)
        await settle(interaction, say("invitation.passed", interaction.locale.value))

    @on("invitation", "off_topic")
    async def off_topic(self, interaction: discord.Interaction, invitation_id: int) -> None:
        """Pass, and let the line that matched count less; it can be taken back."""
        await interaction.response.defer()
        statement = await self._helping.off_topic(invitation_id, interaction.user.id)
        locale = interaction.locale.value
        undo = render.off_topic_view(invitation_id, locale) if statement else None
        await settle(interaction, render.off_topic(statement, locale), view=undo)

    @on("invitation", "on_topic")
    async def on_topic(self, interaction: discord.Interaction, invitation_id: int) -> None:
        """Let the line count as before."""
        await interaction.response.defer()
        await self._helping.on_topic(invitation_id, interaction.user.id)
        await settle(interaction, say("invitation.on_topic.done", interaction.locale.value))


async def setup(bot: Morsel) -> None:
    """Open the doors."""
    await bot.add_cog(Invitation(bot.presses, bot.use_cases.helping))
