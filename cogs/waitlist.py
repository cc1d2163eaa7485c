"""The doors to the waitlist, for when nothing is free."""

import discord

from bot.client import Morsel
from bot.domain.rows import Row
from bot.services.office_hours.waitlisting import Waitlisting
from bot.texts import say
from bot.ui import booking
from bot.ui.calendars import picked
from bot.ui.doors import Door, Presses, on, replace, settle
from bot.ui.items import value


class Waitlist(Door):
    """The doors to `Waitlisting`."""

    def __init__(self, presses: Presses, waitlisting: Waitlisting) -> None:
        """Take the use cases behind these doors."""
        super().__init__(presses)
        self._waitlisting = waitlisting

    @on("waitlist", "join", Row.WAITLIST_PLACE)
    async def join(self, interaction: discord.Interaction, waiting_id: int) -> None:
        """Wait for anyone who matches."""
        await interaction.response.defer()
        place = await self._waitlisting.join(waiting_id, interaction.user.id)
        await replace(interaction, booking.joined(place, interaction.locale.value))

    @on("waitlist", "host", Row.WAITLIST_PLACE)
    async def join_one(self, interaction: discord.Interaction, waiting_id: int) -> None:
        """Wait for one person."""
        await interaction.response.defer()
        host_user_id = value(interaction)
        place = await self._waitlisting.join(waiting_id, interaction.user.id, host_user_id)
        await replace(interaction, booking.joined(place, interaction.locale.value))

    @on("waitlist", "take", Row.WAITLIST_PLACE)
    async def take(self, interaction: discord.Interaction, waiting_id: int) -> None:
        """Book what is offered."""
        await interaction.response.defer()
        booked = await self._waitlisting.take(waiting_id, interaction.user.id, interaction.id)
        await replace(interaction, await picked(interaction.client, booked, interaction.locale.value))

    @on("waitlist", "pass", Row.WAITLIST_PLACE)
    async def decline(self, interaction: discord.Interaction, waiting_id: int) -> None:
        """Let it go to the next person."""
        await interaction.response.defer()
        await self._waitlisting.decline(waiting_id, interaction.user.id)
        await settle(interaction, say("waitlist.passed", interaction.locale.value))

    @on("waitlist", "leave", Row.WAITLIST_PLACE)
    async def leave(self, interaction: discord.Interaction, waiting_id: int) -> None:
        """Wait no longer."""
        await interaction.response.defer()
        await self._waitlisting.leave(waiting_id, interaction.user.id)
        await settle(interaction, say("waitlist.left", interaction.locale.value))


async def setup(bot: Morsel) -> None:
    """Open the doors."""
    await bot.add_cog(Waitlist(bot.presses, bot.use_cases.waitlisting))
