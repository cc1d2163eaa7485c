"""The door to what is missing, for moderators."""

import discord
from discord import app_commands

from bot.client import Morsel
from bot.services.community.diagnosing import Diagnosing
from bot.texts import say
from bot.ui import render
from bot.ui.doors import Door, Presses


class Doctor(Door):
    """The door to `Diagnosing`."""

    def __init__(self, presses: Presses, diagnosing: Diagnosing) -> None:
        """Take the use cases behind this door."""
        super().__init__(presses)
        self._diagnosing = diagnosing

    @app_commands.command(name="doctor", description=say("doctor.description"))
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    async def doctor(self, interaction: discord.Interaction) -> None:
        """Show what is in order and what is missing."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        found = await self._diagnosing.examine(interaction.guild_id or 0)
        await interaction.followup.send(render.findings(found, interaction.locale.value), ephemeral=True)


async def setup(bot: Morsel) -> None:
    """Open the door."""
    await bot.add_cog(Doctor(bot.presses, bot.use_cases.diagnosing))
