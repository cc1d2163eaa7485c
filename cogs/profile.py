"""The doors to one's own profile."""

import discord
from discord import app_commands

from bot.calendars.zones import matching_zones
from bot.client import Morsel
from bot.domain.rows import Row
from bot.services.people.profiling import Profiling
from bot.services.people.recognising import Recognising
from bot.services.results import ProfileCard
from bot.texts import say
from bot.ui import limits
from bot.ui.doors import Door, Presses, on, settle, show
from bot.ui.forms import filled_profile, profile_form
from bot.ui.homes import begin, home_of, place_of
from bot.ui.items import fields, payload, value, values
from bot.ui.profile_card import profile_card


class Profile(Door):
    """The doors to `Profiling`."""

    def __init__(self, presses: Presses, profiling: Profiling, recognising: Recognising) -> None:
        """Take the use cases behind these doors."""
        super().__init__(presses)
        self._profiling, self._recognising = profiling, recognising

    @app_commands.command(name="profile", description=say("profile.description"))
    @app_commands.describe(zone=say("profile.zone.description"))
    @app_commands.allowed_contexts(guilds=True, dms=True)
    async def profile(self, interaction: discord.Interaction, zone: str | None = None) -> None:
        """Show the profile, after keeping a zone where one is given; in direct messages the server is chosen first."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        home = await home_of(interaction, self._recognising, "profile")
        if home is not None:
            whose = (home.guild_id, interaction.user.id)
            changed = self._profiling.set_zone(*whose, zone) if zone else self._profiling.card(*whose)
            await self._show(interaction, await changed, home.member_id)

    @profile.autocomplete("zone")
    async def complete_zone(self, _interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Offer the zones that contain what was typed."""
        return [app_commands.Choice(name=zone, value=zone) for zone in matching_zones(typed, limits.CHOICES)]

    @on("panel", "profile", None)
    @on("profile", "home", None, chosen=Row.MEMBER)
    async def from_panel(self, interaction: discord.Interaction, _row: int) -> None:
        """Show the profile, in the chosen server where there was a choice."""
        member_id = value(interaction) if "values" in payload(interaction) else 0
        whose = await begin(interaction, self._recognising, member_id)
        await self._show(interaction, await self._profiling.card(*whose), member_id)

    @on("profile", "edit", Row.MEMBER)
    async def edit(self, interaction: discord.Interaction, member_id: int) -> None:
        """Open the form with what is kept: one row is read first, for a form can't follow a deferral."""
        card = await self._profiling.card(
            await place_of(interaction, self._recognising, member_id), interaction.user.id
        )
        await interaction.response.send_modal(profile_form(card, interaction.locale.value, member_id))

    @on("profile", "save", Row.MEMBER)
    async def save(self, interaction: discord.Interaction, member_id: int) -> None:
        """Keep what was filled in and show the profile."""
        whose = await begin(interaction, self._recognising, member_id)
        form = filled_profile(fields(interaction))
        await self._show(interaction, await self._profiling.save(*whose, form, interaction.locale.value), member_id)

    @on("profile", "mute", Row.MEMBER)
    async def mute(self, interaction: discord.Interaction, member_id: int) -> None:
        """Mute the chosen statements and no others."""
        whose = await begin(interaction, self._recognising, member_id)
        await self._show(interaction, await self._profiling.mute(*whose, values(interaction)), member_id)

    @on("profile", "delete", Row.MEMBER)
    @on("profile", "delete_learned", Row.MEMBER)
    async def delete(self, interaction: discord.Interaction, member_id: int) -> None:
        """Delete the chosen statements."""
        whose = await begin(interaction, self._recognising, member_id)
        await self._show(interaction, await self._profiling.delete(*whose, values(interaction)), member_id)

    @on("profile", "learn", Row.MEMBER)
    async def learn(self, interaction: discord.Interaction, member_id: int) -> None:
        """Learn from what the caller helps with, from now on."""
        whose = await begin(interaction, self._recognising, member_id)
        await self._show(interaction, await self._profiling.set_learning(*whose, learns_from_help=True), member_id)

    @on("profile", "stop_learning", Row.MEMBER)
    async def stop_learning(self, interaction: discord.Interaction, member_id: int) -> None:
        """Learn nothing more, and set aside what was learned."""
        whose = await begin(interaction, self._recognising, member_id)
        await self._show(interaction, await self._profiling.set_learning(*whose, learns_from_help=False), member_id)

    @on("profile", "unlearn", Row.MEMBER)
    async def unlearn(self, interaction: discord.Interaction, member_id: int) -> None:
        """Forget everything that was learned about the caller."""
        whose = await begin(interaction, self._recognising, member_id)
        await self._show(interaction, await self._profiling.unlearn(*whose), member_id)

    @on("profile", "check", Row.MEMBER)
    async def check(self, interaction: discord.Interaction, member_id: int) -> None:
        """Send a test message."""
        whose = await begin(interaction, self._recognising, member_id)
        await self._profiling.check_messages(*whose)
        await interaction.followup.send(say("profile.check.sent", interaction.locale.value), ephemeral=True)

    @on("check", "arrived", Row.MEMBER)
    async def arrived(self, interaction: discord.Interaction, member_id: int) -> None:
        """Note that a test message arrived."""
        await interaction.response.defer()
        await self._profiling.confirm_messages(member_id, interaction.user.id)
        await settle(interaction, say("check.arrived", interaction.locale.value))

    async def _show(self, interaction: discord.Interaction, card: ProfileCard, member_id: int) -> None:
        await show(interaction, profile_card(card, interaction.locale.value, member_id))


async def setup(bot: Morsel) -> None:
    """Open the doors."""
    await bot.add_cog(Profile(bot.presses, bot.use_cases.profiling, bot.use_cases.recognising))
