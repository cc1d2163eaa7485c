"""The doors to one's own things."""

import discord
from discord import app_commands

from bot.client import Morsel
from bot.domain.rows import Row
from bot.services.tracking import Tracking
from bot.texts import say
from bot.ui import mine
from bot.ui.doors import Door, Presses, on, show
from bot.ui.items import values


class Mine(Door):
    """The doors to `Tracking`."""

    def __init__(self, presses: Presses, tracking: Tracking) -> None:
        """Take the use cases behind these doors."""
        super().__init__(presses)
        self._tracking = tracking

    @app_commands.command(name="mine", description=say("mine.description"))
    @app_commands.guild_only()
    async def mine(self, interaction: discord.Interaction) -> None:
        """Show everything of the caller's that is going on."""
        await self.from_panel(interaction, 0)

    @on("panel", "mine", None)
    async def from_panel(self, interaction: discord.Interaction, _row: int) -> None:
        """Show it from the panel."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        guild_id = interaction.guild_id or 0
        found = await self._tracking.mine(guild_id, interaction.user.id)
        await show(interaction, mine.mine(found, guild_id, interaction.locale.value))

    @on("mine", "question", None, chosen=Row.QUESTION)
    async def question(self, interaction: discord.Interaction, _row: int) -> None:
        """Show the chosen question with everything its asker may do about it."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        (request_id,) = values(interaction)
        found = await self._tracking.question(request_id, interaction.user.id)
        await show(interaction, mine.own_question(found, interaction.guild_id or 0, interaction.locale.value))

    @on("mine", "duty", None, chosen=Row.INVITATION)
    async def duty(self, interaction: discord.Interaction, _row: int) -> None:
        """Show the chosen invitation or claim with everything its holder may do about it."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        (invitation_id,) = values(interaction)
        guild_id = interaction.guild_id or 0
        found = await self._tracking.duty(invitation_id, guild_id, interaction.user.id)
        await show(interaction, mine.own_duty(found, guild_id, interaction.locale.value))


async def setup(bot: Morsel) -> None:
    """Open the doors."""
    await bot.add_cog(Mine(bot.presses, bot.use_cases.tracking))
