"""The doors on an invitation."""

import discord

from bot.client import Morsel
from bot.domain.rows import Row
from bot.services.use_cases import UseCases
from bot.texts import say
from bot.ui import render
from bot.ui.doors import Door, Presses, on, settle, show
from bot.ui.items import value
from bot.ui.looks import told


class Invitation(Door):
    """The doors to `Helping`, `Referring` and `Claiming` for a person who was asked."""

    def __init__(self, presses: Presses, use_cases: UseCases) -> None:
        """Take the use cases behind these doors."""
        super().__init__(presses)
        self._helping, self._referring, self._claiming = use_cases.helping, use_cases.referring, use_cases.claiming

    @on("invitation", "take", Row.INVITATION)
    async def take(self, interaction: discord.Interaction, invitation_id: int) -> None:
        """Take it, and show the way to the thread."""
        await interaction.response.defer()
        question = await self._helping.take(invitation_id, interaction.user.id)
        where, locale = render.link(question.guild_id, question.thread_id), interaction.locale.value
        view = render.after_taking(question.request_id, invitation_id, locale)
        await settle(interaction, told(question, "invitation.taken", locale, thread=where), view=view)

    @on("invitation", "pass", Row.INVITATION)
    async def pass_on(self, interaction: discord.Interaction, invitation_id: int) -> None:
        """Pass; another person is asked."""
        await interaction.response.defer()
        await self._helping.pass_on(invitation_id, interaction.user.id)
        locale = interaction.locale.value
        await settle(interaction, say("invitation.passed", locale), view=render.second_thoughts(invitation_id, locale))

    @on("invitation", "off_topic", Row.INVITATION)
    async def off_topic(self, interaction: discord.Interaction, invitation_id: int) -> None:
        """Pass, and let the line that matched count less; it can be taken back."""
        await interaction.response.defer()
        statement = await self._helping.off_topic(invitation_id, interaction.user.id)
        locale = interaction.locale.value
        view = render.off_topic_view if statement else render.second_thoughts
        await settle(interaction, render.off_topic(statement, locale), view=view(invitation_id, locale))

    @on("invitation", "on_topic", Row.INVITATION)
    async def on_topic(self, interaction: discord.Interaction, invitation_id: int) -> None:
        """Let the line count as before."""
        await interaction.response.defer()
        await self._helping.on_topic(invitation_id, interaction.user.id)
        locale = interaction.locale.value
        view = render.second_thoughts(invitation_id, locale)
        await settle(interaction, say("invitation.on_topic.done", locale), view=view)

    @on("invitation", "know", Row.INVITATION)
    async def know(self, interaction: discord.Interaction, invitation_id: int) -> None:
        """Ask which person they think of; the invitation stays as it is until they say."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self._referring.require_asked(invitation_id, interaction.user.id)
        await show(interaction, render.whom(invitation_id, interaction.locale.value))

    @on("referral", "pick", Row.INVITATION)
    async def refer(self, interaction: discord.Interaction, invitation_id: int) -> None:
        """Have the chosen person asked."""
        await interaction.response.defer()
        named = value(interaction)
        await self._referring.refer(invitation_id, interaction.user.id, named)
        await settle(interaction, say("referral.thanks", interaction.locale.value))

    @on("claim", "give_back", Row.INVITATION)
    async def give_back(self, interaction: discord.Interaction, invitation_id: int) -> None:
        """Give back what was taken."""
        await interaction.response.defer()
        await self._claiming.give_back(invitation_id, interaction.user.id)
        locale = interaction.locale.value
        await settle(interaction, say("claim.given_back", locale), view=render.second_thoughts(invitation_id, locale))


async def setup(bot: Morsel) -> None:
    """Open the doors."""
    await bot.add_cog(Invitation(bot.presses, bot.use_cases))
