"""The doors to fifteen minutes with a host: looking for them, booking, cancelling, and waiting for them."""

import discord
from discord import app_commands

from bot.client import Morsel
from bot.domain.rows import Row
from bot.services.office_hours.booking import LONGEST_NOTE, NewBooking
from bot.services.use_cases import UseCases
from bot.texts import say
from bot.ui import booking
from bot.ui.calendars import picked
from bot.ui.doors import Door, Presses, on, replace, settle, show
from bot.ui.forms import book_form, words_form
from bot.ui.items import Press, fields, value


class Book(Door):
    """The doors to `Booking`."""

    def __init__(self, presses: Presses, use_cases: UseCases) -> None:
        """Take the use cases behind these doors."""
        super().__init__(presses)
        self._use_cases = use_cases

    @app_commands.command(name="book", description=say("book.description"))
    @app_commands.describe(question=say("book.field.description"))
    @app_commands.guild_only()
    async def book(self, interaction: discord.Interaction, question: str | None = None) -> None:
        """List what is free for a question; without one, open the form for it."""
        if question is None:
            await interaction.response.send_modal(book_form(interaction.locale.value))
        else:
            await interaction.response.defer(ephemeral=True, thinking=True)
            await self._look(interaction, question, 0)

    @on("panel", "book", None)
    async def from_panel(self, interaction: discord.Interaction, _row: int) -> None:
        """Open the form."""
        await interaction.response.send_modal(book_form(interaction.locale.value))

    @on("book", "question", Row.QUESTION)
    async def from_question(self, interaction: discord.Interaction, request_id: int) -> None:
        """Open the form with what a request is called by; it is read first, for a form can't follow a deferral."""
        own = await self._use_cases.tracking.request(request_id, interaction.user.id)
        await interaction.response.send_modal(book_form(interaction.locale.value, own.text, request_id))

    @on("book", "send", Row.QUESTION)
    async def send(self, interaction: discord.Interaction, request_id: int) -> None:
        """List what is free for what was filled in."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self._look(interaction, fields(interaction).get("question", ""), request_id)

    @on("book", "pick", Row.WAITLIST_PLACE, chosen=Row.SLOT)
    async def pick(self, interaction: discord.Interaction, waiting_id: int) -> None:
        """Book what was picked, or show the nearest others where another person was a moment earlier."""
        await interaction.response.defer()
        slot_id = value(interaction)
        found = await self._use_cases.booking.pick(waiting_id, interaction.user.id, slot_id, interaction.id)
        await replace(interaction, await picked(interaction.client, found, interaction.locale.value))

    @on("book", "more", Row.WAITLIST_PLACE)
    async def more(self, interaction: discord.Interaction, waiting_id: int) -> None:
        """List more of what is free for the same question."""
        await interaction.response.defer()
        found = await self._use_cases.booking.more(waiting_id, interaction.user.id, interaction.id)
        await replace(interaction, booking.choices(found, interaction.locale.value))

    @on("book", "cancel", Row.BOOKING)
    async def cancel(self, interaction: discord.Interaction, booking_id: int) -> None:
        """Cancel, or ask for a word to the other first where it is soon: a form can't follow a deferral."""
        _, is_late = await self._use_cases.booking.view(booking_id, interaction.user.id)
        locale = interaction.locale.value
        if is_late:
            label, title = say("book.cancel.label", locale), say("book.cancel.title", locale)
            press, description = Press("book", "note", booking_id), say("book.cancel.description", locale)
            await interaction.response.send_modal(words_form(press, title, label, LONGEST_NOTE, description))
            return
        await interaction.response.defer()
        cancelled = await self._use_cases.booking.cancel(booking_id, interaction.user.id)
        await settle(interaction, booking.cancelled(cancelled, locale))

    @on("book", "note", Row.BOOKING)
    async def cancel_with_note(self, interaction: discord.Interaction, booking_id: int) -> None:
        """Cancel with a word to the other."""
        await interaction.response.defer()
        words = fields(interaction).get("words", "")
        cancelled = await self._use_cases.booking.cancel(booking_id, interaction.user.id, words)
        await settle(interaction, booking.cancelled(cancelled, interaction.locale.value))

    @on("mine", "time", None, chosen=Row.TIME)
    async def own(self, interaction: discord.Interaction, _row: int) -> None:
        """Show a booking, or (below zero) a place on the waitlist, with everything one may do about it."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        row = value(interaction)
        user_id, locale = interaction.user.id, interaction.locale.value
        if row < 0:
            place = await self._use_cases.waitlisting.place(-row, user_id)
            await show(interaction, booking.own_place(place, locale))
        else:
            found, _ = await self._use_cases.booking.view(row, user_id)
            await show(interaction, booking.own_booking(found, locale))

    async def _look(self, interaction: discord.Interaction, question: str, request_id: int) -> None:
        guild_id, user_id = interaction.guild_id, interaction.user.id
        if guild_id is None:
            # Opened from a direct message, it belongs to the community of the request it came from.
            guild_id = (await self._use_cases.tracking.request(request_id, user_id)).guild_id
        wish = NewBooking(guild_id, user_id, interaction.id, question, request_id or None)
        found = await self._use_cases.booking.slots_for(wish)
        await show(interaction, booking.choices(found, interaction.locale.value))


async def setup(bot: Morsel) -> None:
    """Open the doors."""
    await bot.add_cog(Book(bot.presses, bot.use_cases))
