"""The doors for the author of a draft, once its date has passed or everyone has read it."""

import discord

from bot.client import Morsel
from bot.domain.rows import Row
from bot.services.feedback.withdrawing import Withdrawing
from bot.texts import say
from bot.ui.doors import Door, Presses, on, settle
from bot.ui.items import Press, button, view


class Round(Door):
    """The doors to `Withdrawing`."""

    def __init__(self, presses: Presses, withdrawing: Withdrawing) -> None:
        """Take the use cases behind these doors."""
        super().__init__(presses)
        self._withdrawing = withdrawing

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


async def setup(bot: Morsel) -> None:
    """Open the doors."""
    await bot.add_cog(Round(bot.presses, bot.use_cases.withdrawing))
