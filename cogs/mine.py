"""The doors to one's own things."""

import discord
from discord import app_commands

from bot.client import Morsel
from bot.domain.rows import Row
from bot.services.people.recognising import Recognising
from bot.services.people.tracking import Tracking
from bot.texts import say
from bot.ui import mine
from bot.ui.doors import Door, Presses, on, show
from bot.ui.homes import home_of
from bot.ui.items import value


class Mine(Door):
    """The doors to `Tracking`."""

    def __init__(self, presses: Presses, tracking: Tracking, recognising: Recognising) -> None:
        """Take the use cases behind these doors."""
        super().__init__(presses)
        self._tracking, self._recognising = tracking, recognising

    @app_commands.command(name="mine", description=say("mine.description"))
    @app_commands.allowed_contexts(guilds=True, dms=True)
    async def mine(self, interaction: discord.Interaction) -> None:
        """Show everything of the caller's that is going on."""
        await self.from_panel(interaction, 0)

    @on("panel", "mine", None)
    async def from_panel(self, interaction: discord.Interaction, _row: int) -> None:
        """Show it from the panel."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self._show(interaction)

    @on("mine", "home", None, chosen=Row.MEMBER)
    async def at_home(self, interaction: discord.Interaction, _row: int) -> None:
        """Show it for the chosen server."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self._show(interaction, value(interaction))

    @on("mine", "question", None, chosen=Row.QUESTION)
    async def question(self, interaction: discord.Interaction, _row: int) -> None:
        """Show the chosen question with everything its asker may do about it."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        request_id = value(interaction)
        found = await self._tracking.request(request_id, interaction.user.id)
        guild_id = await self._recognising.community(Row.QUESTION, request_id)
        await show(interaction, mine.own_question(found, guild_id, interaction.locale.value))

    @on("mine", "duty", None, chosen=Row.INVITATION)
    async def duty(self, interaction: discord.Interaction, _row: int) -> None:
        """Show the chosen invitation or claim with everything its holder may do about it."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        invitation_id = value(interaction)
        guild_id = await self._recognising.community(Row.INVITATION, invitation_id)
        found = await self._tracking.duty(invitation_id, guild_id, interaction.user.id)
        await show(interaction, mine.own_duty(found, guild_id, interaction.locale.value))

    async def _show(self, interaction: discord.Interaction, member_id: int = 0) -> None:
        home = await home_of(interaction, self._recognising, "mine", member_id)
        if home is not None:
            found = await self._tracking.mine(home.guild_id, interaction.user.id)
            await show(interaction, mine.mine(found, home, interaction.locale.value))


async def setup(bot: Morsel) -> None:
    """Open the doors."""
    await bot.add_cog(Mine(bot.presses, bot.use_cases.tracking, bot.use_cases.recognising))
