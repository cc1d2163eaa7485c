"""The door to setting a community up, for those who manage it."""

import discord
from discord import app_commands

from bot.client import Morsel
from bot.services.setting_up import SettingUp
from bot.texts import say
from bot.ui import render
from bot.ui.channels import HelpChannel, create_help_channel
from bot.ui.doors import Door, Presses


class Setup(Door):
    """The door to `SettingUp`."""

    def __init__(self, presses: Presses, setting_up: SettingUp) -> None:
        """Take the use cases behind this door."""
        super().__init__(presses)
        self._setting_up = setting_up

    @app_commands.command(name="setup", description=say("setup.description"))
    @app_commands.describe(channel=say("setup.channel.description"))
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    async def setup(
        self, interaction: discord.Interaction, channel: app_commands.Transform[int, HelpChannel] | None = None
    ) -> None:
        """Pick the given channel, or the one picked before, or make one; then say what is still missing."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        guild, locale = interaction.guild, interaction.locale.value
        assert guild is not None, "guild_only"  # noqa: S101
        known = channel or await self._setting_up.help_channel(guild.id)
        is_known = known is not None and (channel is not None or guild.get_channel(known) is not None)
        chosen = known if known is not None and is_known else await create_help_channel(guild, locale)
        missing = await self._setting_up.choose(guild.id, chosen)
        key = "setup.missing" if missing else "setup.done" if is_known else "setup.created"
        names = render.permissions(missing, locale)
        await interaction.followup.send(say(key, locale, channel=f"<#{chosen}>", permissions=names), ephemeral=True)


async def setup(bot: Morsel) -> None:
    """Open the door."""
    await bot.add_cog(Setup(bot.presses, bot.use_cases.setting_up))
