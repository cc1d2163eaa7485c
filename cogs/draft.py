"""The doors to what an author may choose before a draft is sent."""

import discord

from bot.client import Morsel
from bot.domain.rows import Row
from bot.services.feedback.choosing import Choosing
from bot.ui.doors import Door, Presses, on, show_page, turn_page, update
from bot.ui.draft_forms import filled_review, name_form, review_form
from bot.ui.drafting import chosen, is_on_more, preview
from bot.ui.items import fields


class DraftDetails(Door):
    """The doors to `Choosing`, below a draft that isn't sent yet."""

    def __init__(self, presses: Presses, choosing: Choosing) -> None:
        """Take the use case behind these doors."""
        super().__init__(presses)
        self._choosing = choosing

    @on("drafting", "stage", Row.QUESTION)
    @on("drafting", "areas", Row.QUESTION)
    @on("drafting", "visibility", Row.QUESTION)
    @on("drafting", "size", Row.QUESTION)
    @on("drafting", "part", Row.QUESTION)
    @on("drafting", "readers", Row.QUESTION)
    @on("drafting", "may_read", Row.QUESTION)
    @on("drafting", "co_authors", Row.QUESTION)
    async def choose(self, interaction: discord.Interaction, draft_id: int) -> None:
        """Keep a choice and show the draft with it."""
        await interaction.response.defer()
        result = await self._choosing.choose(draft_id, interaction.user.id, chosen(interaction))
        await update(interaction, preview(result, interaction.locale.value, has_more=is_on_more(interaction)))

    @on("drafting", "look", Row.QUESTION)
    async def look(self, interaction: discord.Interaction, draft_id: int) -> None:
        """Show a draft of one's own that isn't sent, as it was shown when it was written."""
        await turn_page(interaction)
        result = await self._choosing.previewing.preview(draft_id, interaction.user.id)
        await show_page(interaction, preview(result, interaction.locale.value))

    @on("drafting", "more", Row.QUESTION)
    @on("drafting", "back", Row.QUESTION)
    async def turn(self, interaction: discord.Interaction, draft_id: int) -> None:
        """Show the other choices."""
        await interaction.response.defer()
        result = await self._choosing.previewing.preview(draft_id, interaction.user.id)
        await update(interaction, preview(result, interaction.locale.value, has_more=not is_on_more(interaction)))

    @on("drafting", "review", Row.QUESTION)
    async def paste(self, interaction: discord.Interaction, draft_id: int) -> None:
        """Open the form for the words of a review."""
        await interaction.response.send_modal(review_form(draft_id, interaction.locale.value))

    @on("drafting", "show_review", Row.QUESTION)
    async def show_review(self, interaction: discord.Interaction, draft_id: int) -> None:
        """Keep the words of a review."""
        await interaction.response.defer()
        words, is_allowed = filled_review(interaction)
        result = await self._choosing.show_review(draft_id, interaction.user.id, words, is_allowed=is_allowed)
        await update(interaction, preview(result, interaction.locale.value))

    @on("drafting", "name", Row.QUESTION)
    async def name(self, interaction: discord.Interaction, draft_id: int) -> None:
        """Open the form for the file's name."""
        await interaction.response.send_modal(name_form(draft_id, interaction.locale.value))

    @on("drafting", "named", Row.QUESTION)
    async def named(self, interaction: discord.Interaction, draft_id: int) -> None:
        """Call the file so."""
        await interaction.response.defer()
        result = await self._choosing.name_file(draft_id, interaction.user.id, fields(interaction).get("name", ""))
        await update(interaction, preview(result, interaction.locale.value, has_more=True))

    @on("drafting", "copy", Row.QUESTION)
    async def copy(self, interaction: discord.Interaction, draft_id: int) -> None:
        """Send a copy of the file without what it says about itself."""
        await interaction.response.defer()
        result = await self._choosing.clean_file(draft_id, interaction.user.id)
        await update(interaction, preview(result, interaction.locale.value, has_more=True))


async def setup(bot: Morsel) -> None:
    """Open the doors."""
    await bot.add_cog(DraftDetails(bot.presses, bot.use_cases.choosing))
