"""The doors to one's own profile."""

import discord
from discord import app_commands

from bot.client import Morsel
from bot.domain.hours import matching_zones
from bot.domain.policy import Rate
from bot.services.profiling import ProfileForm, Profiling
from bot.services.results import ProfileCard
from bot.texts import say
from bot.ui import limits, render
from bot.ui.doors import Door, Presses, on, settle
from bot.ui.forms import profile_form
from bot.ui.items import fields, values


class Profile(Door):
    """The doors to `Profiling`."""

    def __init__(self, presses: Presses, profiling: Profiling) -> None:
        """Take the use cases behind these doors."""
        super().__init__(presses)
        self._profiling = profiling

    @app_commands.command(name="profile", description=say("profile.description"))
    @app_commands.describe(zone=say("profile.zone.description"))
    @app_commands.guild_only()
    async def profile(self, interaction: discord.Interaction, zone: str | None = None) -> None:
        """Show the profile, after keeping a zone where one is given."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        guild_id, user_id = interaction.guild_id or 0, interaction.user.id
        if zone:
            await self._show(interaction, await self._profiling.set_zone(guild_id, user_id, zone))
        else:
            await self._show(interaction, await self._profiling.card(guild_id, user_id))

    @profile.autocomplete("zone")
    async def complete_zone(self, _interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Offer the zones that contain what was typed."""
        return [app_commands.Choice(name=zone, value=zone) for zone in matching_zones(typed, limits.CHOICES)]

    @on("panel", "profile")
    async def from_panel(self, interaction: discord.Interaction, _row: int) -> None:
        """Show the profile."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self._show(interaction, await self._profiling.card(interaction.guild_id or 0, interaction.user.id))

    @on("profile", "edit")
    async def edit(self, interaction: discord.Interaction, _row: int) -> None:
        """Open the form with what is kept: one row is read first, for a form can't follow a deferral."""
        card = await self._profiling.card(interaction.guild_id or 0, interaction.user.id)
        await interaction.response.send_modal(profile_form(card, interaction.locale.value))

    @on("profile", "save")
    async def save(self, interaction: discord.Interaction, _row: int) -> None:
        """Keep what was filled in and show the profile."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        filled = fields(interaction)
        form = ProfileForm(
            statements=filled.get("statements", ""),
            learning=filled.get("learning", ""),
            languages=filled.get("languages", ""),
            clock=filled.get("clock", ""),
            rate=Rate(filled.get("rate") or Rate.ONE_A_DAY),
        )
        guild_id, locale = interaction.guild_id or 0, interaction.locale.value
        await self._show(interaction, await self._profiling.save(guild_id, interaction.user.id, form, locale))

    @on("profile", "mute")
    async def mute(self, interaction: discord.Interaction, _row: int) -> None:
        """Mute the chosen statements and no others."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        guild_id = interaction.guild_id or 0
        await self._show(interaction, await self._profiling.mute(guild_id, interaction.user.id, values(interaction)))

    @on("profile", "delete")
    async def delete(self, interaction: discord.Interaction, _row: int) -> None:
        """Delete the chosen statements."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        guild_id = interaction.guild_id or 0
        await self._show(interaction, await self._profiling.delete(guild_id, interaction.user.id, values(interaction)))

    @on("profile", "check")
    async def check(self, interaction: discord.Interaction, _row: int) -> None:
        """Send a test message."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self._profiling.check_messages(interaction.guild_id or 0, interaction.user.id)
        await interaction.followup.send(say("profile.check.sent", interaction.locale.value), ephemeral=True)

    @on("check", "arrived")
    async def arrived(self, interaction: discord.Interaction, member_id: int) -> None:
        """Note that a test message arrived."""
        await interaction.response.defer()
        await self._profiling.confirm_messages(member_id, interaction.user.id)
        await settle(interaction, say("check.arrived", interaction.locale.value))

    async def _show(self, interaction: discord.Interaction, card: ProfileCard) -> None:
        shown = render.profile(card, interaction.locale.value)
        await interaction.followup.send(
            shown.content, view=shown.view or discord.utils.MISSING, ephemeral=True, allowed_mentions=render.NOBODY
        )


async def setup(bot: Morsel) -> None:
    """Open the doors."""
    await bot.add_cog(Profile(bot.presses, bot.use_cases.profiling))
