"""The doors on a question that is posted: closed, opened again, in need of more people or of a talk."""

import discord

from bot.client import Morsel
from bot.domain.rows import Row
from bot.services.requests.asking import Asking
from bot.services.requests.following_up import FollowingUp
from bot.texts import say
from bot.ui.doors import THREADS, Door, Presses, on, settle
from bot.ui.forms import close_form
from bot.ui.items import fields


class Question(Door):
    """The doors to `FollowingUp`, and to `Asking.close`."""

    def __init__(self, presses: Presses, asking: Asking, waiting: FollowingUp) -> None:
        """Take the use cases behind these doors."""
        super().__init__(presses)
        self._asking, self._waiting = asking, waiting

    @on("question", "close", Row.QUESTION)
    async def close(self, interaction: discord.Interaction, request_id: int) -> None:
        """Close one's own question; a moderator first confirms to close another person's.

        For a moderator one row is read before the answer: a form can't follow a deferral.
        """
        whose, locale = interaction.user.id, interaction.locale.value
        if interaction.permissions.manage_threads and not await self._asking.is_asker(request_id, whose):
            await interaction.response.send_modal(close_form(request_id, locale))
            return
        await interaction.response.defer()
        await self._asking.close(request_id, whose, is_moderator=False)
        await settle(interaction, say("close.done", locale))

    @on("question", "close_for", Row.QUESTION, needs=THREADS)
    async def close_for(self, interaction: discord.Interaction, request_id: int) -> None:
        """Close another person's question as a moderator."""
        await interaction.response.defer()
        words = fields(interaction).get("words", "")
        await self._asking.close(request_id, interaction.user.id, words, is_moderator=True)
        await settle(interaction, say("close.done_for", interaction.locale.value))

    @on("question", "reopen", Row.QUESTION)
    async def reopen(self, interaction: discord.Interaction, request_id: int) -> None:
        """Open the question again."""
        await interaction.response.defer()
        await self._waiting.reopen(request_id, interaction.user.id)
        await settle(interaction, say("reopen.done", interaction.locale.value))

    @on("question", "more", Row.QUESTION)
    async def ask_more(self, interaction: discord.Interaction, request_id: int) -> None:
        """Ask more people."""
        await interaction.response.defer()
        asked = await self._waiting.ask_more(request_id, interaction.user.id)
        key = "choices.more_some" if asked else "choices.more_none"
        await settle(interaction, say(key, interaction.locale.value), keep_buttons=True)

    @on("question", "talk", Row.QUESTION)
    async def talk(self, interaction: discord.Interaction, request_id: int) -> None:
        """Say in the thread that fifteen minutes of talking are wished for, or offered."""
        await interaction.response.defer()
        await self._waiting.wish_to_talk(request_id, interaction.user.id)
        await settle(interaction, say("talk.done", interaction.locale.value), keep_buttons=True)


async def setup(bot: Morsel) -> None:
    """Open the doors."""
    await bot.add_cog(Question(bot.presses, bot.use_cases.asking, bot.use_cases.following_up))
