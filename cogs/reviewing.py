"""The doors for readers of a draft: what they say about it, written bit by bit and sent once."""

import discord

from bot.client import Morsel
from bot.domain.rows import Row
from bot.services.feedback.reviewing import Reviewing
from bot.ui import reviewing, reviewing_forms
from bot.ui.doors import Door, Presses, on, show, show_page, turn_page
from bot.ui.items import Press, fields


class Reviews(Door):
    """The doors to `Reviewing`."""

    def __init__(self, presses: Presses, use_cases: Reviewing) -> None:
        """Take the use cases behind these doors."""
        super().__init__(presses)
        self._reviewing = use_cases

    @on("reading", "write", Row.QUESTION)
    async def write(self, interaction: discord.Interaction, draft_id: int) -> None:
        """Open the form, or show what is there; some rows are read first, for a form can't follow a deferral."""
        own = await self._reviewing.own(draft_id, interaction.user.id)
        if own is None:
            await interaction.response.send_modal(
                reviewing_forms.feedback_form(draft_id, None, interaction.locale.value)
            )
            return
        await interaction.response.defer(ephemeral=True, thinking=True)
        await show(interaction, reviewing.own_page(own, interaction.locale.value))

    @on("reading", "change", Row.QUESTION)
    async def change(self, interaction: discord.Interaction, draft_id: int) -> None:
        """Open the form with what was said; one row is read first."""
        own = await self._reviewing.own_unsent(draft_id, interaction.user.id)
        await interaction.response.send_modal(
            reviewing_forms.feedback_form(draft_id, own.feedback, interaction.locale.value)
        )

    @on("reading", "keep", Row.QUESTION)
    async def keep(self, interaction: discord.Interaction, draft_id: int) -> None:
        """Keep what is said, and show it."""
        await turn_page(interaction)
        own = await self._reviewing.keep(draft_id, interaction.user.id, reviewing_forms.written(fields(interaction)))
        await show_page(interaction, reviewing.own_page(own, interaction.locale.value))

    @on("reading", "carried", Row.QUESTION)
    async def carried(self, interaction: discord.Interaction, draft_id: int) -> None:
        """Show a reader which of their own points are still open."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        points = await self._reviewing.carried(draft_id, interaction.user.id)
        await show(interaction, reviewing.carried_page(points, interaction.locale.value))

    @on("feedback", "send", Row.FEEDBACK)
    async def send(self, interaction: discord.Interaction, feedback_id: int) -> None:
        """Give it to the author."""
        await turn_page(interaction)
        own = await self._reviewing.send(feedback_id, interaction.user.id)
        await show_page(interaction, reviewing.own_page(own, interaction.locale.value))

    @on("feedback", "look", Row.FEEDBACK)
    async def look(self, interaction: discord.Interaction, feedback_id: int) -> None:
        """Show a reader what became of their points."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        own = await self._reviewing.sent(feedback_id, interaction.user.id)
        await show(interaction, reviewing.own_page(own, interaction.locale.value))

    @on("feedback", "point", Row.FEEDBACK)
    async def open_point(self, interaction: discord.Interaction, feedback_id: int) -> None:
        """Open the form of a point; one row is read first."""
        await self._reviewing.require_unsent(feedback_id, interaction.user.id)
        await interaction.response.send_modal(
            reviewing_forms.point_form(Press("feedback", "add", feedback_id), interaction.locale.value)
        )

    @on("feedback", "add", Row.FEEDBACK)
    async def add_point(self, interaction: discord.Interaction, feedback_id: int) -> None:
        """Keep one more point."""
        await turn_page(interaction)
        said = reviewing_forms.point(fields(interaction))
        own = await self._reviewing.add_point(feedback_id, interaction.user.id, said)
        await show_page(interaction, reviewing.own_page(own, interaction.locale.value))


async def setup(bot: Morsel) -> None:
    """Open the doors."""
    await bot.add_cog(Reviews(bot.presses, bot.use_cases.reviewing))
