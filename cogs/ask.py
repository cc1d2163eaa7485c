"""The doors to asking: the command, the message menu, the panel's button, and what follows a question."""

import discord
from discord import app_commands

from bot.client import Morsel
from bot.domain.lifecycle import Outcome, QuestionKind, Urgency
from bot.errors import Invalid
from bot.services.asking import Draft
from bot.services.results import Receipt
from bot.services.use_cases import UseCases
from bot.texts import say
from bot.ui import render
from bot.ui.doors import Door, Presses, on, settle, show
from bot.ui.forms import ask_form
from bot.ui.items import fields


class Ask(Door):
    """The doors to `Asking`, and to `Helping.resolve` for the asker."""

    def __init__(self, presses: Presses, use_cases: UseCases) -> None:
        """Take the use cases behind these doors."""
        super().__init__(presses)
        self._use_cases = use_cases

    @app_commands.command(name="ask", description=say("ask.description"))
    @app_commands.guild_only()
    async def ask(self, interaction: discord.Interaction) -> None:
        """Open the form; everything slower happens after it is submitted."""
        await interaction.response.send_modal(ask_form(interaction.locale.value))

    async def ask_about(self, interaction: discord.Interaction, message: discord.Message) -> None:
        """Open the form with a message's words in it."""
        if not message.content.strip():
            raise Invalid("menu.nothing_to_ask")
        await interaction.response.send_modal(ask_form(interaction.locale.value, message.content))

    @on("panel", "ask")
    async def ask_from_panel(self, interaction: discord.Interaction, _row: int) -> None:
        """Open the form."""
        await interaction.response.send_modal(ask_form(interaction.locale.value))

    @on("ask", "send")
    async def send(self, interaction: discord.Interaction, _row: int) -> None:
        """Keep the question and show the receipt."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        filled = fields(interaction)
        draft = Draft(
            guild_id=interaction.guild_id or 0,
            asker_user_id=interaction.user.id,
            interaction_id=interaction.id,
            text=filled.get("question", ""),
            tried=filled.get("tried", ""),
            kind=QuestionKind(filled.get("kind") or QuestionKind.CONCEPT),
            urgency=Urgency(filled.get("urgency") or Urgency.THIS_WEEK),
        )
        receipt = await self._use_cases.asking.ask(draft)
        if receipt.similar:
            await show(interaction, render.similar(receipt, draft.guild_id, interaction.locale.value))
        else:
            await interaction.followup.send(await self._receipt(interaction, receipt), ephemeral=True)

    @on("draft", "post")
    async def post(self, interaction: discord.Interaction, request_id: int) -> None:
        """Post the question all the same."""
        await interaction.response.defer()
        receipt = await self._use_cases.asking.post(request_id, interaction.user.id)
        await settle(interaction, await self._receipt(interaction, receipt))

    @on("draft", "drop")
    async def drop(self, interaction: discord.Interaction, request_id: int) -> None:
        """Leave it at the earlier answer."""
        await interaction.response.defer()
        await self._use_cases.asking.drop(request_id, interaction.user.id)
        await settle(interaction, say("similar.dropped", interaction.locale.value))

    @on("question", "close")
    async def close(self, interaction: discord.Interaction, request_id: int) -> None:
        """Close the question."""
        await interaction.response.defer()
        is_moderator = interaction.permissions.manage_threads
        await self._use_cases.asking.close(request_id, interaction.user.id, is_moderator=is_moderator)
        await settle(interaction, say("close.done", interaction.locale.value))

    @on("outcome", "helped")
    async def helped(self, interaction: discord.Interaction, request_id: int) -> None:
        """Keep that it helped."""
        await self._resolve(interaction, request_id, Outcome.HELPED)

    @on("outcome", "partly")
    async def partly(self, interaction: discord.Interaction, request_id: int) -> None:
        """Keep that it helped in part."""
        await self._resolve(interaction, request_id, Outcome.PARTLY)

    @on("outcome", "not_yet")
    async def not_yet(self, interaction: discord.Interaction, request_id: int) -> None:
        """Ask others."""
        await self._resolve(interaction, request_id, Outcome.NOT_YET)

    async def _receipt(self, interaction: discord.Interaction, receipt: Receipt) -> str:
        channel_id = await self._use_cases.setting_up.help_channel(interaction.guild_id or 0)
        return render.receipt(receipt, channel_id, interaction.locale.value)

    async def _resolve(self, interaction: discord.Interaction, request_id: int, outcome: Outcome) -> None:
        await interaction.response.defer()
        result = await self._use_cases.helping.resolve(request_id, interaction.user.id, outcome)
        can_change = outcome is Outcome.NOT_YET
        await settle(interaction, render.resolved(result, interaction.locale.value), keep_buttons=can_change)


async def setup(bot: Morsel) -> None:
    """Open the doors."""
    door = Ask(bot.presses, bot.use_cases)
    await bot.add_cog(door)
    menu = app_commands.ContextMenu(name=say("ask.menu"), callback=door.ask_about)
    bot.tree.add_command(app_commands.guild_only(menu))
