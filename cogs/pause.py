"""The doors to being left in peace for a while."""

import discord
from discord import app_commands

from bot.client import Morsel
from bot.domain.rows import Row
from bot.services.people.recognising import Home, Recognising
from bot.services.requests.pausing import Pausing
from bot.services.results import Pause as Stands
from bot.texts import say
from bot.ui.doors import Door, Presses, on, settle, show
from bot.ui.homes import begin, home_of
from bot.ui.items import option, value
from bot.ui.mine import PAUSES, pause, pause_menu, pause_view
from bot.ui.render import Rendered

LENGTHS = [app_commands.Choice(name=say(f"pause.length.{each}"), value=each) for each in PAUSES]


class Pause(Door):
    """The doors to `Pausing`."""

    def __init__(self, presses: Presses, pausing: Pausing, recognising: Recognising) -> None:
        """Take the use cases behind these doors."""
        super().__init__(presses)
        self._pausing, self._recognising = pausing, recognising

    @app_commands.command(name="pause", description=say("pause.description"))
    @app_commands.describe(length=say("pause.length.description"), day=say("pause.day.description"))
    @app_commands.choices(length=LENGTHS)
    @app_commands.allowed_contexts(guilds=True, dms=True)
    async def pause(self, interaction: discord.Interaction, length: str | None = None, day: str | None = None) -> None:
        """Pause for a length, until a day, or show how it stands; in direct messages the server is chosen first."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        home = await home_of(interaction, self._recognising, "pause")
        if home is None:
            return
        whose = (home.guild_id, interaction.user.id)
        if day is not None:
            await self._show(interaction, home, await self._pausing.pause_until(*whose, day))
        elif length is not None:
            await self._show(interaction, home, await self._pausing.pause_for(*whose, PAUSES[length]))
        else:
            await self._show(interaction, home, await self._pausing.state(*whose))

    @on("pause", "home", None, chosen=Row.MEMBER)
    async def at_home(self, interaction: discord.Interaction, _row: int) -> None:
        """Show how it stands in the chosen server."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        home = await home_of(interaction, self._recognising, "pause", value(interaction))
        if home is not None:
            await self._show(interaction, home, await self._pausing.state(home.guild_id, interaction.user.id))

    @on("pause", "choose", Row.MEMBER)
    async def choose(self, interaction: discord.Interaction, member_id: int) -> None:
        """Pause for the chosen length."""
        whose = await begin(interaction, self._recognising, member_id)
        length = list(PAUSES.values())[option(interaction, len(PAUSES))]
        found = await self._pausing.pause_for(*whose, length)
        locale = interaction.locale.value
        await show(interaction, Rendered(pause(found, locale), view=pause_view(found, locale)))

    @on("invitation", "pause", Row.INVITATION)
    async def from_invitation(self, interaction: discord.Interaction, invitation_id: int) -> None:
        """Pass, and pause for a week."""
        await interaction.response.defer()
        found = await self._pausing.from_invitation(invitation_id, interaction.user.id)
        locale = interaction.locale.value
        await settle(interaction, pause(found, locale), view=pause_view(found, locale))

    @on("pause", "end", Row.MEMBER)
    async def end(self, interaction: discord.Interaction, member_id: int) -> None:
        """Be there again."""
        await interaction.response.defer()
        await self._pausing.end(member_id, interaction.user.id)
        await settle(interaction, say("pause.ended", interaction.locale.value))

    async def _show(self, interaction: discord.Interaction, home: Home, found: Stands) -> None:
        locale = interaction.locale.value
        await show(interaction, Rendered(pause(found, locale), view=pause_menu(found, home, locale)))


async def setup(bot: Morsel) -> None:
    """Open the doors."""
    await bot.add_cog(Pause(bot.presses, bot.use_cases.pausing, bot.use_cases.recognising))
