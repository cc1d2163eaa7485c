"""Files that people attach: fetched from Discord's own hosts alone, and no more of one than is looked into."""

import aiohttp
import discord
import yarl
from discord.http import HTTPClient, Route

from bot.addresses import DISCORD_API
from bot.attachments.child import MOST_BYTES
from bot.errors import HouseError, Invalid, NotFound, Unavailable

ORIGINS = frozenset({"https://cdn.discordapp.com", "https://media.discordapp.net"})
"""Source: https://discord.com/developers/docs/reference#signed-attachment-cdn-urls"""
PATIENCE = aiohttp.ClientTimeout(total=20)
OK, GONE = 200, frozenset({403, 404, 410})
"""HTTP statuses; Discord's links end after a day, and then say 404."""
PIECE = 64 * 1024


async def fetched(attachment: discord.Attachment) -> bytes:
    """Return what is in a file that a person attached.

    Raises:
        Invalid: it is larger than 8 MiB.
        NotFound: Discord has it no longer.
        Unavailable: Discord doesn't give it.
    """
    if attachment.size > MOST_BYTES:
        raise _too_large()
    try:
        return await attachment.read()
    except (discord.NotFound, discord.Forbidden):
        raise NotFound("file.vanished") from None
    except discord.HTTPException:
        raise Unavailable("file.unreachable") from None


def fetch_carefully(http: HTTPClient) -> None:
    """Let everything that discord.py fetches from Discord's file hosts go through `fetch`."""
    vars(http)["get_from_cdn"] = fetch


async def fetch(url: str) -> bytes:
    """Return what is at an address of Discord's file hosts; follows no redirection, and stops after 8 MiB.

    Raises:
        Invalid: it is larger than 8 MiB.
        NotFound: there is nothing, or no longer.
        Unavailable: it is the address of another host, or the host doesn't answer, or not in time.
    """
    try:
        return await _fetch(_trusted(url))
    except (aiohttp.ClientError, OSError, TimeoutError):
        raise Unavailable("file.unreachable") from None


def _trusted(url: str) -> yarl.URL:
    """Return the address if its host is Discord's, or this machine's where Discord's own address is there too."""
    try:
        address = yarl.URL(url, encoded=True)
        origin = str(address.origin())
    except ValueError:
        raise Unavailable("file.unreachable") from None
    if origin not in (ORIGINS if Route.BASE == DISCORD_API else {str(yarl.URL(Route.BASE).origin())}):
        raise Unavailable("file.unreachable")
    return address


async def _fetch(address: yarl.URL) -> bytes:
    # Packed bytes would be unpacked before they could be counted.
    session = aiohttp.ClientSession(
        timeout=PATIENCE, auto_decompress=False, headers={"Accept-Encoding": "identity"},
        cookie_jar=aiohttp.DummyCookieJar(),
    )  # fmt: skip
    async with session, session.get(address, allow_redirects=False) as response:
        if response.status != OK:
            raise _missing(response.status)
        whole = bytearray()
        async for piece in response.content.iter_chunked(PIECE):
            whole += piece
            if len(whole) > MOST_BYTES:
                raise _too_large()
        return bytes(whole)


def _missing(status: int) -> HouseError:
    return NotFound("file.vanished") if status in GONE else Unavailable("file.unreachable")


def _too_large() -> Invalid:
    return Invalid("file.too_large", most=MOST_BYTES // 1024**2)
