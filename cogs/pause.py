"""The doors to being left in peace for a while."""

import discord
from discord import app_commands

from bot.client import Morsel
from bot.domain.rows import Row
from bot.services.pausing import Pausing
from bot.texts import say
from bot.ui.doors import Door, Presses, on, settle, show
from bot.ui.items import values
from bot.ui.mine import PAUSES, pause, pause_menu, pause_view
from bot.ui.render import Rendered

LENGTHS = [app_commands.Choice(name=say(f"pause.length.{each}"), value=each) for each in PAUSES]


class Pause(Door):
    """The doors to `Pausing`."""

    def __init__(self, presses: Presses, pausing: Pausing) -> None:
        """Take the use cases behind these doors."""
        super().__init__(presses)
        self._pausing = pausing

    @app_commands.command(name="pause", description=say("pause.description"))
    @app_commands.describe(length=say("pause.length.description"), day=say("pause.day.description"))
    @app_commands.choices(length=LENGTHS)
    @app_commands.guild_only()
    async def pause(self, interaction: discord.Interaction, length: str | None = None, day: str | None = None) -> None:
        """Pause for a length, until a day, or show how it stands."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        whose = (interaction.guild_id or 0, interaction.user.id)
        if day is not None:
            found = await self._pausing.pause_until(*whose, day)
        elif length is not None:
            found = await self._pausing.pause_for(*whose, PAUSES[length])
        else:
            found = await self._pausing.state(*whose)
        locale = interaction.locale.value
        await show(interaction, Rendered(pause(found, locale), view=pause_menu(found, locale)))

    @on("pause", "choose", None)
    async def choose(self, interaction: discord.Interaction, _row: int) -> None:
        """Pause for the chosen length."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        (place,) = values(interaction)
        length = list(PAUSES.values())[place]
        found = await self._pausing.pause_for(interaction.guild_id or 0, interaction.user.id, length)
        locale = interaction.locale.value
        await show(interaction, Rendered(pause(found, locale), view=pause_view(found, locale)))

    @on("invitation", "pause", Row.INVITATION)
    async def from_invitation(self, interaction: discord.Interaction, invitation_id: int) -> None:
        """Pass, and pause for a week."""
        await interaction.response.defer()
        found = await self._pausing.from_invitation(invitation_id, interaction.user.id)
        locale = interaction.locale.value
        await settle(interaction, pause(found, locale), view=pause_view(found, locale))

    @on("pause", "end", Row.MEMBER)
    async def end(self, interaction: discord.Interaction, member_id: int) -> None:
        """Be there again."""
        await interaction.response.defer()
        await self._pausing.end(member_id, interaction.user.id)
        await settle(interaction, say("pause.ended", interaction.locale.value))


async def setup(bot: Morsel) -> None:
    """Open the doors."""
    await bot.add_cog(Pause(bot.presses, bot.use_cases.pausing))
