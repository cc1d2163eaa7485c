"""The doors to asking: the command, the message menu, the panel's button, and what comes before posting."""

from dataclasses import replace

import discord
from discord import app_commands

from bot.client import Morsel
from bot.domain.rows import Row
from bot.errors import Invalid
from bot.services.results import Receipt
from bot.services.use_cases import UseCases
from bot.texts import say
from bot.ui import render
from bot.ui.doors import Door, Presses, on, settle, show
from bot.ui.forms import ask_again_form, ask_form, filled_question
from bot.ui.items import fields


class Ask(Door):
    """The doors to `Asking` and `Posting`."""

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

    @on("panel", "ask", None)
    async def ask_from_panel(self, interaction: discord.Interaction, _row: int) -> None:
        """Open the form."""
        await interaction.response.send_modal(ask_form(interaction.locale.value))

    @on("ask", "send", Row.QUESTION)
    async def send(self, interaction: discord.Interaction, replaces: int) -> None:
        """Keep the question and show the receipt, or what is worth a look before it is posted."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        new = filled_question(fields(interaction), replaces, interaction)
        if interaction.guild_id is None:
            # Opened from a direct message, it belongs to the community of the question it takes the place of.
            written = await self._use_cases.asking.written(replaces, interaction.user.id)
            new = replace(new, guild_id=written.guild_id)
        receipt = await self._use_cases.asking.ask(new)
        if receipt.is_posted:
            await interaction.followup.send(await self._receipt(interaction, receipt, new.guild_id), ephemeral=True)
        else:
            await show(interaction, render.before_posting(receipt, new.guild_id, interaction.locale.value))

    @on("draft", "post", Row.QUESTION)
    async def post(self, interaction: discord.Interaction, request_id: int) -> None:
        """Post the question all the same."""
        await interaction.response.defer()
        receipt = await self._use_cases.asking.post(request_id, interaction.user.id)
        guild_id = await self._use_cases.recognising.community(Row.QUESTION, request_id)
        await settle(interaction, await self._receipt(interaction, receipt, guild_id))

    @on("draft", "drop", Row.QUESTION)
    async def drop(self, interaction: discord.Interaction, request_id: int) -> None:
        """Leave it at the earlier answer."""
        await interaction.response.defer()
        await self._use_cases.asking.drop(request_id, interaction.user.id)
        await settle(interaction, say("similar.dropped", interaction.locale.value))

    @on("draft", "edit", Row.QUESTION)
    async def edit(self, interaction: discord.Interaction, request_id: int) -> None:
        """Open the form with the question in it: one row is read first, for a form can't follow a deferral."""
        written = await self._use_cases.asking.written(request_id, interaction.user.id)
        await interaction.response.send_modal(ask_again_form(written, interaction.locale.value))

    @on("question", "rephrase", Row.QUESTION)
    async def rephrase(self, interaction: discord.Interaction, request_id: int) -> None:
        """Open the form with the question in it; what is sent takes its place."""
        await self.edit(interaction, request_id)

    async def _receipt(self, interaction: discord.Interaction, receipt: Receipt, guild_id: int) -> str:
        channel_id = await self._use_cases.setting_up.help_channel(guild_id)
        linked_in = guild_id if interaction.guild_id is None else None
        return render.receipt(receipt, channel_id, interaction.locale.value, linked_in)


async def setup(bot: Morsel) -> None:
    """Open the doors."""
    door = Ask(bot.presses, bot.use_cases)
    await bot.add_cog(door)
    menu = app_commands.ContextMenu(name=say("ask.menu"), callback=door.ask_about)
    bot.tree.add_command(app_commands.guild_only(menu))
