"""The doors to the points of feedback: a reader says them in other words, and an author what became of them."""

import discord

from bot.client import Morsel
from bot.domain.drafts import PointOutcome
from bot.domain.rows import Row
from bot.services.feedback.reviewing import Reviewing
from bot.services.feedback.settling import Settling
from bot.texts import say
from bot.ui import reviewing, reviewing_forms
from bot.ui.doors import Door, Presses, on, replace_page, show, show_page, turn_page
from bot.ui.items import Press, fields, option


class Points(Door):
    """The doors to `Reviewing`'s points, and to `Settling`."""

    def __init__(self, presses: Presses, reader: Reviewing, author: Settling) -> None:
        """Take the use cases behind these doors."""
        super().__init__(presses)
        self._reader, self._author = reader, author

    @on("point", "change", Row.POINT)
    async def change(self, interaction: discord.Interaction, point_id: int) -> None:
        """Open the form with what was said; one row is read first, for a form can't follow a deferral."""
        own = await self._reader.own_point(point_id, interaction.user.id)
        await interaction.response.send_modal(
            reviewing_forms.point_form(Press("point", "save", point_id), interaction.locale.value, own.said)
        )

    @on("point", "save", Row.POINT)
    async def save(self, interaction: discord.Interaction, point_id: int) -> None:
        """Keep it in other words."""
        await turn_page(interaction)
        said = reviewing_forms.point(fields(interaction))
        own = await self._reader.change_point(point_id, interaction.user.id, said)
        await show_page(interaction, reviewing.own_page(own, interaction.locale.value))

    @on("point", "remove", Row.POINT)
    async def remove(self, interaction: discord.Interaction, point_id: int) -> None:
        """Forget it."""
        await turn_page(interaction)
        own = await self._reader.remove_point(point_id, interaction.user.id)
        await show_page(interaction, reviewing.own_page(own, interaction.locale.value))

    @on("reading", "read", Row.QUESTION)
    async def read(self, interaction: discord.Interaction, draft_id: int) -> None:
        """Show an author all feedback."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self._read(interaction, draft_id)

    @on("reading", "others", Row.QUESTION)
    async def others(self, interaction: discord.Interaction, draft_id: int) -> None:
        """Show what the other readers say; the button is in the thread, so its author may press it, too."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        locale, user_id = interaction.locale.value, interaction.user.id
        if await self._author.is_author(draft_id, user_id):
            await self._read(interaction, draft_id)
            return
        found = await self._reader.others(draft_id, user_id)
        for each in found:
            await show(interaction, reviewing.others_page(each, locale))
        if not found:
            await interaction.followup.send(say("feedback.no_others", locale), ephemeral=True)

    async def _read(self, interaction: discord.Interaction, draft_id: int) -> None:
        """Show an author a message for each reader, and what they say together."""
        locale, found = interaction.locale.value, await self._author.received(draft_id, interaction.user.id)
        for each in found:
            await show(interaction, reviewing.author_page(each, locale))
        if together := await self._author.together(draft_id, interaction.user.id):
            await show(interaction, reviewing.note(together, locale))
        if not found:
            await interaction.followup.send(say("feedback.nothing_yet", locale), ephemeral=True)

    @on("point", "settle", Row.POINT)
    async def settle_point(self, interaction: discord.Interaction, point_id: int) -> None:
        """Keep what became of a point."""
        await self._settle(interaction, point_id, reviewing.OUTCOMES[option(interaction, len(reviewing.OUTCOMES))])

    @on("point", "word", Row.POINT)
    async def open_word(self, interaction: discord.Interaction, point_id: int) -> None:
        """Open the form of a word about it; one row is read first."""
        point = await self._author.point(point_id, interaction.user.id)
        await interaction.response.send_modal(reviewing_forms.word_form(point, interaction.locale.value))

    @on("point", "say", Row.POINT)
    async def say_word(self, interaction: discord.Interaction, point_id: int) -> None:
        """Keep what became of a point, and the word."""
        filled = fields(interaction)
        await self._settle(interaction, point_id, reviewing_forms.outcome(filled), filled.get("words", ""))

    @on("feedback", "tell", Row.FEEDBACK)
    async def tell(self, interaction: discord.Interaction, feedback_id: int) -> None:
        """Tell the reader now."""
        await interaction.response.defer()
        received, locale = await self._author.tell(feedback_id, interaction.user.id), interaction.locale.value
        await replace_page(interaction, reviewing.author_page(received, locale))
        await interaction.followup.send(say("feedback.told", locale), ephemeral=True)

    async def _settle(
        self, interaction: discord.Interaction, point_id: int, outcome: PointOutcome, words: str | None = None
    ) -> None:
        await interaction.response.defer()
        received = await self._author.settle(point_id, interaction.user.id, outcome, words)
        await replace_page(interaction, reviewing.author_page(received, interaction.locale.value))


async def setup(bot: Morsel) -> None:
    """Open the doors."""
    await bot.add_cog(Points(bot.presses, bot.use_cases.reviewing, bot.use_cases.settling))
