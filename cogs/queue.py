"""The doors to the queues of walk-in hours."""

import discord

from bot.client import Morsel
from bot.domain.rows import Row
from bot.services.office_hours.queueing import Queueing
from bot.services.requests.asking import LONGEST
from bot.texts import say
from bot.ui import queue
from bot.ui.doors import Door, Presses, on, settle, show
from bot.ui.forms import words_form
from bot.ui.items import Press, fields


class Queue(Door):
    """The doors to `Queueing`."""

    def __init__(self, presses: Presses, queueing: Queueing) -> None:
        """Take the use cases behind these doors."""
        super().__init__(presses)
        self._queueing = queueing

    @on("queue", "join", Row.OCCURRENCE)
    async def write_question(self, interaction: discord.Interaction, occurrence_id: int) -> None:
        """Open the form of a question."""
        locale = interaction.locale.value
        title, label = say("queue.join.title", locale), say("queue.join.label", locale)
        await interaction.response.send_modal(
            words_form(
                Press("queue", "send", occurrence_id), title, label, LONGEST, say("queue.join.description", locale)
            )
        )

    @on("queue", "send", Row.OCCURRENCE)
    async def join(self, interaction: discord.Interaction, occurrence_id: int) -> None:
        """Take a place in the queue."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        words = fields(interaction).get("words", "")
        place = await self._queueing.join(occurrence_id, interaction.user.id, interaction.id, words)
        await show(interaction, queue.own_place(place, interaction.locale.value))

    @on("queue", "hold", Row.QUEUE_PLACE)
    async def hold(self, interaction: discord.Interaction, place_id: int) -> None:
        """Let others go before."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        place = await self._queueing.hold_place(place_id, interaction.user.id)
        await show(interaction, queue.own_place(place, interaction.locale.value))

    @on("queue", "back", Row.QUEUE_PLACE)
    async def come_back(self, interaction: discord.Interaction, place_id: int) -> None:
        """Wait again."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        place = await self._queueing.come_back(place_id, interaction.user.id)
        await show(interaction, queue.own_place(place, interaction.locale.value))

    @on("queue", "leave", Row.QUEUE_PLACE)
    async def give_up(self, interaction: discord.Interaction, place_id: int) -> None:
        """Give the place up."""
        await interaction.response.defer()
        await self._queueing.leave(place_id, interaction.user.id)
        await settle(interaction, say("queue.left", interaction.locale.value))

    @on("queue", "next", Row.OCCURRENCE)
    async def invite_next(self, interaction: discord.Interaction, occurrence_id: int) -> None:
        """Invite the first person in the queue."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        turn = await self._queueing.invite_next(occurrence_id, interaction.user.id)
        await show(interaction, queue.turn(turn, interaction.locale.value))


async def setup(bot: Morsel) -> None:
    """Open the doors."""
    await bot.add_cog(Queue(bot.presses, bot.use_cases.queueing))
