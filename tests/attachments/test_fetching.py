"""Fetching what people attach: from Discord's own hosts, and no more of it than is looked into."""

import asyncio
import gzip
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web
from discord.http import Route

from bot.client import Morsel
from bot.errors import HouseError
from bot.ui import attachments
from bot.ui.attachments import fetch

MOST = 8 * 1024 * 1024


class FileHost:
    """A host of files on this machine, and what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.headers: dict[str, str] = {}
        self.sent = 0
        self.closing = asyncio.Event()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.raw_path)
        self.headers = dict(request.headers)
        match request.path.split("/")[1:]:
            case ["status", status]:
                return web.Response(status=int(status), body=b"no file")
            case ["moved"]:
                raise web.HTTPFound("/bytes/9")
            case ["bytes", size]:
                return web.Response(body=b"a" * int(size))
            case ["packed"]:
                return web.Response(body=gzip.compress(b" " * MOST * 4), headers={"Content-Encoding": "gzip"})
            case ["endless"]:
                return await self._pour(request)
            case _:
                await self.closing.wait()
                return web.Response()

    async def _pour(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while self.sent < 10 * MOST:
            await response.write(b"a" * 65_536)
            self.sent += 65_536
        return response


@pytest.fixture
async def host(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FileHost]:
    host, app = FileHost(), web.Application()
    app.router.add_route("*", "/{rest:.*}", host.serve)
    runner = web.AppRunner(app, shutdown_timeout=0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    monkeypatch.setattr(Route, "BASE", f"http://127.0.0.1:{runner.addresses[0][1]}/api/v10")
    yield host
    host.closing.set()
    await runner.cleanup()


def at(path: str) -> str:
    return Route.BASE.removesuffix("/api/v10") + path


async def refusal(url: str) -> str:
    with pytest.raises(HouseError) as caught:
        await fetch(url)
    return caught.value.key


@pytest.mark.parametrize(
    "url",
    [
        "http://cdn.discordapp.com/attachments/1/2/a.pdf",
        "https://cdn.discordapp.com:8443/attachments/1/2/a.pdf",
        "https://cdn.discordapp.com./attachments/1/2/a.pdf",
        "https://cdn.discordapp.com.example.org/a.pdf",
        "https://cdn.discordapp.com@example.org/a.pdf",
        "https://example.org/cdn.discordapp.com/a.pdf",
        "https://example.org#cdn.discordapp.com",
        "https://discordapp.com/a.pdf",
        "https://discord.com/api/v10/users/@me",
        "https://127.0.0.1/a.pdf",
        "https://[::1]/a.pdf",
        "https://[::1",
        "https://cdn․discordapp․com/a.pdf",
        "ftp://cdn.discordapp.com/a.pdf",
        "file:///etc/passwd",
        "//cdn.discordapp.com/a.pdf",
        "cdn.discordapp.com/a.pdf",
        "",
    ],
)
async def test_other_hosts_are_never_asked(url: str) -> None:
    assert await refusal(url) == "file.unreachable"


@pytest.mark.parametrize("host", ["cdn.discordapp.com", "media.discordapp.net"])
def test_discords_own_hosts_are_trusted(host: str) -> None:
    url = f"https://{host}/attachments/1/2/%C3%A9%2F.pdf?ex=6a&is=6b&hm=0c%3D&"
    assert attachments._trusted(url).raw_path_qs == "/attachments/1/2/%C3%A9%2F.pdf?ex=6a&is=6b&hm=0c%3D&"


async def test_whole_file_is_fetched_as_it_was_signed_and_without_a_token(host: FileHost) -> None:
    assert await fetch(at("/bytes/3?hm=0c%3D&")) == b"aaa"
    assert host.asked == ["/bytes/3?hm=0c%3D&"]
    assert not {"Authorization", "Cookie"} & set(host.headers)
    assert len(await fetch(at(f"/bytes/{MOST}"))) == MOST


async def test_what_is_too_large_is_cut_while_it_comes(host: FileHost) -> None:
    assert await refusal(at(f"/bytes/{MOST + 1}")) == "file.too_large"
    assert await refusal(at("/endless")) == "file.too_large"
    assert host.sent < 4 * MOST


async def test_packed_bytes_stay_packed(host: FileHost) -> None:
    assert (await fetch(at("/packed")))[:2] == b"\x1f\x8b"
    assert host.headers["Accept-Encoding"] == "identity"


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("/status/404", "file.vanished"),
        ("/status/403", "file.vanished"),
        ("/status/410", "file.vanished"),
        ("/status/429", "file.unreachable"),
        ("/status/500", "file.unreachable"),
        ("/status/204", "file.unreachable"),
        ("/moved", "file.unreachable"),
    ],
)
async def test_what_isnt_there_is_a_sentence(host: FileHost, path: str, key: str) -> None:
    assert await refusal(at(path)) == key
    assert host.asked == [path]


async def test_host_that_hangs_is_given_up(host: FileHost, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachments, "PATIENCE", aiohttp.ClientTimeout(total=0.1))
    assert await refusal(at("/hangs")) == "file.unreachable"
    assert host.asked == ["/hangs"]


async def test_host_that_is_down_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Route, "BASE", "http://127.0.0.1:9/api/v10")
    assert await refusal("http://127.0.0.1:9/a.pdf") == "file.unreachable"


async def test_client_fetches_nothing_in_another_way() -> None:
    async with Morsel() as client:
        assert client.http.get_from_cdn is fetch
