"""The doors to statistics, for moderators."""

import discord
from discord import app_commands

from bot.client import Morsel
from bot.domain.statistics import PanelName
from bot.services.community.counting import Counting
from bot.services.community.digesting import Digesting
from bot.services.community.sharing import Sharing
from bot.texts import say
from bot.ui import statistics
from bot.ui.doors import MODERATOR, Door, Presses, on, show, update
from bot.ui.items import option
from bot.ui.render import Rendered

WEEKS = [app_commands.Choice(name=say(f"stats.weeks.{each}"), value=each) for each in statistics.LENGTHS]


class Stats(Door):
    """The doors to `Counting`, `Sharing` and `Digesting`."""

    def __init__(self, presses: Presses, counting: Counting, sharing: Sharing, digesting: Digesting) -> None:
        """Take the use cases behind these doors."""
        super().__init__(presses)
        self._counting, self._sharing, self._digesting = counting, sharing, digesting

    @app_commands.command(name="stats", description=say("stats.description"))
    @app_commands.describe(weeks=say("stats.weeks.description"))
    @app_commands.choices(weeks=WEEKS)
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_messages=True)
    async def stats(self, interaction: discord.Interaction, weeks: int = statistics.SHORT) -> None:
        """Show the first panel; what can be counted at once comes first where the rest takes some seconds."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        guild_id, locale = interaction.guild_id or 0, interaction.locale.value
        if not self._counting.is_ready:
            counted = await self._counting.at_once(guild_id, weeks)
            await update(interaction, statistics.first_counts(counted, weeks, locale))
        await self._fill(interaction, PanelName.OVERVIEW, weeks)

    @on("stats", "panel", None, needs=MODERATOR)
    async def panel(self, interaction: discord.Interaction, number: int) -> None:
        """Show another panel in the place of this one."""
        await interaction.response.defer()
        _, weeks = statistics.read_row(number)
        await self._fill(interaction, statistics.PANELS[option(interaction, len(statistics.PANELS))], weeks)

    @on("stats", "weeks", None, needs=MODERATOR)
    async def weeks(self, interaction: discord.Interaction, number: int) -> None:
        """Show the same panel over another length of time."""
        await interaction.response.defer()
        await self._fill(interaction, *statistics.read_row(number))

    @on("stats", "share", None, needs=MODERATOR)
    async def share(self, interaction: discord.Interaction, number: int) -> None:
        """Post the panel where all who moderate read it."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        guild_id, locale = interaction.guild_id or 0, interaction.locale.value
        place = await self._sharing.share(guild_id, interaction.user.id, *statistics.read_row(number), locale)
        await show(interaction, Rendered(statistics.shared_in(place, locale)))

    @on("stats", "export", None, needs=MODERATOR)
    async def export(self, interaction: discord.Interaction, number: int) -> None:
        """Give the tables of all panels as a file."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        guild_id, locale = interaction.guild_id or 0, interaction.locale.value
        _, weeks = statistics.read_row(number)
        file = await self._counting.archive(guild_id, interaction.user.id, weeks, locale)
        await show(interaction, statistics.archive(file, locale))

    @on("stats", "digest", None, needs=MODERATOR)
    async def digest(self, interaction: discord.Interaction, _number: int) -> None:
        """Let moderators read a digest each Monday."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        begins = await self._digesting.want(interaction.guild_id or 0)
        await show(interaction, statistics.digest_begins(begins, interaction.locale.value))

    @on("stats", "no_digest", None, needs=MODERATOR)
    async def no_digest(self, interaction: discord.Interaction, _number: int) -> None:
        """Let them read no more digests."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self._digesting.stop(interaction.guild_id or 0)
        await show(interaction, statistics.digest_ended(interaction.locale.value))

    async def _fill(self, interaction: discord.Interaction, name: PanelName, weeks: int) -> None:
        guild_id, locale = interaction.guild_id or 0, interaction.locale.value
        shown = await self._counting.panel(guild_id, interaction.user.id, name, weeks, locale)
        has_digest = await self._digesting.is_wanted(guild_id)
        await update(interaction, statistics.panel(shown, locale, has_digest=has_digest))


async def setup(bot: Morsel) -> None:
    """Open the doors."""
    await bot.add_cog(Stats(bot.presses, bot.use_cases.counting, bot.use_cases.sharing, bot.use_cases.digesting))
