"""The whole bot with two plain handlers beside its own to measure it against; without encoders unless asked for them.

It is started like the bot and reads the same settings.
"""

import asyncio
import sys
from contextlib import AsyncExitStack

import discord

from bot.app import application, point_discord_at, set_apart
from bot.jobs.schedule import scheduled
from bot.log import configure_logging
from bot.settings import Settings
from bot.store.engine import Database
from bot.ui.items import payload
from models import OutboxLetter

WHOLE = "--whole"
"""What starts the models and the sweeps as well."""
DEFER, WRITE_ROW = "plain-defer", "plain-write-row"
"""The custom_ids of the forms that the plain handlers answer; Morsel's own doors pass them over."""


async def run() -> None:
    """Run the bot until the process is told to end."""
    settings = Settings()
    configure_logging("INFO", "text")
    point_discord_at(settings.discord_api_base)
    token = settings.discord_token.get_secret_value() if settings.discord_token else ""
    is_whole = WHOLE in sys.argv
    async with AsyncExitStack() as stack:
        app = await stack.enter_async_context(application(settings, has_encoders=is_whole))
        await stack.enter_async_context(app.client)
        if is_whole:
            await stack.enter_async_context(scheduled(app.sweeps))
        app.client.add_listener(Plain(app.database).on_interaction)
        app.client.add_listener(_on_ready, "on_ready")
        await app.client.start(token)


async def _on_ready() -> None:
    # As the bot does once it is ready.
    set_apart()


class Plain:
    """What Morsel's `/ask` is measured against: the least a handler can do."""

    def __init__(self, database: Database) -> None:
        """Take the database to write into."""
        self._database = database

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Answer the two forms; other presses are no concern."""
        custom_id = payload(interaction).get("custom_id")
        if custom_id not in {DEFER, WRITE_ROW}:
            return
        await interaction.response.defer(ephemeral=True, thinking=True)
        if custom_id == WRITE_ROW:
            await self._write_row(interaction)
        await interaction.followup.send("Kept.", ephemeral=True)

    async def _write_row(self, interaction: discord.Interaction) -> None:
        row = OutboxLetter(
            guild_id=interaction.guild_id or 0, kind="notice", key=f"plain:{interaction.id}",
            due_at=None,
        )  # fmt: skip
        async with self._database.begin() as work:
            work.outbox.add(row)


if __name__ == "__main__":
    asyncio.run(run())
