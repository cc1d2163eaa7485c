"""The doors to how it went: the outcome, a thank-you note, and what is kept for others."""

import discord

from bot.client import Morsel
from bot.domain.lifecycle import Outcome as How
from bot.domain.rows import Row
from bot.services.requests.resolving import Resolving
from bot.services.requests.thanking import LONGEST_NOTE, Thanking
from bot.texts import say
from bot.ui import render
from bot.ui.doors import Door, Presses, on, settle
from bot.ui.forms import keep_form, words_form
from bot.ui.items import Press, fields


class Outcome(Door):
    """The doors to `Resolving` and to `Thanking`."""

    def __init__(self, presses: Presses, resolving: Resolving, thanking: Thanking) -> None:
        """Take the use cases behind these doors."""
        super().__init__(presses)
        self._resolving, self._thanking = resolving, thanking

    @on("outcome", "helped", Row.QUESTION)
    async def helped(self, interaction: discord.Interaction, request_id: int) -> None:
        """Keep that it helped."""
        await self._resolve(interaction, request_id, How.HELPED)

    @on("outcome", "partly", Row.QUESTION)
    async def partly(self, interaction: discord.Interaction, request_id: int) -> None:
        """Keep that it helped in part."""
        await self._resolve(interaction, request_id, How.PARTLY)

    @on("outcome", "not_yet", Row.QUESTION)
    async def not_yet(self, interaction: discord.Interaction, request_id: int) -> None:
        """Ask others."""
        await self._resolve(interaction, request_id, How.NOT_YET)

    @on("thanks", "write", Row.QUESTION)
    async def write_thanks(self, interaction: discord.Interaction, request_id: int) -> None:
        """Open the form of a note."""
        locale = interaction.locale.value
        title, label = say("thanks.title", locale), say("thanks.field.label", locale)
        await interaction.response.send_modal(
            words_form(Press("thanks", "send", request_id), title, label, LONGEST_NOTE)
        )

    @on("thanks", "send", Row.QUESTION)
    async def thank(self, interaction: discord.Interaction, request_id: int) -> None:
        """Send the note."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        sent = await self._thanking.thank(request_id, interaction.user.id, fields(interaction).get("words", ""))
        key = "thanks.done" if sent else "thanks.before"
        await interaction.followup.send(say(key, interaction.locale.value), ephemeral=True)

    @on("keep", "write", Row.QUESTION)
    async def write_exchange(self, interaction: discord.Interaction, request_id: int) -> None:
        """Open the form with what is to be kept; one row is read first, for a form can't follow a deferral."""
        exchange = await self._thanking.exchange(request_id, interaction.user.id)
        await interaction.response.send_modal(keep_form(exchange, interaction.locale.value))

    @on("keep", "send", Row.QUESTION)
    async def keep(self, interaction: discord.Interaction, request_id: int) -> None:
        """Agree to keep it in these words."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        filled = fields(interaction)
        question, answer = filled.get("question", ""), filled.get("answer", "")
        is_kept = await self._thanking.keep(request_id, interaction.user.id, question, answer)
        await interaction.followup.send(self._kept(interaction, is_kept=is_kept), ephemeral=True)

    @on("keep", "agree", Row.KEPT_ANSWER)
    async def agree(self, interaction: discord.Interaction, kept_id: int) -> None:
        """Agree to keep it as it was shown."""
        await interaction.response.defer()
        is_kept = await self._thanking.agree(kept_id, interaction.user.id)
        await settle(interaction, self._kept(interaction, is_kept=is_kept))

    @on("keep", "decline", Row.QUESTION)
    async def decline(self, interaction: discord.Interaction, request_id: int) -> None:
        """Keep nothing."""
        await interaction.response.defer()
        await self._thanking.decline(request_id, interaction.user.id)
        await settle(interaction, say("keep.declined", interaction.locale.value))

    def _kept(self, interaction: discord.Interaction, *, is_kept: bool) -> str:
        return say("keep.kept" if is_kept else "keep.asked", interaction.locale.value)

    async def _resolve(self, interaction: discord.Interaction, request_id: int, outcome: How) -> None:
        await interaction.response.defer()
        result = await self._resolving.resolve(request_id, interaction.user.id, outcome)
        locale = interaction.locale.value
        await settle(
            interaction,
            render.resolved(result, locale),
            keep_buttons=outcome is How.NOT_YET,
            view=render.after_help(request_id, locale, can_keep=result.can_keep) if result.can_thank else None,
        )


async def setup(bot: Morsel) -> None:
    """Open the doors."""
    await bot.add_cog(Outcome(bot.presses, bot.use_cases.resolving, bot.use_cases.thanking))
