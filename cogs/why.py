"""The doors to why a person was asked."""

import discord
from discord import app_commands

from bot.client import Morsel
from bot.domain.rows import Row
from bot.services.requests.explaining import Explaining
from bot.texts import say
from bot.ui import explain
from bot.ui.doors import Door, Presses, on, show
from bot.ui.render import Rendered


class Why(Door):
    """The doors to `Explaining`."""

    def __init__(self, presses: Presses, explaining: Explaining) -> None:
        """Take the use cases behind these doors."""
        super().__init__(presses)
        self._explaining = explaining

    @app_commands.command(name="why", description=say("why.description"))
    @app_commands.guild_only()
    async def why(self, interaction: discord.Interaction) -> None:
        """Show why the caller was asked the last times."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        told = await self._explaining.latest(interaction.guild_id or 0, interaction.user.id)
        await self._show(interaction, explain.explanations(told, interaction.locale.value), 0 if told else None)

    @on("invitation", "why", Row.INVITATION)
    async def why_me(self, interaction: discord.Interaction, invitation_id: int) -> None:
        """Show why the caller was asked this time; the invitation stays as it is."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        told = await self._explaining.explain(invitation_id, interaction.user.id)
        await self._show(interaction, explain.explanation(told, interaction.locale.value), invitation_id)

    @on("why", "figures", Row.INVITATION)
    async def figures(self, interaction: discord.Interaction, invitation_id: int) -> None:
        """Show the numbers behind one choice, or, without a row, behind the last ones."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        told = (
            [await self._explaining.explain(invitation_id, interaction.user.id)]
            if invitation_id
            else await self._explaining.latest(interaction.guild_id or 0, interaction.user.id)
        )
        await self._show(interaction, explain.figures(told, interaction.locale.value), None)

    async def _show(self, interaction: discord.Interaction, text: str, figures_of: int | None) -> None:
        more = None if figures_of is None else explain.figures_view(figures_of, interaction.locale.value)
        await show(interaction, Rendered(text, view=more))


async def setup(bot: Morsel) -> None:
    """Open the doors."""
    await bot.add_cog(Why(bot.presses, bot.use_cases.explaining))
