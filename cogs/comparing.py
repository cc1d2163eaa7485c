"""The doors for readers together: a time to compare their notes, and one note of all of them."""

import discord

from bot.client import Morsel
from bot.domain.rows import Row
from bot.services.feedback.comparing import Comparing
from bot.texts import say
from bot.ui import reviewing_forms
from bot.ui.doors import Door, Presses, on
from bot.ui.items import fields


class Notes(Door):
    """The doors to `Comparing`."""

    def __init__(self, presses: Presses, use_cases: Comparing) -> None:
        """Take the use cases behind these doors."""
        super().__init__(presses)
        self._comparing = use_cases

    @on("reading", "compare", Row.QUESTION)
    async def open_time(self, interaction: discord.Interaction, draft_id: int) -> None:
        """Open the form of a time; some rows are read first, for a form can't follow a deferral."""
        await self._comparing.together(draft_id, interaction.user.id)
        await interaction.response.send_modal(reviewing_forms.compare_form(draft_id, interaction.locale.value))

    @on("reading", "propose", Row.QUESTION)
    async def propose(self, interaction: discord.Interaction, draft_id: int) -> None:
        """Propose it to the others."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        at = await self._comparing.propose(draft_id, interaction.user.id, fields(interaction).get("when", ""))
        await self._say(interaction, "feedback.compare.sent", at=int(at.timestamp()))

    @on("reading", "agree", Row.QUESTION)
    async def agree(self, interaction: discord.Interaction, draft_id: int) -> None:
        """Agree to the time that the pressed message says."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        message_id = interaction.message.id if interaction.message else 0
        at = await self._comparing.agree(draft_id, interaction.user.id, message_id)
        await self._say(interaction, "feedback.compare.done", at=int(at.timestamp()))

    @on("reading", "note", Row.QUESTION)
    async def open_note(self, interaction: discord.Interaction, draft_id: int) -> None:
        """Open the form with what is there; some rows are read first."""
        there = await self._comparing.together(draft_id, interaction.user.id)
        form = reviewing_forms.note_form(draft_id, there, interaction.locale.value)
        await interaction.response.send_modal(form)

    @on("reading", "say", Row.QUESTION)
    async def write(self, interaction: discord.Interaction, draft_id: int) -> None:
        """Keep what they say together."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self._comparing.write(draft_id, interaction.user.id, *reviewing_forms.note(fields(interaction)))
        await self._say(interaction, "feedback.note.kept")

    async def _say(self, interaction: discord.Interaction, key: str, **params: object) -> None:
        await interaction.followup.send(say(key, interaction.locale.value, **params), ephemeral=True)


async def setup(bot: Morsel) -> None:
    """Open the doors."""
    await bot.add_cog(Notes(bot.presses, bot.use_cases.comparing))
