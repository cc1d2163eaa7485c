"""The doors through which two moderators together learn who asked."""

import discord
from discord import app_commands

from bot.client import Morsel
from bot.domain.rows import Row
from bot.services.requests.revealing import LONGEST, Moderator, Revealing
from bot.services.results import Unveiled
from bot.texts import say
from bot.ui.doors import MODERATOR, Door, Presses, on, settle, show
from bot.ui.forms import words_form
from bot.ui.items import Press, fields
from bot.ui.unveiled import unveiled


class Reveal(Door):
    """The doors to `Revealing`."""

    def __init__(self, presses: Presses, revealing: Revealing) -> None:
        """Take the use cases behind these doors."""
        super().__init__(presses)
        self._revealing = revealing

    @app_commands.command(name="reveal", description=say("reveal.description"))
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_messages=True)
    async def reveal(self, interaction: discord.Interaction) -> None:
        """Show where the wish to know stands, or open the form of a reason: a form can't follow a deferral."""
        found = await self._revealing.look(_moderator(interaction), interaction.channel_id or 0)
        if found is None:
            await interaction.response.send_modal(_reason_form(interaction))
            return
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self._show(interaction, found)

    @on("reveal", "send", None, needs=MODERATOR)
    async def want(self, interaction: discord.Interaction, _row: int) -> None:
        """Keep the reason, and wait for a second moderator."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        words = fields(interaction).get("words", "")
        found = await self._revealing.want(_moderator(interaction), interaction.channel_id or 0, words)
        await self._show(interaction, found)

    @on("reveal", "look", Row.REVEAL, needs=MODERATOR)
    async def look(self, interaction: discord.Interaction, reveal_id: int) -> None:
        """Show a colleague's reason."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self._show(interaction, await self._revealing.look_at(_moderator(interaction), reveal_id))

    @on("reveal", "agree", Row.REVEAL, needs=MODERATOR)
    async def agree(self, interaction: discord.Interaction, reveal_id: int) -> None:
        """Agree, and learn who."""
        await interaction.response.defer()
        found = await self._revealing.agree(_moderator(interaction), reveal_id)
        await settle(interaction, unveiled(found, interaction.locale.value).content)

    async def _show(self, interaction: discord.Interaction, found: Unveiled) -> None:
        await show(interaction, unveiled(found, interaction.locale.value))


def _moderator(interaction: discord.Interaction) -> Moderator:
    is_moderator = interaction.permissions.manage_messages
    return Moderator(interaction.guild_id or 0, interaction.user.id, is_moderator=is_moderator)


def _reason_form(interaction: discord.Interaction) -> discord.ui.Modal:
    locale = interaction.locale.value
    label, description = say("reveal.field.label", locale), say("reveal.field.description", locale)
    return words_form(Press("reveal", "send"), say("reveal.title", locale), label, LONGEST, description)


async def setup(bot: Morsel) -> None:
    """Open the doors."""
    await bot.add_cog(Reveal(bot.presses, bot.use_cases.revealing))
