"""The doors for the author of a draft, once its date has passed or everyone has read it."""

import discord

from bot.client import Morsel
from bot.domain.draft_reading import DraftSize
from bot.domain.rows import Row
from bot.services.feedback.rounds import Rounds
from bot.services.feedback.withdrawing import Withdrawing
from bot.texts import say
from bot.ui.doors import Door, Presses, on, settle
from bot.ui.form_parts import chosen_in
from bot.ui.items import Press, button, fields, view
from bot.ui.round_forms import filled_version, later_form, smaller_form, version_form


class Round(Door):
    """The doors to `Rounds` and to `Withdrawing`."""

    def __init__(self, presses: Presses, rounds: Rounds, withdrawing: Withdrawing) -> None:
        """Take the use cases behind these doors."""
        super().__init__(presses)
        self._rounds, self._withdrawing = rounds, withdrawing

    @on("round", "later", Row.QUESTION)
    async def choose_later(self, interaction: discord.Interaction, draft_id: int) -> None:
        """Open the form for another date."""
        await interaction.response.send_modal(later_form(draft_id, interaction.locale.value))

    @on("round", "smaller", Row.QUESTION)
    async def choose_smaller(self, interaction: discord.Interaction, draft_id: int) -> None:
        """Open the form for a part of the draft."""
        await interaction.response.send_modal(smaller_form(draft_id, interaction.locale.value))

    @on("round", "new", Row.QUESTION)
    async def choose_new(self, interaction: discord.Interaction, draft_id: int) -> None:
        """Open the form for a new version: one row is read first, for a form can't follow a deferral."""
        stage = await self._rounds.stage(draft_id, interaction.user.id)
        await interaction.response.send_modal(version_form(draft_id, stage, interaction.locale.value))

    @on("round", "set_later", Row.QUESTION)
    async def later(self, interaction: discord.Interaction, draft_id: int) -> None:
        """Set another date."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        needed_by = fields(interaction).get("needed_by", "")
        await _answer(interaction, await self._rounds.later(draft_id, interaction.user.id, needed_by))

    @on("round", "set_smaller", Row.QUESTION)
    async def smaller(self, interaction: discord.Interaction, draft_id: int) -> None:
        """Have only a part read."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        filled, whose = fields(interaction), interaction.user.id
        size = chosen_in(filled, "size", DraftSize.UNDER_1500)
        part, needed_by = filled.get("part", ""), filled.get("needed_by", "")
        await _answer(interaction, await self._rounds.smaller(draft_id, whose, part, size, needed_by))

    @on("round", "set_new", Row.QUESTION)
    async def new(self, interaction: discord.Interaction, draft_id: int) -> None:
        """Begin the next round."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        version = filled_version(interaction)
        await _answer(interaction, await self._rounds.next(draft_id, interaction.user.id, version))

    @on("round", "withdraw", Row.QUESTION)
    async def ask_first(self, interaction: discord.Interaction, draft_id: int) -> None:
        """Say what goes, and what can't be taken back, before anything does."""
        locale = interaction.locale.value
        go = button(Press("round", "go", draft_id), say("feedback.withdrawn.go.button", locale))
        words = say("feedback.withdrawn.sure", locale)
        await interaction.response.send_message(words, view=view(go), ephemeral=True)

    @on("round", "go", Row.QUESTION)
    async def withdraw(self, interaction: discord.Interaction, draft_id: int) -> None:
        """Take the draft back."""
        await interaction.response.defer()
        await self._withdrawing.withdraw(draft_id, interaction.user.id)
        await settle(interaction, say("feedback.withdrawn.author", interaction.locale.value))


async def _answer(interaction: discord.Interaction, asked: int) -> None:
    key = "feedback.asked_some" if asked else "feedback.asked_none"
    await interaction.followup.send(say(key, interaction.locale.value), ephemeral=True)


async def setup(bot: Morsel) -> None:
    """Open the doors."""
    await bot.add_cog(Round(bot.presses, bot.use_cases.rounds, bot.use_cases.withdrawing))
