"""Files that people attach: fetched from Discord's own hosts alone, and no more of one than is looked into."""

import re
from collections.abc import Mapping
from functools import partial
from pathlib import PurePosixPath

import aiohttp
import discord
import yarl
from discord.http import HTTPClient, Route

from bot.addresses import DISCORD_API
from bot.attachments.child import MOST_BYTES
from bot.domain.links import clean_link
from bot.errors import HouseError, Invalid, NotFound, Unavailable
from bot.services.feedback.drafting_results import HandedIn
from bot.ui.items import choices, payload

ORIGINS = frozenset({"https://cdn.discordapp.com", "https://media.discordapp.net"})
"""Source: https://discord.com/developers/docs/reference#signed-attachment-cdn-urls"""
PATIENCE = aiohttp.ClientTimeout(total=20)
OK, GONE = 200, frozenset({403, 404, 410})
"""HTTP statuses; Discord's links end after a day, and then say 404."""
PIECE = 64 * 1024
_LINK = re.compile(r"https?://[^\s<>]+")


def handed_in(interaction: discord.Interaction, field: str, link: str = "") -> tuple[HandedIn | None, str]:
    """Return the file that was put into a form's field, or that a link leads to on Discord's file hosts; and the link.

    Discord's own links end after a day, so what one leads to is the file; any other link stays one.
    """
    fetch = partial(fetched, interaction.client.http)
    chosen = choices(interaction, field)
    resolved = payload(interaction).get("resolved")
    attachments = resolved.get("attachments") if isinstance(resolved, Mapping) else None
    found = attachments.get(chosen[0]) if chosen and isinstance(attachments, Mapping) else None
    if isinstance(found, Mapping):
        address, size = str(found.get("url", "")), found.get("size")
        known = size if isinstance(size, int) else 0
        return HandedIn(str(found.get("filename", "")), partial(fetch, address, known)), link
    typed = _address(link)
    if chosen or not is_on_file_host(typed):
        return (HandedIn("", _vanished) if chosen else None), link
    return HandedIn(PurePosixPath(yarl.URL(typed).path).name, partial(fetch, typed, 0)), ""


def source_in(message: discord.Message) -> str | None:
    """Return the address of a message's first file, or else the first link in its words; None without either."""
    if message.attachments:
        return message.attachments[0].url
    found = _LINK.search(message.content)
    return found[0] if found else None


def is_on_file_host(link: str) -> bool:
    """Tell whether an address leads to a file on Discord's file hosts."""
    try:
        return str(yarl.URL(link).origin()) in ORIGINS
    except ValueError:
        return False


def _address(typed: str) -> str:
    """Return what was typed for a link as it is kept, so that it is looked at in the same form; it may be none."""
    try:
        return clean_link(typed).address
    except HouseError:
        return typed.strip()


async def fetched(http: HTTPClient, url: str, size: int) -> bytes:
    """Return what is in a file that a person attached, and that is so large as Discord says.

    Raises:
        Invalid: it is larger than 8 MiB.
        NotFound: Discord has it no longer.
        Unavailable: Discord doesn't give it.
    """
    if size > MOST_BYTES:
        raise _too_large()
    try:
        return await http.get_from_cdn(url)
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


async def _vanished() -> bytes:
    raise NotFound("file.vanished")


def _missing(status: int) -> HouseError:
    return NotFound("file.vanished") if status in GONE else Unavailable("file.unreachable")


def _too_large() -> Invalid:
    return Invalid("file.too_large", most=MOST_BYTES // 1024**2)
