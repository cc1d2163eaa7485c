"""The door to a first explanation."""

import discord
from discord import app_commands

from bot.client import Morsel
from bot.texts import say
from bot.ui.doors import Door


class Help(Door):
    """Says what Morsel does, and where to start."""

    @app_commands.command(name="help", description=say("help.description"))
    async def help(self, interaction: discord.Interaction) -> None:
        """Show the explanation."""
        await interaction.response.send_message(say("help.text", interaction.locale.value), ephemeral=True)


async def setup(bot: Morsel) -> None:
    """Open the door."""
    await bot.add_cog(Help(bot.presses))
