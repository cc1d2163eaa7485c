"""The doors to offering time: nothing is offered before its host has seen what was understood and said yes."""

import discord
from discord import app_commands

from bot.client import Morsel
from bot.domain.rows import Row
from bot.services.office_hours.hosting import Hosting
from bot.services.office_hours.offering import NewOffer, Offering
from bot.texts import say
from bot.ui import hours
from bot.ui.doors import Door, Presses, on, settle, show
from bot.ui.forms import filled_offer, offer_form
from bot.ui.items import fields


class OfferTime(Door):
    """The doors to `Offering`, up to the host's yes."""

    def __init__(self, presses: Presses, offering: Offering, hosting: Hosting) -> None:
        """Take the use cases behind these doors."""
        super().__init__(presses)
        self._offering, self._hosting = offering, hosting

    @app_commands.command(name="offer-time", description=say("offer_time.description"))
    @app_commands.describe(
        when=say("offer_time.when.description"),
        topics=say("offer_time.topics_option.description"),
        walk_in=say("offer_time.walk_in_option.description"),
    )
    @app_commands.guild_only()
    async def offer_time(
        self, interaction: discord.Interaction, when: str | None = None, topics: str = "", *, walk_in: bool = False
    ) -> None:
        """Show what was understood, or, without a time, what the caller offers."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        guild_id, locale = interaction.guild_id or 0, interaction.locale.value
        if when is None:
            await show(interaction, hours.own(await self._hosting.own(guild_id, interaction.user.id), locale))
            return
        await self._preview(
            interaction, NewOffer(guild_id, interaction.user.id, interaction.id, when, topics, is_walk_in=walk_in)
        )

    @on("panel", "offer", None)
    async def open_form(self, interaction: discord.Interaction, _row: int) -> None:
        """Open the form."""
        await interaction.response.send_modal(offer_form(interaction.locale.value))

    @on("offer", "send", Row.SERIES)
    async def send(self, interaction: discord.Interaction, series_id: int) -> None:
        """Show what was understood of a form; one that changes something takes its place."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self._preview(interaction, filled_offer(fields(interaction), series_id, interaction))

    @on("offer", "confirm", Row.SERIES)
    async def confirm(self, interaction: discord.Interaction, series_id: int) -> None:
        """Offer it."""
        await interaction.response.defer()
        found = hours.offered(await self._offering.confirm(series_id, interaction.user.id), interaction.locale.value)
        await settle(interaction, found.content, view=found.view)

    @on("offer", "change", Row.SERIES)
    async def change(self, interaction: discord.Interaction, series_id: int) -> None:
        """Open the form with what was typed: one row is read first, for a form can't follow a deferral."""
        when, topics, is_walk_in = await self._hosting.typed(series_id, interaction.user.id)
        await interaction.response.send_modal(
            offer_form(interaction.locale.value, series_id, when, topics, is_walk_in=is_walk_in)
        )

    @on("offer", "drop", Row.SERIES)
    async def drop(self, interaction: discord.Interaction, series_id: int) -> None:
        """Leave it."""
        await interaction.response.defer()
        await self._offering.drop(series_id, interaction.user.id)
        await settle(interaction, say("offer_time.dropped", interaction.locale.value))

    async def _preview(self, interaction: discord.Interaction, wish: NewOffer) -> None:
        await show(interaction, hours.offer(await self._offering.preview(wish), interaction.locale.value))


async def setup(bot: Morsel) -> None:
    """Open the doors."""
    await bot.add_cog(OfferTime(bot.presses, bot.use_cases.offering, bot.use_cases.hosting))
