"""The door to statistics, for moderators."""

import discord
from discord import app_commands

from bot.client import Morsel
from bot.services.community.counting import Counting
from bot.texts import say
from bot.ui import render
from bot.ui.doors import Door, Presses

WEEKS = [
    app_commands.Choice(name=say("stats.weeks.four"), value=4),
    app_commands.Choice(name=say("stats.weeks.twelve"), value=12),
]


class Stats(Door):
    """The door to `Counting`."""

    def __init__(self, presses: Presses, counting: Counting) -> None:
        """Take the use cases behind this door."""
        super().__init__(presses)
        self._counting = counting

    @app_commands.command(name="stats", description=say("stats.description"))
    @app_commands.describe(weeks=say("stats.weeks.description"))
    @app_commands.choices(weeks=WEEKS)
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_messages=True)
    async def stats(self, interaction: discord.Interaction, weeks: int = 4) -> None:
        """Show the table."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        table = await self._counting.summarise(interaction.guild_id or 0, weeks)
        await interaction.followup.send(render.stats(table, interaction.locale.value), ephemeral=True)


async def setup(bot: Morsel) -> None:
    """Open the door."""
    await bot.add_cog(Stats(bot.presses, bot.use_cases.counting))
