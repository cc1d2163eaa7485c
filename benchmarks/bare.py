"""What the bot's start and memory are measured against: discord.py with the same intents, and nothing else."""

import asyncio
import os

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route


class Bare(discord.Client):
    """A bot that does nothing but say that it is ready, as Morsel does."""

    async def on_ready(self) -> None:
        """Say it."""
        print("ready", len(self.guilds), flush=True)


async def run() -> None:
    """Stay connected until the process is told to end."""
    Route.BASE = os.environ["DISCORD_API_BASE"]
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(Route.BASE).with_scheme("ws").with_path("/gateway")
    async with Bare(intents=discord.Intents(guilds=True, guild_messages=True)) as client:
        await client.start(os.environ["DISCORD_TOKEN"])


if __name__ == "__main__":
    asyncio.run(run())
