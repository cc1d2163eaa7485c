"""The doors to what office hours are coming."""

import discord
from discord import app_commands

from bot.client import Morsel
from bot.domain.rows import Row
from bot.services.office_hours.browsing import Browsing
from bot.services.office_hours.queueing import Queueing
from bot.services.requests.asking import LONGEST
from bot.texts import say
from bot.ui import hours, queue
from bot.ui.doors import Door, Presses, on, show
from bot.ui.forms import words_form
from bot.ui.items import Press, value


class OfficeHours(Door):
    """The doors to `Browsing`."""

    def __init__(self, presses: Presses, browsing: Browsing, queueing: Queueing) -> None:
        """Take the use cases behind these doors."""
        super().__init__(presses)
        self._browsing, self._queueing = browsing, queueing

    @app_commands.command(name="office-hours", description=say("office_hours.description"))
    @app_commands.guild_only()
    async def office_hours(self, interaction: discord.Interaction) -> None:
        """Show what is coming soonest."""
        await self.turn(interaction, 0)

    @on("browse", "page", None)
    async def turn(self, interaction: discord.Interaction, number: int) -> None:
        """Show another page."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        found = await self._browsing.page(interaction.guild_id or 0, interaction.user.id, number)
        await show(interaction, hours.page(found, interaction.locale.value))

    @on("browse", "queue", None, chosen=Row.OCCURRENCE)
    async def write_question(self, interaction: discord.Interaction, _row: int) -> None:
        """Open the form of a question for the chosen walk-in hour; show its host and those who queue what they may do.

        A few rows are read first, for a form can't follow a deferral.
        """
        occurrence_id = value(interaction)
        locale = interaction.locale.value
        if await self._queueing.is_host(occurrence_id, interaction.user.id):
            await interaction.response.defer(ephemeral=True, thinking=True)
            await show(interaction, queue.own_hour(occurrence_id, locale))
            return
        place = await self._queueing.own_place(occurrence_id, interaction.user.id)
        if place is not None:
            await interaction.response.defer(ephemeral=True, thinking=True)
            await show(interaction, queue.own_place(place, locale))
            return
        title, label = say("queue.join.title", locale), say("queue.join.label", locale)
        description = say("queue.join.description", locale)
        await interaction.response.send_modal(
            words_form(Press("queue", "send", occurrence_id), title, label, LONGEST, description)
        )


async def setup(bot: Morsel) -> None:
    """Open the doors."""
    await bot.add_cog(OfficeHours(bot.presses, bot.use_cases.browsing, bot.use_cases.queueing))
