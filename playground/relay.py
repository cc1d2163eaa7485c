"""Relay simcord's Preview through our own address, so that it can stand inside our page."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from importlib import resources
from typing import Final

from aiohttp import ClientSession, web
from simcord import Preview
from yarl import URL

FRAME_PATH: Final = "/preview"
"""Where the Preview's own first page appears; everything else keeps its path."""

BODY_LIMIT: Final = 27 * 1024 * 1024
"""Bytes; Preview itself takes 26 MiB of uploads and envelope."""

_BOUND_TO: Final = re.compile(rb'("published_revision":\s*)\d+')
"""In a person's words, the quotes around it would be escaped."""

_FORWARDED: Final = ("X-Simcord-Capability", "X-Simcord-Context", "Content-Type")
_NOT_RETURNED: Final = frozenset({"content-length", "transfer-encoding", "connection", "date", "server"})


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


class Relay:
    """Pass requests to the Preview that is open now, loopback only."""

    def __init__(self, session: ClientSession) -> None:
        self._session = session
        self._own_style = (resources.files(__package__) / "page" / "surface.css").read_bytes()

    async def pass_on(self, request: web.Request, preview: Preview) -> web.Response:
        """Return the Preview's answer, allowed to be framed by our own page and no other."""
        path = "/" if request.path == FRAME_PATH else request.path
        body = await request.read()
        answer = await self._ask(request, preview, path, body)
        if answer.status == HTTPStatus.OK and path == "/api/action":
            renewed = _renewed(body, answer.body)
            answer = await self._ask(request, preview, path, renewed) if renewed else answer
        return web.Response(
            status=answer.status,
            body=self._dressed(path, answer.body),
            headers=_returned_headers(answer.headers, path),
        )

    async def _ask(self, request: web.Request, preview: Preview, path: str, body: bytes) -> _Answer:
        upstream = URL(preview.url).origin()
        headers = {name: request.headers[name] for name in _FORWARDED if name in request.headers}
        async with self._session.request(
            request.method,
            upstream.with_path(path).with_query(request.query),
            headers={**headers, "Origin": str(upstream)},
            data=body,
            allow_redirects=False,
        ) as answer:
            return _Answer(answer.status, answer.headers, await answer.read())

    def _dressed(self, path: str, body: bytes) -> bytes:
        return body + self._own_style if path == "/preview.css" else body


def _renewed(action: bytes, receipt: bytes) -> bytes | None:
    """Return the action bound to the newest publication when it was refused for being bound to an older one.

    Preview refuses a press on a view half a second old; Discord takes it, and so do we. A refused
    action was not performed, so asking again cannot perform it twice.
    """
    refusal = json.loads(receipt)
    codes = {diagnostic.get("code") for diagnostic in refusal.get("diagnostics", ())}
    if not refusal.get("rejected") or "stale-revision" not in codes:
        return None
    # A form with a file comes in parts; what the action is bound to stands in the first of them.
    return _BOUND_TO.sub(rb"\g<1>%d" % refusal["revision"], action, count=1)


def _returned_headers(headers: Mapping[str, str], path: str) -> dict[str, str]:
    kept = {name: value for name, value in headers.items() if name.lower() not in _NOT_RETURNED}
    kept["X-Frame-Options"] = "SAMEORIGIN"
    policy = kept.get("Content-Security-Policy", "frame-ancestors 'none'")
    kept["Content-Security-Policy"] = policy.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
    if path.startswith("/fonts/"):
        # Several megabytes that never change, asked again at each switch of person.
        kept["Cache-Control"] = "max-age=86400, immutable"
        kept.pop("Pragma", None)
    return kept
