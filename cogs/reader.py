"""The doors for a member who also reads drafts."""

import discord

from bot.client import Morsel
from bot.domain.rows import Row
from bot.services.people.profiling import Profiling
from bot.services.people.recognising import Recognising
from bot.ui.doors import Door, Presses, on, show
from bot.ui.forms import filled_reader, reader_form
from bot.ui.homes import begin, place_of
from bot.ui.profile_card import profile_card


class Reader(Door):
    """The doors to what `Profiling` keeps of drafts."""

    def __init__(self, presses: Presses, profiling: Profiling, recognising: Recognising) -> None:
        """Take the use cases behind these doors."""
        super().__init__(presses)
        self._profiling, self._recognising = profiling, recognising

    @on("reader", "choose", Row.MEMBER)
    async def choose(self, interaction: discord.Interaction, member_id: int) -> None:
        """Open the form with what is kept: one row is read first, for a form can't follow a deferral."""
        guild_id = await place_of(interaction, self._recognising, member_id)
        card = await self._profiling.card(guild_id, interaction.user.id)
        await interaction.response.send_modal(reader_form(card, interaction.locale.value, member_id))

    @on("reader", "save", Row.MEMBER)
    async def save(self, interaction: discord.Interaction, member_id: int) -> None:
        """Keep what was chosen and show the profile."""
        whose = await begin(interaction, self._recognising, member_id)
        card = await self._profiling.read_drafts(*whose, *filled_reader(interaction))
        await show(interaction, profile_card(card, interaction.locale.value, member_id))


async def setup(bot: Morsel) -> None:
    """Open the doors."""
    await bot.add_cog(Reader(bot.presses, bot.use_cases.profiling, bot.use_cases.recognising))
