"""The doors to asking for feedback on a draft: the command, the message menu, the panel's button, and sending it."""

from dataclasses import replace

import discord
from discord import app_commands

from bot.client import Morsel
from bot.domain.rows import Row
from bot.errors import Invalid
from bot.services.use_cases import UseCases
from bot.texts import say
from bot.ui import render
from bot.ui.attachments import source_in
from bot.ui.doors import Door, Presses, on, settle, show, update
from bot.ui.draft_forms import draft_again_form, draft_form, filled_draft
from bot.ui.drafting import preview


class AskForFeedback(Door):
    """The doors to `Drafting`."""

    def __init__(self, presses: Presses, use_cases: UseCases) -> None:
        """Take the use cases behind these doors."""
        super().__init__(presses)
        self._use_cases = use_cases

    @app_commands.command(name="feedback", description=say("feedback.ask.description"))
    @app_commands.guild_only()
    async def feedback(self, interaction: discord.Interaction) -> None:
        """Open the form; everything slower happens after it is submitted."""
        await interaction.response.send_modal(draft_form(interaction.locale.value))

    async def about_message(self, interaction: discord.Interaction, message: discord.Message) -> None:
        """Open the form with a message's file or link, and its words."""
        source = source_in(message)
        if source is None:
            raise Invalid("feedback.ask.nothing")
        await interaction.response.send_modal(draft_form(interaction.locale.value, source, message.content))

    @on("panel", "feedback", None)
    async def from_panel(self, interaction: discord.Interaction, _row: int) -> None:
        """Open the form."""
        await interaction.response.send_modal(draft_form(interaction.locale.value))

    @on("drafting", "send", Row.QUESTION)
    async def send(self, interaction: discord.Interaction, changes: int) -> None:
        """Keep the draft and show what was understood, in the place of what was shown before."""
        is_again = interaction.message is not None and interaction.message.flags.ephemeral
        await interaction.response.defer(ephemeral=True, thinking=not is_again)
        new = filled_draft(interaction, changes)
        if interaction.guild_id is None:
            # Opened from a direct message, it belongs to the community of the draft that is written again.
            new = replace(new, guild_id=(await self._use_cases.drafting.written(changes, new.user_id)).guild_id)
        shown = preview(await self._use_cases.drafting.write(new), interaction.locale.value)
        await (update if is_again else show)(interaction, shown)

    @on("drafting", "change", Row.QUESTION)
    async def change(self, interaction: discord.Interaction, draft_id: int) -> None:
        """Open the form with the draft in it: one row is read first, for a form can't follow a deferral."""
        typed = await self._use_cases.drafting.written(draft_id, interaction.user.id)
        await interaction.response.send_modal(draft_again_form(typed, interaction.locale.value))

    @on("drafting", "post", Row.QUESTION)
    async def post(self, interaction: discord.Interaction, draft_id: int) -> None:
        """Open the thread and ask readers."""
        await interaction.response.defer()
        receipt = await self._use_cases.drafting.post(draft_id, interaction.user.id)
        guild_id = await self._use_cases.recognising.community(Row.QUESTION, draft_id)
        channel_id = await self._use_cases.setting_up.help_channel(guild_id)
        linked_in, locale = guild_id if interaction.guild_id is None else None, interaction.locale.value
        text = render.receipt(receipt, channel_id, locale, linked_in, "draft")
        await settle(interaction, text, content=say("feedback.preview.sent", locale))

    @on("drafting", "drop", Row.QUESTION)
    async def drop(self, interaction: discord.Interaction, draft_id: int) -> None:
        """Forget the draft."""
        await interaction.response.defer()
        await self._use_cases.drafting.drop(draft_id, interaction.user.id)
        await settle(interaction, say("feedback.preview.dropped", interaction.locale.value))


async def setup(bot: Morsel) -> None:
    """Open the doors."""
    door = AskForFeedback(bot.presses, bot.use_cases)
    await bot.add_cog(door)
    menu = app_commands.ContextMenu(name=say("feedback.ask.menu"), callback=door.about_message)
    bot.tree.add_command(app_commands.guild_only(menu))
