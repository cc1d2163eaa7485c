"""Files in the simulated Discord: what a person attaches to a message or to a form reaches the bot."""

import discord
import pytest

from bot.attachments.child import MOST_BYTES
from bot.errors import Invalid, NotFound
from bot.ui.attachments import fetched, is_on_file_host
from tests.cogs.conftest import World


async def attached(world: World, name: str, data: bytes) -> discord.Attachment:
    """Attach a file to a message, and return it as the bot sees it."""
    message = await world.asker.send(world.channel, "My draft", attachments=[(name, data)])
    return message.attachments[0]


async def read(world: World, file: discord.Attachment) -> bytes:
    """Let the bot read a file."""
    return await fetched(world.app.client.http, file.url, file.size)


@pytest.mark.parametrize("name", ["draft.pdf", "../../.env", "\u202efdp.exe", "**a** @everyone.md", "a" * 300])
async def test_file_is_fetched_by_any_name(world: World, name: str) -> None:
    assert await read(world, await attached(world, name, b"%PDF-")) == b"%PDF-"


async def test_file_that_vanished_is_a_sentence(world: World) -> None:
    file = await attached(world, "draft.pdf", b"%PDF-")
    world.env.backend.cdn._blobs.clear()
    with pytest.raises(NotFound, match=r"file\.vanished"):
        await read(world, file)


async def test_file_that_is_too_large_is_not_fetched(world: World) -> None:
    file = await attached(world, "draft.pdf", b"a" * (MOST_BYTES + 1))
    world.env.backend.cdn._blobs.clear()
    with pytest.raises(Invalid, match=r"file\.too_large"):
        await read(world, file)


@pytest.mark.parametrize(
    ("link", "is_file"),
    [
        ("https://cdn.discordapp.com/attachments/1/2/draft.pdf?ex=1&hm=2", True),
        ("https://media.discordapp.net/attachments/1/2/draft.pdf", True),
        ("http://cdn.discordapp.com/attachments/1/2/draft.pdf", False),
        ("https://cdn.discordapp.com.example.org/draft.pdf", False),
        ("https://cdn.discordapp.com:8443/draft.pdf", False),
        ("https://me@example.org/", False),
        ("draft.pdf", False),
        ("https://[", False),
        ("", False),
    ],
)
def test_only_what_is_on_discords_file_hosts_is_fetched_in_place_of_a_link(link: str, *, is_file: bool) -> None:
    assert is_on_file_host(link) is is_file
