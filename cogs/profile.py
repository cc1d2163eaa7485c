"""The doors to one's own profile."""

import discord
from discord import app_commands

from bot.calendars.zones import matching_zones
from bot.client import Morsel
from bot.domain.rows import Row
from bot.services.profiling import Profiling
from bot.services.results import ProfileCard
from bot.texts import say
from bot.ui import limits
from bot.ui.doors import Door, Presses, on, settle, show
from bot.ui.forms import filled_profile, profile_form
from bot.ui.items import fields, values
from bot.ui.profile_card import profile_card


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
        whose = await self._begin(interaction)
        changed = self._profiling.set_zone(*whose, zone) if zone else self._profiling.card(*whose)
        await self._show(interaction, await changed)

    @profile.autocomplete("zone")
    async def complete_zone(self, _interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Offer the zones that contain what was typed."""
        return [app_commands.Choice(name=zone, value=zone) for zone in matching_zones(typed, limits.CHOICES)]

    @on("panel", "profile", None)
    async def from_panel(self, interaction: discord.Interaction, _row: int) -> None:
        """Show the profile."""
        whose = await self._begin(interaction)
        await self._show(interaction, await self._profiling.card(*whose))

    @on("profile", "edit", None)
    async def edit(self, interaction: discord.Interaction, _row: int) -> None:
        """Open the form with what is kept: one row is read first, for a form can't follow a deferral."""
        card = await self._profiling.card(interaction.guild_id or 0, interaction.user.id)
        await interaction.response.send_modal(profile_form(card, interaction.locale.value))

    @on("profile", "save", None)
    async def save(self, interaction: discord.Interaction, _row: int) -> None:
        """Keep what was filled in and show the profile."""
        whose = await self._begin(interaction)
        form = filled_profile(fields(interaction))
        await self._show(interaction, await self._profiling.save(*whose, form, interaction.locale.value))

    @on("profile", "mute", None)
    async def mute(self, interaction: discord.Interaction, _row: int) -> None:
        """Mute the chosen statements and no others."""
        whose = await self._begin(interaction)
        await self._show(interaction, await self._profiling.mute(*whose, values(interaction)))

    @on("profile", "delete", None)
    async def delete(self, interaction: discord.Interaction, _row: int) -> None:
        """Delete the chosen statements."""
        whose = await self._begin(interaction)
        await self._show(interaction, await self._profiling.delete(*whose, values(interaction)))

    @on("profile", "learn", None)
    async def learn(self, interaction: discord.Interaction, _row: int) -> None:
        """Learn from what the caller helps with, from now on."""
        whose = await self._begin(interaction)
        await self._show(interaction, await self._profiling.set_learning(*whose, learns_from_help=True))

    @on("profile", "stop_learning", None)
    async def stop_learning(self, interaction: discord.Interaction, _row: int) -> None:
        """Learn nothing more, and set aside what was learned."""
        whose = await self._begin(interaction)
        await self._show(interaction, await self._profiling.set_learning(*whose, learns_from_help=False))

    @on("profile", "unlearn", None)
    async def unlearn(self, interaction: discord.Interaction, _row: int) -> None:
        """Forget everything that was learned about the caller."""
        whose = await self._begin(interaction)
        await self._show(interaction, await self._profiling.unlearn(*whose))

    @on("profile", "check", None)
    async def check(self, interaction: discord.Interaction, _row: int) -> None:
        """Send a test message."""
        whose = await self._begin(interaction)
        await self._profiling.check_messages(*whose)
        await interaction.followup.send(say("profile.check.sent", interaction.locale.value), ephemeral=True)

    @on("check", "arrived", Row.MEMBER)
    async def arrived(self, interaction: discord.Interaction, member_id: int) -> None:
        """Note that a test message arrived."""
        await interaction.response.defer()
        await self._profiling.confirm_messages(member_id, interaction.user.id)
        await settle(interaction, say("check.arrived", interaction.locale.value))

    async def _begin(self, interaction: discord.Interaction) -> tuple[int, int]:
        """Acknowledge at once, and return whose profile it is about: the community and the person."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        return interaction.guild_id or 0, interaction.user.id

    async def _show(self, interaction: discord.Interaction, card: ProfileCard) -> None:
        await show(interaction, profile_card(card, interaction.locale.value))


async def setup(bot: Morsel) -> None:
    """Open the doors."""
    await bot.add_cog(Profile(bot.presses, bot.use_cases.profiling))
