"""The relay between the page and simcord's Preview: a server stands for it, which refuses what is bound too early."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import ClientSession, FormData, web
from aiohttp.test_utils import TestServer

from playground.relay import Relay

NEWEST = 41
WORDS = 'She wrote "published_revision":7 in her draft.'
FILE = b'{"published_revision":7}'


@dataclass
class FakePreview:
    """Takes an action that is bound to the newest publication, and refuses any other."""

    url: str = ""
    refused: int = 0
    taken: list[dict[str, Any]] = field(default_factory=list)

    async def act(self, request: web.Request) -> web.Response:
        if request.content_type == "application/json":
            action, file = await request.json(), None
        else:
            parts = await request.post()
            action, upload = json.loads(str(parts["payload"])), parts["file:draft"]
            assert isinstance(upload, web.FileField)
            file = upload.file.read()
        if action["published_revision"] != NEWEST:
            self.refused += 1
            refusal = {"rejected": True, "revision": NEWEST, "diagnostics": [{"code": "stale-revision"}]}
            return web.json_response(refusal)
        self.taken.append({**action, "file": file})
        return web.json_response({"rejected": False})


@pytest.fixture
async def preview() -> AsyncIterator[FakePreview]:
    fake, app = FakePreview(), web.Application()
    app.router.add_post("/api/action", fake.act)
    async with TestServer(app) as server:
        fake.url = str(server.make_url("/"))
        yield fake


@pytest.fixture
async def page(preview: FakePreview) -> AsyncIterator[ClientSession]:
    """Return a session at the address of the playground's own page."""
    async with ClientSession() as session:
        relay, app = Relay(session), web.Application()

        async def pass_on(request: web.Request) -> web.Response:
            return await relay.pass_on(request, preview)  # type: ignore[arg-type]

        app.router.add_post("/api/action", pass_on)
        async with TestServer(app) as server, ClientSession(server.make_url("/")) as http:
            yield http


def action(revision: int) -> dict[str, Any]:
    return {"values": {"about": WORDS}, "published_revision": revision, "kind": "modal_submit"}


@pytest.mark.parametrize("revision", [40, NEWEST])
async def test_a_press_on_an_older_view_is_taken(page: ClientSession, preview: FakePreview, revision: int) -> None:
    async with page.post("/api/action", json=action(revision)) as answer:
        assert not (await answer.json())["rejected"]

    assert preview.refused == (revision != NEWEST)
    assert preview.taken == [{**action(NEWEST), "file": None}]


@pytest.mark.parametrize("revision", [40, NEWEST])
async def test_a_form_with_a_file_is_taken_too_and_keeps_what_is_in_it(
    page: ClientSession, preview: FakePreview, revision: int
) -> None:
    form = FormData({"payload": json.dumps(action(revision))})
    form.add_field("file:draft", FILE, filename="draft.md", content_type="text/markdown")

    async with page.post("/api/action", data=form) as answer:
        assert not (await answer.json())["rejected"]

    assert preview.refused == (revision != NEWEST)
    assert preview.taken == [{**action(NEWEST), "file": FILE}]
