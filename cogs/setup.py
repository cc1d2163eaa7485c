"""The door to setting a community up, for those who manage it."""

import discord
from discord import app_commands

from bot.client import Morsel
from bot.services.community.setting_up import SettingUp
from bot.texts import say
from bot.ui import render
from bot.ui.channels import HelpChannel, MeetingChannel, TextChannel, create_help_channel
from bot.ui.doors import Door, Presses


class Setup(Door):
    """The door to `SettingUp`."""

    def __init__(self, presses: Presses, setting_up: SettingUp) -> None:
        """Take the use cases behind this door."""
        super().__init__(presses)
        self._setting_up = setting_up

    @app_commands.command(name="setup", description=say("setup.description"))
    @app_commands.describe(
        channel=say("setup.channel.description"),
        private_channel=say("setup.private_channel.description"),
        moderator_channel=say("setup.moderator_channel.description"),
        meeting_channel=say("setup.meeting_channel.description"),
        meeting_threads=say("setup.meeting_threads.description"),
    )
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    async def setup(
        self,
        interaction: discord.Interaction,
        channel: app_commands.Transform[int, HelpChannel] | None = None,
        private_channel: app_commands.Transform[int, TextChannel] | None = None,
        moderator_channel: app_commands.Transform[int, TextChannel] | None = None,
        meeting_channel: app_commands.Transform[int, MeetingChannel] | None = None,
        *,
        meeting_threads: bool | None = None,
    ) -> None:
        """Pick the given channels; the help channel is the one picked before, or a new one, where none is given."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        given = (channel, private_channel, moderator_channel, meeting_channel)
        self._setting_up.require_here(interaction.guild_id or 0, *given)
        lines = [await self._choose(interaction, channel)]
        if private_channel is not None:
            lines.append(await self._choose_private(interaction, private_channel))
        if moderator_channel is not None:
            lines.append(await self._choose_moderators(interaction, moderator_channel))
        if meeting_channel is not None:
            await self._setting_up.choose_meeting(interaction.guild_id or 0, meeting_channel)
            lines.append(say("setup.meeting", interaction.locale.value, channel=f"<#{meeting_channel}>"))
        if meeting_threads is not None:
            lines.append(await self._choose_rooms(interaction, are_wanted=meeting_threads))
        await interaction.followup.send("\n".join(lines), ephemeral=True)

    async def _choose(self, interaction: discord.Interaction, channel: int | None) -> str:
        guild, locale = interaction.guild, interaction.locale.value
        assert guild is not None, "guild_only"  # noqa: S101
        known = channel or await self._setting_up.help_channel(guild.id)
        is_known = known is not None and (channel is not None or guild.get_channel(known) is not None)
        chosen = known if known is not None and is_known else await create_help_channel(guild, locale)
        result = await self._setting_up.choose(guild.id, chosen)
        if result.missing:
            key = "setup.missing_beside_panel" if result.has_panel else "setup.missing"
            return say(key, locale, channel=f"<#{chosen}>", permissions=render.permissions(result.missing, locale))
        key = "setup.unchanged" if result.has_panel else "setup.done" if is_known else "setup.created"
        return say(key, locale, channel=f"<#{chosen}>")

    async def _choose_private(self, interaction: discord.Interaction, channel: int) -> str:
        await self._setting_up.choose_private(interaction.guild_id or 0, channel)
        return say("setup.private", interaction.locale.value, channel=f"<#{channel}>")

    async def _choose_moderators(self, interaction: discord.Interaction, channel: int) -> str:
        locale = interaction.locale.value
        missing = await self._setting_up.choose_moderators(interaction.guild_id or 0, channel)
        key = "setup.moderators_missing" if missing else "setup.moderators"
        return say(key, locale, channel=f"<#{channel}>", permissions=render.permissions(missing, locale))

    async def _choose_rooms(self, interaction: discord.Interaction, *, are_wanted: bool) -> str:
        channel = await self._setting_up.choose_rooms(interaction.guild_id or 0, are_wanted=are_wanted)
        key = "setup.no_rooms" if channel is None else "setup.rooms"
        return say(key, interaction.locale.value, channel=f"<#{channel}>")


async def setup(bot: Morsel) -> None:
    """Open the door."""
    await bot.add_cog(Setup(bot.presses, bot.use_cases.setting_up))
