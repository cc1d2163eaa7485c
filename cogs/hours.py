"""The doors to the hours that a host offers: changed, moved, called off, ended."""

import discord

from bot.client import Morsel
from bot.domain.rows import Row
from bot.services.office_hours.hosting import Hosting
from bot.services.people.recognising import Recognising
from bot.texts import say
from bot.ui import hours
from bot.ui.doors import Door, Presses, on, settle, show
from bot.ui.forms import time_form
from bot.ui.homes import begin
from bot.ui.items import Press, fields, value


class Hours(Door):
    """The doors to `Hosting`."""

    def __init__(self, presses: Presses, hosting: Hosting, recognising: Recognising) -> None:
        """Take the use cases behind these doors."""
        super().__init__(presses)
        self._hosting, self._recognising = hosting, recognising

    @on("hours", "list", Row.MEMBER)
    async def show_own(self, interaction: discord.Interaction, member_id: int) -> None:
        """Show everything that the caller offers."""
        whose = await begin(interaction, self._recognising, member_id)
        found = await self._hosting.own(*whose)
        await show(interaction, hours.own(found, interaction.locale.value))

    @on("hours", "series", None, chosen=Row.SERIES)
    async def show_series(self, interaction: discord.Interaction, _row: int) -> None:
        """Show the chosen series with everything its host may do about it."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        series_id = value(interaction)
        found = await self._hosting.series(series_id, interaction.user.id)
        await show(interaction, hours.series(found, interaction.locale.value))

    @on("hours", "time", None, chosen=Row.OCCURRENCE)
    async def show_time(self, interaction: discord.Interaction, _row: int) -> None:
        """Show the chosen day with everything its host may do about it."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        occurrence_id = value(interaction)
        found = await self._hosting.occurrence(occurrence_id, interaction.user.id)
        await show(interaction, hours.occurrence(found, interaction.locale.value))

    @on("hours", "change", Row.SERIES)
    async def write_series(self, interaction: discord.Interaction, series_id: int) -> None:
        """Open the form with what was typed: one row is read first, for a form can't follow a deferral."""
        when, *_ = await self._hosting.typed(series_id, interaction.user.id)
        await interaction.response.send_modal(
            time_form(Press("hours", "changed", series_id), interaction.locale.value, when)
        )

    @on("hours", "changed", Row.SERIES)
    async def change(self, interaction: discord.Interaction, series_id: int) -> None:
        """Let a series take place at other times."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        when, locale = fields(interaction).get("when", ""), interaction.locale.value
        found = await self._hosting.change(series_id, interaction.user.id, when)
        await show(interaction, hours.changed(found, locale))

    @on("hours", "end", Row.SERIES)
    async def end(self, interaction: discord.Interaction, series_id: int) -> None:
        """Offer a series no longer."""
        await interaction.response.defer()
        await self._hosting.end(series_id, interaction.user.id)
        await settle(interaction, say("hours.ended", interaction.locale.value))

    @on("hours", "move", Row.OCCURRENCE)
    async def write_time(self, interaction: discord.Interaction, occurrence_id: int) -> None:
        """Open the form of one day's time."""
        await interaction.response.send_modal(
            time_form(Press("hours", "moved", occurrence_id), interaction.locale.value)
        )

    @on("hours", "moved", Row.OCCURRENCE)
    async def move(self, interaction: discord.Interaction, occurrence_id: int) -> None:
        """Let one day take place at another time."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        when = fields(interaction).get("when", "")
        found = await self._hosting.move(occurrence_id, interaction.user.id, when)
        await interaction.followup.send(hours.moved(found, interaction.locale.value), ephemeral=True)

    @on("hours", "cancel", Row.OCCURRENCE)
    async def cancel(self, interaction: discord.Interaction, occurrence_id: int) -> None:
        """Call one day off."""
        await interaction.response.defer()
        await self._hosting.cancel(occurrence_id, interaction.user.id)
        await settle(interaction, say("hours.cancelled", interaction.locale.value))

    @on("hours", "follow", Row.MEMBER)
    async def follow_clock(self, interaction: discord.Interaction, member_id: int) -> None:
        """Let everything follow the clock that the host lives by now."""
        await interaction.response.defer()
        zone = await self._hosting.follow_clock(member_id, interaction.user.id)
        await settle(interaction, say("which_clock.followed", interaction.locale.value, zone=zone))

    @on("hours", "stay", Row.MEMBER)
    async def keep_clock(self, interaction: discord.Interaction, _member_id: int) -> None:
        """Leave everything as it is."""
        await interaction.response.defer()
        await settle(interaction, say("which_clock.stayed", interaction.locale.value))


async def setup(bot: Morsel) -> None:
    """Open the doors."""
    await bot.add_cog(Hours(bot.presses, bot.use_cases.hosting, bot.use_cases.recognising))
