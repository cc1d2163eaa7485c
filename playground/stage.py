"""Serve one page through which a visitor becomes any member of a simulated Discord."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext, suppress
from dataclasses import asdict, dataclass
from importlib import resources
from types import TracebackType
from typing import Final, Self

from aiohttp import ClientError, ClientSession, TCPConnector, web
from simcord import BackendError, Env, GuildHandle, MemberActor, Preview, SetupError, UserHandle

from playground.relay import BODY_LIMIT, FRAME_PATH, Relay
from playground.world import DIRECT, Person, World

__all__ = ["Person", "Stage"]

BUSY: Final = "The bot is still busy with the last thing. Try again in a moment."
NOTHING_OPEN: Final = "Nothing is open here. Choose a person and a place on the page."
PATIENCE: Final = 8.0
"""Seconds a visitor's click waits for its turn."""

_PAGE: Final = {"/": "index.html", "/stage/page.css": "page.css", "/stage/page.js": "page.js"}
_TYPES: Final = {"html": "text/html", "css": "text/css", "js": "text/javascript"}
_PAGE_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class _Showing:
    person: Person
    key: str
    preview: Preview
    number: int

    @property
    def frame(self) -> str:
        """Return the address for the frame; the number makes the browser load each opening afresh."""
        capability = self.preview.url.partition("#")[2]
        return f"{FRAME_PATH}?opening={self.number}#{capability}"


class Stage:
    """Show one surface as one person at a time, in simcord's own Preview, on a loopback address.

    Everything that touches the simulation takes its turn behind one lock, since simcord refuses operations
    that overlap. The simulated clock follows real time while the page is open in a browser. People keep
    the caller's order; port 0 takes any free one.
    """

    def __init__(
        self, env: Env, guild: GuildHandle, people: Sequence[Person], steps: Sequence[str], port: int = 0
    ) -> None:
        self._env = env
        self._world = World(env, guild, people)
        self._steps = list(steps)
        self._requested_port = port
        self._port = 0
        self._turn = asyncio.Lock()
        self._showing: _Showing | None = None
        self._places: dict[int, str] = {}
        self._openings = 0
        self._published = 0
        self._clocks = self._read_clocks()
        self._stack = AsyncExitStack()

    @property
    def url(self) -> str:
        """Return the one address to open in a browser."""
        return f"http://127.0.0.1:{self._port}/"

    async def __aenter__(self) -> Self:
        """Start to serve; nothing is shown until a person and a place are chosen."""
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self._close_preview)
            connector = TCPConnector(force_close=True)
            session = await stack.enter_async_context(ClientSession(connector=connector))
            runner = web.AppRunner(self._application(Relay(session)), access_log=None, shutdown_timeout=2.0)
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            await web.TCPSite(runner, "127.0.0.1", self._requested_port).start()
            self._port = int(runner.addresses[0][1])
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop serving and close the Preview that was open."""
        await self._stack.aclose()

    def _application(self, relay: Relay) -> web.Application:
        async def preview(request: web.Request) -> web.StreamResponse:
            return await self._relayed(request, relay)

        application = web.Application(middlewares=[self._loopback_only], client_max_size=BODY_LIMIT)
        for path in _PAGE:
            application.router.add_get(path, _page)
        application.router.add_get("/stage/world", self._tell_world)
        application.router.add_post("/stage/open", self._open)
        application.router.add_route("*", "/{path:.*}", preview)
        return application

    @web.middleware
    async def _loopback_only(self, request: web.Request, handler: _Handler) -> web.StreamResponse:
        """Refuse other names for this address and requests made by other sites' pages."""
        hosts = {f"127.0.0.1:{self._port}", f"localhost:{self._port}"}
        origins = {f"http://{host}" for host in hosts}
        is_read = request.method in {"GET", "HEAD"}
        origin = request.headers.get("Origin")
        if request.headers.get("Host") not in hosts or not (origin in origins or (is_read and origin is None)):
            raise web.HTTPForbidden(text="Only the playground's own page may ask this.")
        return await handler(request)

    async def _tell_world(self, _request: web.Request) -> web.Response:
        if not self._turn.locked():
            with suppress(SetupError, BackendError, TimeoutError):
                async with self._turn:
                    await self._keep_up()
        return web.json_response(self._described(), headers={"Cache-Control": "no-store"})

    async def _open(self, request: web.Request) -> web.Response:
        person, key = await self._wanted(request)
        try:
            async with self._turn_taken():
                await self._follow_clock()
                await self._show(person, key)
        except LookupError:
            return _problem(404, "This person cannot see that place any more. Choose another one.")
        except (SetupError, BackendError, TimeoutError):
            return _problem(409, BUSY)
        return web.json_response(self._described())

    async def _wanted(self, request: web.Request) -> tuple[Person, str]:
        try:
            body = await request.json()
            person = self._world.people[body["person"]]
            return person, str(body.get("surface") or self._entrance(person))
        except (json.JSONDecodeError, LookupError, TypeError, AttributeError) as error:
            raise web.HTTPBadRequest(text="Choose one of the people and places on the page.") from error

    def _entrance(self, person: Person) -> str:
        """Choose where to take a person: what is new for them, else where they were, else the first channel."""
        surfaces = self._world.surfaces(person)
        left = self._places.get(person.actor.id)
        new = [surface.key for surface in surfaces if surface.unread]
        known = [surface.key for surface in surfaces if surface.key == left]
        channels = [surface.key for surface in surfaces if surface.kind == "channel"]
        return [*new, *known, *channels, DIRECT][0]

    async def _relayed(self, request: web.Request, relay: Relay) -> web.StreamResponse:
        showing = self._showing
        if showing is None:
            raise web.HTTPGone(text=NOTHING_OPEN)
        try:
            async with self._turn if request.method == "POST" else nullcontext():
                return await relay.pass_on(request, showing.preview)
        except (SetupError, ClientError) as error:
            raise web.HTTPGone(text=NOTHING_OPEN) from error

    @asynccontextmanager
    async def _turn_taken(self) -> AsyncIterator[None]:
        async with asyncio.timeout(PATIENCE):
            await self._turn.acquire()
        try:
            yield
        finally:
            self._turn.release()

    async def _show(self, person: Person, key: str) -> None:
        channel = self._world.channel(person, key)
        self._mark_read()
        await self._close_preview()
        viewer: MemberActor | UserHandle = person.actor.user if key == DIRECT else person.actor
        preview = self._env.preview(
            channel, viewers=[viewer], layout="channel", locale=person.locale, timezone=person.timezone
        )
        await preview.__aenter__()
        self._places[person.actor.id] = key
        self._openings += 1
        self._showing = _Showing(person, key, preview, self._openings)
        self._published = self._world.mark

    def _mark_read(self) -> None:
        showing = self._showing
        if showing is not None:
            with suppress(LookupError):
                self._world.read(showing.person, showing.key)

    async def _close_preview(self) -> None:
        showing, self._showing = self._showing, None
        if showing is not None:
            await showing.preview.close()

    async def _keep_up(self) -> None:
        """Follow the clock, and publish again what changed since the visitor last acted."""
        await self._follow_clock()
        mark = self._world.mark
        if self._showing is not None and mark != self._published:
            await self._showing.preview.refresh()
            self._published = mark

    async def _follow_clock(self) -> None:
        # The bot's own timers move the simulated clock too: only what is missing is added.
        real, simulated = self._read_clocks()
        behind = (real - self._clocks[0]) - (simulated - self._clocks[1])
        if behind > 0:
            await self._env.advance_time(behind)
        self._clocks = (real, self._env.now().timestamp())

    def _read_clocks(self) -> tuple[float, float]:
        return time.perf_counter(), self._env.now().timestamp()

    def _described(self) -> dict[str, object]:
        self._mark_read()
        showing = self._showing
        return {
            "steps": self._steps,
            "showing": None if showing is None else self._described_showing(showing),
            "people": [
                {
                    "key": key,
                    "label": person.label,
                    "hint": person.hint,
                    "unread": sum(surface.unread for surface in self._world.surfaces(person)),
                }
                for key, person in self._world.people.items()
            ],
        }

    def _described_showing(self, showing: _Showing) -> dict[str, object]:
        return {
            "person": str(showing.person.actor.id),
            "time": self._world.local_time(showing.person),
            "surface": showing.key,
            "surfaces": [asdict(surface) for surface in self._world.surfaces(showing.person)],
            "frame": showing.frame,
        }


def _problem(status: int, sentence: str) -> web.Response:
    return web.json_response({"problem": sentence}, status=status)


async def _page(request: web.Request) -> web.Response:
    name = _PAGE[request.path]
    body = (resources.files(__package__) / "page" / name).read_text(encoding="utf-8")
    return web.Response(text=body, content_type=_TYPES[name.rpartition(".")[2]], headers=_PAGE_HEADERS)
