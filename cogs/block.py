"""The doors to blocking a member."""

from collections.abc import Mapping

import discord
from discord import app_commands

from bot.client import Morsel
from bot.domain.rows import Row
from bot.services.people.blocking import Blocking
from bot.texts import say
from bot.ui.blocked import blocked, names_of
from bot.ui.doors import Door, Presses, on, show
from bot.ui.items import values


class Block(Door):
    """The doors to `Blocking`."""

    def __init__(self, presses: Presses, blocking: Blocking) -> None:
        """Take the use cases behind these doors."""
        super().__init__(presses)
        self._blocking = blocking

    @app_commands.command(name="block", description=say("block.description"))
    @app_commands.describe(member=say("block.member.description"))
    @app_commands.guild_only()
    async def block(self, interaction: discord.Interaction, member: discord.User | None = None) -> None:
        """Block a member, or show who is blocked."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        whose = (interaction.guild_id or 0, interaction.user.id)
        if member is None:
            await self._show(interaction, await self._blocking.blocked(*whose), is_new=False)
        else:
            await self._show(interaction, await self._blocking.block(*whose, member.id), is_new=True)

    @on("block", "remove", None, chosen=Row.MEMBER)
    async def remove(self, interaction: discord.Interaction, _row: int) -> None:
        """Let the chosen people in again."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        whose = (interaction.guild_id or 0, interaction.user.id)
        await self._show(interaction, await self._blocking.unblock(*whose, values(interaction)), is_new=False)

    async def _show(self, interaction: discord.Interaction, away: Mapping[int, int], *, is_new: bool) -> None:
        names = await names_of(interaction.client, away)
        await show(interaction, blocked(away, names, interaction.locale.value, is_new=is_new))


async def setup(bot: Morsel) -> None:
    """Open the doors."""
    await bot.add_cog(Block(bot.presses, bot.use_cases.blocking))
